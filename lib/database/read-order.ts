import { uuidToBytes } from '../domain/ids.ts';
import type { Connection, RowDataPacket } from './connect.ts';

/** One line of a stored order; discount and tax are of the whole line. */
export interface StoredItem {
  line: number;
  sku: string;
  name: string;
  quantity: number;
  unit_minor: number;
  discount_minor: number;
  tax_minor: number;
}

/** One step of a stored order. `at` is UTC. */
export interface StoredStep {
  version: number;
  trigger: string;
  from: string | null;
  to: string;
  reason: string | null;
  at: Date;
}

export interface StoredOrder {
  status: string;
  reporting_status: string;
  reason_code: string | null;
  version: number;
  channel: string;
  currency: string;
  subtotal_minor: number;
  discount_minor: number;
  tax_minor: number;
  shipping_minor: number;
  total_minor: number;
  coupon_code: string | null;
  note: string | null;
  ship_country: string;
  ship_city: string;
  placed_at: Date;
  items: StoredItem[];
  history: StoredStep[];
}

const ORDER = `SELECT o.order_seq, status, reporting_status, reason_code, version, channel, currency, subtotal_minor,
    discount_minor, tax_minor, shipping_minor, total_minor, coupon_code, n.note, ship_country, ship_city, placed_at
  FROM orders o LEFT JOIN order_notes n ON n.order_seq = o.order_seq WHERE order_id = ?`;

const ITEMS = `SELECT i.line_no AS line, p.sku, p.name, i.quantity, i.unit_minor, i.discount_minor, i.tax_minor
  FROM order_items i JOIN products p ON p.product_id = i.product_id WHERE i.order_seq = ? ORDER BY i.line_no`;

/** Only the steps that the order row has seen: the next one may be committed between the two reads. */
const HISTORY = `SELECT version, trigger_name AS \`trigger\`, from_status AS \`from\`, to_status AS \`to\`,
    reason_code AS reason, at
  FROM order_history WHERE order_seq = ? AND version <= ? ORDER BY version`;

/** An order with its lines and its history, or undefined when it is not stored (yet). */
export async function readOrder(connection: Connection, orderId: string): Promise<StoredOrder | undefined> {
  const [orders] = await connection.query<RowDataPacket[]>(ORDER, [uuidToBytes(orderId)]);
  const row = orders[0];
  if (!row) return undefined;
  const { order_seq, ...order } = row;
  const [items] = await connection.query<RowDataPacket[]>(ITEMS, [order_seq]);
  const [history] = await connection.query<RowDataPacket[]>(HISTORY, [order_seq, order.version]);
  return { ...order, items, history } as StoredOrder;
}
