import { uuidFromBytes } from '../domain/ids.ts';
import type { Connection, RowDataPacket } from './connect.ts';

/** A dead letter without its body. Times are UTC. */
export interface LetterSummary {
  id: number;
  reason: string;
  detail: string;
  event_type: string | null;
  order_id: string | null;
  partition: number;
  sequence_number: number;
  failed_at: Date;
  bytes: number;
  /** Events of the order that wait behind it. */
  waiting: number;
}

const OPEN = `SELECT d.dead_letter_id AS id, d.reason, d.detail, d.event_type, d.order_id, d.partition_id AS \`partition\`,
    d.sequence_number, d.failed_at, LENGTH(d.body) AS bytes,
    (SELECT COUNT(*) FROM parked_events p WHERE p.order_id = d.order_id AND p.reason = 'blocked') AS waiting
  FROM dead_letters d WHERE d.state = 'open'`;

/**
 * Open dead letters, newest first.
 * @param after number of the last one that was seen
 */
export async function listOpenLetters(
  connection: Connection,
  { limit, after }: { limit: number; after?: number | undefined },
): Promise<LetterSummary[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `${OPEN} ${after === undefined ? '' : 'AND d.dead_letter_id < ?'} ORDER BY d.dead_letter_id DESC LIMIT ?`,
    after === undefined ? [limit] : [after, limit],
  );
  return rows.map(
    ({ order_id, sequence_number, ...row }) =>
      ({
        ...row,
        order_id: order_id && uuidFromBytes(order_id),
        sequence_number: Number(sequence_number),
      }) as LetterSummary,
  );
}
