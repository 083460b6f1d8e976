import { formatMinorWithCode } from '../../../lib/domain/money.ts';
import type { OrderPapers, PaperLine, PaperRefund } from './order-papers.ts';
import { type Column, drawSums, drawTable, makePdf, showable } from './pdf.ts';

/** Who sells: the letterhead of invoices. */
export interface Seller {
  name: string;
  /** Lines of the address. */
  address: readonly string[];
  taxId: string;
}

/** 16 digits of the order's id: enough that no two orders of a shop share them. */
const shortOf = (orderId: string): string => orderId.replaceAll('-', '').slice(0, 16).toUpperCase();

/**
 * Numbers are made from the order's, so that whoever makes a document again gives it the same one. They are unique but
 * not a series: that there is none between two of them proves nothing.
 */
export const invoiceNumber = (orderId: string, no: number): string => `INV-${shortOf(orderId)}-${no}`;
export const creditNoteNumber = (orderId: string, no: number): string => `CN-${shortOf(orderId)}-${no}`;

const COLUMNS: Column[] = [
  { title: 'Article', width: 205, align: 'left' },
  { title: 'Quantity', width: 50, align: 'right' },
  { title: 'Price', width: 80, align: 'right' },
  { title: 'Discount', width: 75, align: 'right' },
  { title: 'Amount', width: 91, align: 'right' },
];

const day = (date: Date): string => date.toISOString().slice(0, 10);
const words = (code: string): string => code.replaceAll('_', ' ');

const toCells = (line: PaperLine, money: (minor: number) => string): string[] => [
  `${line.name}\n${line.sku}`,
  String(line.quantity),
  money(line.unitMinor),
  money(line.discountMinor),
  money(line.unitMinor * line.quantity - line.discountMinor),
];

/** "card, visa ****1111": never more of a card than its last digits. */
function describePayment({ method, brand, last4 }: OrderPapers): string {
  const card = [brand, last4 && `****${last4}`].filter(Boolean).join(' ');
  return card ? `${words(method)}, ${card}` : words(method);
}

function drawHead(
  document: PDFKit.PDFDocument,
  seller: Seller,
  title: string,
  facts: readonly (readonly [string, string])[],
): void {
  document.font('Helvetica-Bold').fontSize(12).text(showable(seller.name));
  document.font('Helvetica').fontSize(9);
  for (const line of [...seller.address, ...(seller.taxId ? [`Tax number ${seller.taxId}`] : [])]) {
    document.text(showable(line));
  }
  document.moveDown(2).font('Helvetica-Bold').fontSize(16).text(showable(title)).moveDown(0.5);
  document.font('Helvetica').fontSize(9);
  for (const [name, value] of facts) document.text(showable(`${name}: ${value}`));
  document.moveDown(1.5);
}

/** The invoice of a confirmed order as PDF, A4. */
export function makeInvoice(papers: OrderPapers, seller: Seller, no: number, at: Date): Promise<Buffer> {
  const { currency, orderId, shipTo } = papers;
  const money = (minor: number) => formatMinorWithCode(minor, currency);
  const title = `Invoice ${invoiceNumber(orderId, no)}`;
  return makePdf(title, at, (document) => {
    drawHead(document, seller, title, [
      ['Date', day(at)],
      ['Order', orderId],
      ['Ordered', day(papers.placedAt)],
      ['Customer', papers.customerRef],
      ['Delivered to', [shipTo.city, shipTo.country].filter(Boolean).join(', ')],
      ['Paid by', describePayment(papers)],
    ]);
    drawTable(
      document,
      COLUMNS,
      papers.lines.map((line) => toCells(line, money)),
    );
    // An order's own discounts are of its lines, and of the shipping where a coupon pays that.
    drawSums(document, [
      ['Subtotal', money(papers.subtotalMinor)],
      ['Discount', money(-papers.discountMinor)],
      ['Shipping', money(papers.shippingMinor)],
      ['Tax', money(papers.taxMinor)],
      ['Total', money(papers.totalMinor)],
    ]);
  });
}

/** What says that money of an invoice went back, as PDF, A4. */
export function makeCreditNote(
  papers: OrderPapers,
  refund: PaperRefund,
  seller: Seller,
  no: number,
  at: Date,
): Promise<Buffer> {
  const { orderId } = papers;
  const title = `Credit note ${creditNoteNumber(orderId, no)}`;
  return makePdf(title, at, (document) => {
    drawHead(document, seller, title, [
      ['Date', day(at)],
      ['For invoice', invoiceNumber(orderId, 1)],
      ['Order', orderId],
      ['Customer', papers.customerRef],
      ['Reason', words(refund.reason)],
      ['Refunded to', describePayment(papers)],
    ]);
    drawSums(document, [['Refunded', formatMinorWithCode(refund.amountMinor, papers.currency)]]);
  });
}
