import type { Pool, RowDataPacket } from '../../lib/database/connect.ts';
import { statusEventId, uuidToBytes } from '../../lib/domain/ids.ts';
import type { OrderStatus } from '../../lib/domain/order-machine.ts';
import { noticeOf } from '../../lib/process/notices.ts';
import { type StoredOrder, WAREHOUSE } from './stored-orders.ts';

/** A step of an order: trigger, the status it leads to, its reason. */
export type Walk = readonly (readonly [trigger: string, to: OrderStatus, reason?: string])[];

export const TO_DELIVERED: Walk = [
  ['payment.authorized', 'confirmed'],
  ['shipment.label_created', 'fulfilling'],
  ['shipment.picked_up', 'shipped'],
  ['shipment.delivered', 'delivered'],
];
export const TO_CANCELLED: Walk = [
  ['payment.authorized', 'confirmed'],
  ['order.cancel_requested', 'closing', 'customer'],
  ['settled', 'cancelled', 'customer'],
];

/** The message of a step, if there is one. */
export async function notify(pool: Pool, seq: number, version: number, template: string | undefined): Promise<void> {
  if (!template) return;
  const row = { order_seq: seq, message_key: `status-${version}`, template, created_at: new Date() };
  await pool.query('INSERT INTO notifications SET ?', [row]);
}

/** Takes a stored order further, as the consumer would note it, with a minute between steps up to now; it was placed a minute before the first. */
export async function walk(pool: Pool, { seq, orderId }: StoredOrder, steps: Walk): Promise<void> {
  const [rows] = await pool.query<RowDataPacket[]>('SELECT status, version FROM orders WHERE order_seq = ?', [seq]);
  let { status, version } = rows[0]!;
  const now = Date.now();
  const begin = new Date(now - (steps.length + 1) * 60_000);
  await pool.query('UPDATE orders SET placed_at = ? WHERE order_seq = ?', [begin, seq]);
  await pool.query('UPDATE order_history SET at = ? WHERE order_seq = ?', [begin, seq]);
  for (const [index, [trigger, to, reason = null]] of steps.entries()) {
    version += 1;
    const at = new Date(now - (steps.length - index) * 60_000);
    const event = uuidToBytes(statusEventId(orderId, version));
    await pool.query('INSERT INTO order_history VALUES ?', [[[seq, version, trigger, status, to, reason, event, at]]]);
    await notify(pool, seq, version, noticeOf(status, to, reason));
    status = to;
  }
  const reason = steps.at(-1)![2] ?? null;
  const isOver = ['rejected', 'cancelled', 'returned', 'completed'].includes(status);
  await pool.query(
    'UPDATE orders SET status = ?, version = ?, reason_code = ?, due_at = ?, status_since = ? WHERE order_seq = ?',
    [status, version, reason, isOver ? null : new Date(now + 3_600_000), new Date(now - 60_000), seq],
  );
}

/** One attempt that was authorised, captured and, in part, refunded, with what the ledger says of it. */
export async function pay(
  pool: Pool,
  { seq, orderId, totalMinor }: StoredOrder,
  { captured = totalMinor, refunded = 0, reason = 'closing' } = {},
): Promise<void> {
  const at = new Date(Date.now() - 240_000);
  const [status, authorized] = captured === 0 ? ['voided', totalMinor] : ['captured', totalMinor];
  const now = refunded === 0 ? status : refunded === captured ? 'refunded' : 'partially_refunded';
  await pool.query('INSERT INTO payments SET ?', [
    {
      order_seq: seq,
      attempt: 1,
      method: 'card',
      status: now,
      amount_minor: totalMinor,
      authorized_minor: authorized,
      captured_minor: captured,
      refund_wanted_minor: refunded,
      refunded_minor: refunded,
      provider_ref: 'pay_1',
      created_at: at,
    },
  ]);
  const book = (txn: string, debit: string, credit: string, amount: number) =>
    pool.query('INSERT INTO ledger_entries VALUES ?', [
      [
        [seq, txn, debit, amount, 0, at],
        [seq, txn, credit, 0, amount, at],
      ],
    ]);
  if (captured > 0) await book(`${orderId}:capture:1`, 'provider', 'sales', captured);
  if (refunded === 0) return;
  await book(`${orderId}:refund:1`, 'refunds', 'provider', refunded);
  await pool.query('INSERT INTO refunds SET ?', [
    { order_seq: seq, refund_no: 1, attempt: 1, amount_minor: refunded, reason, status: 'refunded', created_at: at },
  ]);
}

/** Lets go of what a stored order holds. */
export async function release(pool: Pool, { seq }: StoredOrder): Promise<void> {
  await pool.query(
    `UPDATE stock s JOIN reservations r USING (product_id, warehouse)
        SET s.reserved = s.reserved - r.quantity, r.state = 'released' WHERE r.order_seq = ? AND r.state = 'held'`,
    [seq],
  );
}

/** Hands what a stored order holds to a carrier, in one parcel that was delivered. */
export async function ship(pool: Pool, { seq }: StoredOrder): Promise<void> {
  const shipped = new Date(Date.now() - 180_000);
  await pool.query(
    `INSERT INTO stock_moves (product_id, warehouse, quantity, reason, moved_at)
     SELECT product_id, warehouse, -CAST(quantity AS SIGNED), 'sold', ? FROM reservations WHERE order_seq = ?`,
    [shipped, seq],
  );
  await pool.query(
    `UPDATE stock s JOIN reservations r USING (product_id, warehouse)
        SET s.reserved = s.reserved - r.quantity, s.on_hand = s.on_hand - r.quantity, r.state = 'committed'
      WHERE r.order_seq = ? AND r.state = 'held'`,
    [seq],
  );
  await pool.query('UPDATE order_items SET shipped_quantity = quantity WHERE order_seq = ?', [seq]);
  await pool.query('INSERT INTO shipments SET ?', [
    {
      order_seq: seq,
      parcel_no: 1,
      carrier: 'swiftpost',
      tracking_no: `SP${seq}`,
      status: 'delivered',
      cost_minor: 450,
      promised_at: new Date(Date.now() + 86_400_000),
      shipped_at: shipped,
      delivered_at: new Date(Date.now() - 120_000),
      warehouse: WAREHOUSE,
    },
  ]);
  await pool.query(
    'INSERT INTO shipment_items SELECT order_seq, 1, line_no, quantity FROM order_items WHERE order_seq = ?',
    [seq],
  );
}

/** Paid, shipped, delivered, and the time to return it is over. */
export async function complete(pool: Pool, order: StoredOrder): Promise<void> {
  await walk(pool, order, [...TO_DELIVERED, ['return_window.closed', 'completed']]);
  await pay(pool, order);
  await ship(pool, order);
}

/** Paid, then cancelled by the customer, who got everything back. */
export async function cancel(pool: Pool, order: StoredOrder): Promise<void> {
  await walk(pool, order, TO_CANCELLED);
  await pay(pool, order, { refunded: order.totalMinor });
  await release(pool, order);
}
