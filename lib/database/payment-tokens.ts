import type { PaymentChoice } from '../domain/fields.ts';
import type { Connection, RowDataPacket } from './connect.ts';

const NEWEST = `SELECT method, token, brand, last4 FROM payment_tokens
  WHERE customer_ref = ? ORDER BY created_at DESC, token LIMIT 1`;

/** How a customer pays with one click: by the token kept last; undefined when none is kept. */
export async function readNewestToken(connection: Connection, customer: string): Promise<PaymentChoice | undefined> {
  const [rows] = await connection.query<RowDataPacket[]>(NEWEST, [customer]);
  const row = rows[0];
  if (!row) return undefined;
  const { method, token, brand, last4 } = row;
  return { method, token, ...(brand !== null && { brand }), ...(last4 !== null && { last4 }), one_click: true };
}
