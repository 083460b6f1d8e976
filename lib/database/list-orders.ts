import { uuidFromBytes } from '../domain/ids.ts';
import { isFinal, type OrderStatus } from '../domain/order-machine.ts';
import type { Connection, RowDataPacket } from './connect.ts';

/** One line of a list of orders. Times are UTC. */
export interface OrderSummary {
  order_id: string;
  customer: string;
  status: OrderStatus;
  reporting_status: string;
  reason_code: string | null;
  version: number;
  placed_at: Date;
  status_since: Date;
  total_minor: number;
  currency: string;
  fraud_score: number | null;
}

const COLUMNS = `order_id, customer_ref AS customer, status, reporting_status, reason_code, version, placed_at,
  status_since, total_minor, currency, fraud_score`;

/** An open order is always due at some time, a final one never: this index has the open ones only. Seeded history is due never. */
const OPEN = 'FORCE INDEX (ix_orders_due) WHERE due_at IS NOT NULL AND status = ?';

function chosen(status: OrderStatus | undefined): string {
  if (!status) return '';
  return isFinal(status) ? 'WHERE status = ?' : OPEN;
}

/** The newest orders, or the newest of one status. */
export async function listOrders(
  connection: Connection,
  { status, limit }: { status?: OrderStatus | undefined; limit: number },
): Promise<OrderSummary[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT ${COLUMNS} FROM orders ${chosen(status)} ORDER BY order_seq DESC LIMIT ?`,
    status ? [status, limit] : [limit],
  );
  return rows.map(toSummary);
}

const toSummary = (row: RowDataPacket): OrderSummary =>
  ({
    ...row,
    order_id: uuidFromBytes(row.order_id),
    fraud_score: row.fraud_score === null ? null : Number(row.fraud_score),
  }) as OrderSummary;
