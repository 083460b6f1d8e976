import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';

/** Discount and tax are of the whole line; amounts are minor units of the order's currency. */
export interface PaperLine {
  sku: string;
  name: string;
  quantity: number;
  unitMinor: number;
  discountMinor: number;
  taxMinor: number;
}

/** What an invoice says of an order. None of it changes once the order is confirmed. */
export interface OrderPapers {
  orderId: string;
  customerRef: string;
  placedAt: Date;
  currency: string;
  shipTo: { city: string; country: string };
  subtotalMinor: number;
  discountMinor: number;
  taxMinor: number;
  shippingMinor: number;
  totalMinor: number;
  /** How it is paid; brand and last digits where the method has them. */
  method: string;
  brand: string | null;
  last4: string | null;
  lines: PaperLine[];
}

const ORDER = `SELECT o.order_id, o.customer_ref, o.placed_at, o.currency, o.ship_city, o.ship_country,
    o.subtotal_minor, o.discount_minor, o.tax_minor, o.shipping_minor, o.total_minor,
    COALESCE(c.method, o.payment_method) AS method, c.brand, c.last4
  FROM orders o LEFT JOIN payment_choices c ON c.order_seq = o.order_seq WHERE o.order_seq = ?`;

const LINES = `SELECT p.sku, p.name, i.quantity, i.unit_minor, i.discount_minor, i.tax_minor
  FROM order_items i JOIN products p ON p.product_id = i.product_id
  WHERE i.order_seq = ? AND i.quantity > 0 ORDER BY i.line_no`;

const toLine = (row: RowDataPacket): PaperLine => ({
  sku: row.sku,
  name: row.name,
  quantity: row.quantity,
  unitMinor: row.unit_minor,
  discountMinor: row.discount_minor,
  taxMinor: row.tax_minor,
});

/** @throws {Error} when there is no such order */
export async function readPapers(pool: Pool, seq: number): Promise<OrderPapers> {
  const [[row]] = await pool.query<RowDataPacket[]>(ORDER, [seq]);
  if (!row) throw new Error(`there is no order ${seq}`);
  const [lines] = await pool.query<RowDataPacket[]>(LINES, [seq]);
  return {
    orderId: uuidFromBytes(row.order_id),
    customerRef: row.customer_ref,
    placedAt: row.placed_at,
    currency: row.currency,
    shipTo: { city: row.ship_city, country: row.ship_country },
    subtotalMinor: row.subtotal_minor,
    discountMinor: row.discount_minor,
    taxMinor: row.tax_minor,
    shippingMinor: row.shipping_minor,
    totalMinor: row.total_minor,
    method: row.method,
    brand: row.brand,
    last4: row.last4,
    lines: lines.map(toLine),
  };
}

export interface PaperRefund {
  amountMinor: number;
  reason: string;
}

/** @throws {Error} when there is no such refund */
export async function readRefund(pool: Pool, seq: number, no: number): Promise<PaperRefund> {
  const [[row]] = await pool.query<RowDataPacket[]>(
    'SELECT amount_minor, reason FROM refunds WHERE order_seq = ? AND refund_no = ?',
    [seq, no],
  );
  if (!row) throw new Error(`there is no refund ${no}`);
  return { amountMinor: row.amount_minor, reason: row.reason };
}

/** Where a parcel's label is; undefined while the carrier has not said. */
export async function findLabel(pool: Pool, seq: number, parcelNo: number): Promise<string | undefined> {
  const [[row]] = await pool.query<RowDataPacket[]>(
    'SELECT label_url FROM shipments WHERE order_seq = ? AND parcel_no = ?',
    [seq, parcelNo],
  );
  return row?.label_url ?? undefined;
}

const RETURN_LABELS = `SELECT op.request, op.answer, r.return_id FROM external_ops op
  JOIN returns r ON r.order_seq = op.order_seq AND r.return_no = ?
  WHERE op.order_seq = ? AND op.kind = 'return_label' AND op.answer IS NOT NULL`;

/** Where a return's label is; undefined while the carrier has not said. */
export async function findReturnLabel(pool: Pool, seq: number, returnNo: number): Promise<string | undefined> {
  const [rows] = await pool.query<RowDataPacket[]>(RETURN_LABELS, [returnNo, seq]);
  return rows.find((row) => JSON.parse(row.request).return_id === uuidFromBytes(row.return_id))?.answer;
}
