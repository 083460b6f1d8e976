import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { EventSender, OutgoingEvent } from '../../../lib/streaming/batching-sender.ts';
import type { Publish } from './relay.ts';

/** Bodies may have a megabyte each. */
const LETTERS_AT_ONCE = 20;

/** What fits into one batch of the sender with room for the headers; the row keeps the whole body. */
const MAX_BODY_BYTES = 890_000;
const MAX_HEADER = 500;

const PENDING_LETTERS = `
  SELECT dead_letter_id, hub, partition_id, sequence_number, reason, detail, event_id, event_type, order_id, body
  FROM dead_letters WHERE published_at IS NULL AND partition_id IN (?) ORDER BY dead_letter_id LIMIT ?`;

/** The body as it came; why it is here and where it came from are headers. */
function toLetter(row: RowDataPacket): OutgoingEvent {
  const origin = `${row.hub}/${row.partition_id}/${row.sequence_number}`;
  const orderId = row.order_id === null ? null : uuidFromBytes(row.order_id);
  const headers: Record<string, string | null> = {
    reason: row.reason,
    detail: row.detail.slice(0, MAX_HEADER),
    origin,
    dead_letter_id: String(row.dead_letter_id),
    event_id: row.event_id,
    event_type: row.event_type,
    order_id: orderId,
    truncated: row.body.length > MAX_BODY_BYTES ? 'true' : null,
  };
  const properties = Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => header[1] !== null),
  );
  return { partitionKey: orderId ?? origin, body: row.body.subarray(0, MAX_BODY_BYTES), properties };
}

/** Publishes dead letters to the hub of their own, for whoever watches it. */
export function deadLetterPublisher(pool: Pool, sender: EventSender): Publish {
  return async (partitions) => {
    const [rows] = await pool.query<RowDataPacket[]>(PENDING_LETTERS, [partitions, LETTERS_AT_ONCE]);
    if (rows.length === 0) return false;
    await Promise.all(rows.map((row) => sender.send(toLetter(row))));
    const ids = rows.map((row) => row.dead_letter_id);
    await pool.query('UPDATE dead_letters SET published_at = UTC_TIMESTAMP(6) WHERE dead_letter_id IN (?)', [ids]);
    return rows.length === LETTERS_AT_ONCE;
  };
}
