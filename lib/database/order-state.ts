import { uuidToBytes } from '../domain/ids.ts';
import type { OrderState } from '../process/order-state.ts';
import type { Connection, RowDataPacket } from './connect.ts';
import { CHILDREN, toOrderState } from './order-state-rows.ts';
import * as sql from './sql-text.ts';

/** A pool, or one of its connections. */
type Queryable = Pick<Connection, 'query'>;

const ORDERS = `SELECT order_seq, order_id, customer_ref, status, reason_code, close_as, version, status_since, due_at,
    placed_at, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, payment_method,
    stock_policy, shipping_method, ship_country, ship_city, ship_postcode_prefix, synthetic, simulation
  FROM orders`;

/**
 * The statements that read whole orders by their numbers, for a packet of one's own; {@link toOrderStates} takes their
 * results in the same order.
 */
export function selectOrderStates(seqs: readonly number[]): string[] {
  const list = seqs.map(sql.integer).join(',');
  return [`${ORDERS} WHERE order_seq IN (${list})`, ...CHILDREN.map((child) => child.select(list))];
}

/** @returns the orders by their ids */
export function toOrderStates(results: readonly (readonly RowDataPacket[])[]): Map<string, OrderState> {
  const [orders = [], ...children] = results;
  const bySeq = new Map<number, OrderState>();
  for (const row of orders) bySeq.set(row.order_seq, toOrderState(row));
  for (const [index, child] of CHILDREN.entries()) {
    for (const row of children[index] ?? []) child.add(bySeq.get(row.order_seq)!, row);
  }
  return new Map([...bySeq.values()].map((order) => [order.orderId, order]));
}

/**
 * Whole orders by their ids; what is not stored (yet) is missing. Read within a transaction when the parts have to be
 * of one moment.
 */
export async function readOrderStates(
  connection: Queryable,
  orderIds: readonly string[],
): Promise<Map<string, OrderState>> {
  if (orderIds.length === 0) return new Map();
  const [found] = await connection.query<RowDataPacket[]>('SELECT order_seq FROM orders WHERE order_id IN (?)', [
    orderIds.map(uuidToBytes),
  ]);
  if (found.length === 0) return new Map();
  const results: RowDataPacket[][] = [];
  for (const statement of selectOrderStates(found.map((row) => row.order_seq))) {
    results.push((await connection.query<RowDataPacket[]>(statement))[0]);
  }
  return toOrderStates(results);
}

/** A whole order, or undefined when it is not stored (yet). */
export async function readOrderState(connection: Queryable, orderId: string): Promise<OrderState | undefined> {
  return (await readOrderStates(connection, [orderId])).get(orderId);
}
