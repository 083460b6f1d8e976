import * as sql from '../../../lib/database/sql-text.ts';
import { withoutCardData } from '../../../lib/domain/card-data.ts';
import { maskCardNumbers } from '../../../lib/domain/card-number.ts';
import type { Backlog, Waiting } from '../backlog.ts';
import type { PartitionKey } from '../batch.ts';
import type { DeadLetter, Delivery, ParkedKey } from '../decode.ts';

/** Unhandled bodies are kept for whoever looks into them, but no longer than this. */
const MAX_BODY_BYTES = 1_048_576;
const MAX_DETAIL = 1_000;
const MAX_PARKED_DETAIL = 300;

/** The body that is kept, and published, whatever was sent: never with card data. */
function bodyOf({ body }: Delivery): sql.Literal {
  const kept = withoutCardData(body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body ?? null)));
  return sql.bytes(kept.subarray(0, MAX_BODY_BYTES));
}

/** What is said of an event may quote it. */
const detailOf = ({ detail }: DeadLetter): sql.Literal => sql.text(maskCardNumbers(detail).slice(0, MAX_DETAIL));
const nameOf = (name: string | null): sql.Literal => sql.textOrNull(name && maskCardNumbers(name));

/** Where the hub has, or had, the event. */
const placeOf = (at: ParkedKey): sql.Literal[] => [
  sql.time(at.hubCreatedAt),
  sql.integer(at.partitionId),
  sql.integer(at.sequenceNumber),
];

function deadLetterRow(key: PartitionKey, dead: DeadLetter, now: sql.Literal): sql.Literal[] {
  const { partitionId } = key;
  const { sequenceNumber } = dead.delivery;
  const at = dead.parked ?? { hubCreatedAt: key.hubCreatedAt.getTime(), partitionId, sequenceNumber };
  return [
    sql.text(key.hub),
    ...placeOf(at),
    sql.text(dead.reason),
    detailOf(dead),
    nameOf(dead.eventId),
    nameOf(dead.eventType),
    dead.orderId === null ? 'NULL' : sql.binary(dead.orderId),
    bodyOf(dead.delivery),
    now,
  ];
}

const DEAD_LETTERS =
  'dead_letters (hub, hub_created_at, partition_id, sequence_number, reason, detail, event_id, event_type, order_id, body, failed_at)';

/** A letter that was sent again in vain stays open: one event, one letter. */
function keepOpen(dead: readonly DeadLetter[], now: sql.Literal): string {
  const rows = dead.map((one) => [sql.integer(one.retryOf!), sql.text(one.reason), detailOf(one)]);
  return sql.updateEach('dead_letters', ['dead_letter_id'], ['reason', 'detail'], rows, [
    'dead_letters.reason=changed.new_reason',
    'dead_letters.detail=changed.new_detail',
    `dead_letters.failed_at=${now}`,
  ]);
}

/** @param isOpen whether the letter that an event was sent again for is still open */
export function writeDeadLetters(
  key: PartitionKey,
  dead: readonly DeadLetter[],
  isOpen: (letterId: number | undefined) => boolean,
  nowMs: number,
): string {
  const now = sql.time(nowMs);
  const again = dead.filter(({ retryOf }) => isOpen(retryOf));
  const rows = dead.filter(({ retryOf }) => !isOpen(retryOf)).map((one) => deadLetterRow(key, one, now));
  const gone = dead.flatMap(({ parked }) => parked ?? []);
  // A letter may be there already: of a commit whose acknowledgement was lost. One event, one letter.
  return sql.upsert(DEAD_LETTERS, rows, ['hub']) + keepOpen(again, now) + removeParked(gone);
}

function parkedRow(waiting: Waiting, now: sql.Literal): sql.Literal[] {
  const { source } = waiting;
  return [
    ...placeOf(waiting.key),
    sql.binary(source.event.data.order_id),
    sql.text(waiting.reason),
    sql.textOrNull(waiting.detail?.slice(0, MAX_PARKED_DETAIL)),
    bodyOf(source.delivery),
    now,
    sql.timeOrNull(waiting.expiresAt),
  ];
}

const PARKED_EVENTS =
  'parked_events (hub_created_at, partition_id, sequence_number, order_id, reason, detail, body, parked_at, expires_at)';

export function removeParked(gone: readonly ParkedKey[]): string {
  if (gone.length === 0) return '';
  const columns = ['hub_created_at', 'partition_id', 'sequence_number'];
  const rows = gone.map((at) => placeOf(at));
  return rows
    .map((row) => `DELETE FROM parked_events WHERE ${columns.map((name, n) => `${name}=${row[n]}`).join(' AND ')};`)
    .join('');
}

/** Events that have to wait from now on, those that need not any more, and the letters that were sent again. */
export function writeBacklog(backlog: Backlog, dead: readonly DeadLetter[], nowMs: number): string {
  const now = sql.time(nowMs);
  const { parked, gone } = backlog.changes;
  const inVain = new Set(dead.map(({ retryOf }) => retryOf));
  const letters = backlog.retried
    .filter((id) => !inVain.has(id))
    .map(sql.integer)
    .join(',');
  return [
    sql.upsert(
      PARKED_EVENTS,
      parked.map((waiting) => parkedRow(waiting, now)),
      ['reason', 'detail', 'expires_at'],
    ),
    removeParked(gone),
    letters && `UPDATE dead_letters SET state='retried', resolved_at=${now} WHERE dead_letter_id IN (${letters});`,
  ].join('');
}
