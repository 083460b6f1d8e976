import { cameThrough, type Invariant } from './invariant.ts';

export const MESSAGE_INVARIANTS: readonly Invariant[] = [
  {
    name: 'N2',
    sentence: 'every step was published',
    sql: `SELECT CONCAT('order_seq ', x.order_seq) AS offender,
                 CONCAT('versions ', x.first_version, ' to ', x.last_version, ' wait in the outbox') AS detail
            FROM outbox x LEFT JOIN order_history h ON h.order_seq = x.order_seq AND h.version = x.last_version
           WHERE COALESCE(h.at < ?, TRUE)`,
    params: ({ quietBefore }) => [quietBefore],
    atRest: true,
  },
  {
    name: 'N3',
    sentence: 'no event waits for another',
    sql: `SELECT CONCAT('event ', sequence_number, ' of partition ', partition_id) AS offender,
                 CONCAT('of order ', LOWER(HEX(order_id)), ' waits since ', parked_at, ', ', reason,
                        COALESCE(CONCAT(': ', detail), '')) AS detail
            FROM parked_events`,
    atRest: true,
    notWhileWorking: 'early events wait for what comes before them',
  },
  {
    name: 'N5',
    sentence: 'every dead letter says why it is one, and what became of it',
    sql: `SELECT CONCAT('dead letter ', dead_letter_id) AS offender, CONCAT('partition ', partition_id, ', sequence number ',
                 sequence_number, ' of ', hub, ', ', state) AS detail
            FROM dead_letters
           WHERE TRIM(reason) = '' OR state NOT IN ('open', 'retried', 'dropped')
              OR (state = 'open') <> (resolved_at IS NULL)`,
  },
  {
    name: 'N6',
    sentence: 'what was asked of providers and carriers was answered',
    sql: `SELECT CONCAT(kind, ' ', op_no, ' of order_seq ', order_seq) AS offender,
                 CONCAT('due at ', due_at, ', tried ', tries, ' times', COALESCE(CONCAT(': ', last_error), '')) AS detail
            FROM external_ops WHERE due_at < ? AND ${cameThrough('external_ops')}`,
    params: ({ lateBefore }) => [lateBefore],
    atRest: true,
  },
];
