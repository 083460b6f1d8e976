import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { orderIdFor, uuidFromBytes } from '../../../lib/domain/ids.ts';
import { OmsError } from '../../errors.ts';

/** Which order is meant. */
export interface OrderName {
  /** Its id, the beginning of it with or without dashes, or, with a customer, the idempotency key it was placed under. */
  text: string;
  customer: string | undefined;
}

/** Fewer digits than this name too many orders. */
const SHORTEST_PREFIX = 4;
const MOST_NAMED = 5;

const idBytes = (prefix: string, filler: string) => Buffer.from(prefix.padEnd(32, filler), 'hex');

async function findByPrefix(pool: Pool, prefix: string): Promise<string[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT order_id FROM orders WHERE order_id BETWEEN ? AND ? ORDER BY order_id LIMIT ${MOST_NAMED + 1}`,
    [idBytes(prefix, '0'), idBytes(prefix, 'f')],
  );
  return rows.map((row) => uuidFromBytes(row.order_id));
}

const unknown = (text: string) =>
  new OmsError('not_found', `there is no order ${text}`, {
    why: 'an order is stored within a second of its being accepted; one that could not be used is a dead letter',
    next: ['oms order list', 'oms dlq list'],
  });

/**
 * The id of the order that is meant.
 * @throws {OmsError} not_found when there is none, usage when the text is no name or names several
 */
export async function findOrder(pool: Pool, { text, customer }: OrderName): Promise<string> {
  if (customer !== undefined) {
    const id = orderIdFor(customer, text);
    if ((await findByPrefix(pool, id.replaceAll('-', ''))).length === 0) throw unknown(`of ${customer} under ${text}`);
    return id;
  }
  const prefix = text.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{1,32}$/.test(prefix) || prefix.length < SHORTEST_PREFIX) {
    throw new OmsError('usage', `"${text}" is no order id and no beginning of one`, {
      why: `an id is 32 hexadecimal digits, of which the first ${SHORTEST_PREFIX} or more will do`,
      next: ['oms order list', `oms order show ${text} --customer CUSTOMER`],
    });
  }
  const [first, ...others] = await findByPrefix(pool, prefix);
  if (!first) throw unknown(text);
  if (others.length === 0) return first;
  const named = [first, ...others].slice(0, MOST_NAMED);
  throw new OmsError('usage', `${text} is the beginning of several orders`, {
    why: `${named.join(', ')}${others.length >= MOST_NAMED ? ' and more' : ''}`,
    next: [`oms order show ${first}`],
  });
}
