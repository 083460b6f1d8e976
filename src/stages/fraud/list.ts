import { openPool, type Pool, type RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import { reportingStatusOf } from '../../../lib/domain/reporting-status.ts';
import type { Context } from '../../context.ts';
import { databaseError, findDatabase } from '../runs/targets.ts';

export interface ListOptions {
  /** Orders shown at most. */
  limit: number;
  databaseUrl: string | undefined;
}

/** An order that waits for a person. */
export interface InReview {
  order_id: string;
  customer: string;
  total_minor: number;
  currency: string;
  country: string;
  placed_at: Date;
  /** After this moment it is cancelled. */
  due_at: Date | null;
  /** From 0 to 1; null when no assessment was recorded. */
  score: number | null;
  reasons: string[];
}

export interface ListResult {
  total: number;
  orders: InReview[];
}

/** The label comes first because it is indexed. */
const REVIEW = `FROM orders o WHERE o.reporting_status = '${reportingStatusOf('review', null)}' AND o.status = 'review'`;

const ORDERS = `SELECT o.order_id, o.customer_ref AS customer, o.total_minor, o.currency, o.ship_country AS country,
    o.placed_at, o.due_at, r.score, r.reasons
  ${REVIEW.replace(' WHERE', ' LEFT JOIN risk_assessments r ON r.order_seq = o.order_seq WHERE')}
  ORDER BY o.due_at, o.order_seq LIMIT ?`;

function inReview({ order_id, score, reasons, ...row }: RowDataPacket): InReview {
  return {
    ...(row as Omit<InReview, 'order_id' | 'score' | 'reasons'>),
    order_id: uuidFromBytes(order_id),
    score: score === null ? null : Number(score),
    reasons: reasons ? String(reasons).split(',') : [],
  };
}

async function readReview(pool: Pool, limit: number): Promise<ListResult> {
  const [rows] = await pool.query<RowDataPacket[]>(ORDERS, [limit]);
  const [counted] = await pool.query<RowDataPacket[]>(`SELECT COUNT(*) AS total ${REVIEW}`);
  return { total: Number(counted[0]!.total), orders: rows.map(inReview) };
}

/**
 * The orders that wait for a person, the most urgent first.
 * @throws {OmsError} when there is no database, or it does not answer
 */
export async function listReview(options: ListOptions, context: Context): Promise<ListResult> {
  const pool = openPool(await findDatabase(options, context), { connectionLimit: 1 });
  try {
    return await readReview(pool, options.limit);
  } catch (error) {
    throw databaseError(error);
  } finally {
    await pool.end().catch(() => {});
  }
}
