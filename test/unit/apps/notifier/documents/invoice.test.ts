import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { invoiceNumber, makeCreditNote, makeInvoice } from '../../../../../apps/notifier/documents/invoice.ts';
import type { OrderPapers, PaperLine } from '../../../../../apps/notifier/documents/order-papers.ts';
import { showable } from '../../../../../apps/notifier/documents/pdf.ts';
import { ORDER_ID } from '../../../../helpers/messages.ts';
import { pageCount, pdfText } from '../../../../helpers/pdf-text.ts';

const AT = new Date(Date.UTC(2026, 10, 15));
const seller = { name: 'Books & More', address: ['Main Street 1', '10115 Berlin'], taxId: 'DE 123' };

const line = (no: number, changes: Partial<PaperLine> = {}): PaperLine => ({
  ...{ sku: `P-${no}`, name: `Book ${no}`, quantity: 2, unitMinor: 1_000, discountMinor: 300, taxMinor: 0 },
  ...changes,
});

const papers = (changes: Partial<OrderPapers> = {}): OrderPapers => ({
  ...{ orderId: ORDER_ID, customerRef: 'c-1', placedAt: new Date(Date.UTC(2026, 10, 14)), currency: 'INR' },
  ...{ shipTo: { city: 'Köln', country: 'DE' }, subtotalMinor: 200_000, discountMinor: 300, taxMinor: 42 },
  ...{ shippingMinor: 499, totalMinor: 200_241, method: 'apple_pay', brand: 'visa', last4: '1111' },
  lines: [line(1)],
  ...changes,
});

suite('invoices', () => {
  test('say who sells what to whom, what it comes to and how it was paid', async () => {
    const text = pdfText(await makeInvoice(papers(), seller, 1, AT));
    const expected = [
      ...['Books & More', 'Main Street 1', '10115 Berlin', 'Tax number DE 123'],
      ...['Invoice INV-0A1B2C3D4E5F8A6B-1', 'Date: 2026-11-15', `Order: ${ORDER_ID}`, 'Ordered: 2026-11-14'],
      ...['Customer: c-1', 'Delivered to: Köln, DE', 'Paid by: apple pay, visa ****1111'],
      ...['Article', 'Quantity', 'Price', 'Discount', 'Amount'],
      ...['Book 1', 'P-1', '2', 'INR 10.00', 'INR 3.00', 'INR 17.00'],
      ...['Subtotal', 'INR 2,000.00', 'Discount', '-INR 3.00', 'Shipping', 'INR 4.99', 'Tax', 'INR 0.42'],
      ...['Total', 'INR 2,002.41'],
    ];
    assert.deepEqual(text.split('\n'), expected);
  });

  test('made again they are the same, byte for byte', async () => {
    const [first, second] = [await makeInvoice(papers(), seller, 1, AT), await makeInvoice(papers(), seller, 1, AT)];
    assert.ok(first.equals(second));
  });

  test('go on over pages, with heads on each and every line once', async () => {
    const lines = Array.from({ length: 100 }, (_, no) =>
      line(no, { name: `Book ${no} ${'with a long name '.repeat(8)}` }),
    );
    const pdf = await makeInvoice(papers({ lines }), seller, 1, AT);
    const text = pdfText(pdf);
    assert.ok(pageCount(pdf) > 3);
    // The sums may have a page of their own.
    assert.ok([pageCount(pdf), pageCount(pdf) - 1].includes(text.match(/^Article$/gm)?.length ?? 0));
    assert.equal(new Set(text.match(/^P-\d+$/gm)).size, 100);
  });

  test('show what their letters can show', () => {
    assert.equal(showable('Łódź für 5 € – naïve ﬁ 日本 😀 ő'), '?ódz für 5 € – naïve fi ?? ? o');
  });
});

suite('credit notes', () => {
  test('name the invoice they are for and what went back', async () => {
    const refund = { amountMinor: 1_050, reason: 'return' };
    const text = pdfText(await makeCreditNote(papers({ brand: null, last4: null }), refund, seller, 2, AT));
    assert.match(text, /^Credit note CN-0A1B2C3D4E5F8A6B-2$/m);
    assert.match(text, new RegExp(`^For invoice: ${invoiceNumber(ORDER_ID, 1)}$`, 'm'));
    assert.match(text, /^Refunded to: apple pay$/m);
    assert.match(text, /^Refunded\nINR 10\.50$/m);
  });
});
