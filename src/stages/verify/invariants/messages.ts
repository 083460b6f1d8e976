import { noticeOf } from '../../../../lib/process/notices.ts';
import { cameThrough, type Invariant } from './invariant.ts';

export const MESSAGE_INVARIANTS: readonly Invariant[] = [
  {
    name: 'N1',
    sentence: 'every step that the customer has to hear of has its message, and no other',
    // That no step has two is the primary key of the table.
    sql: `
      SELECT from_status, to_status, reason_code, template, COUNT(*) AS steps, CONCAT('order_seq ', MIN(order_seq)) AS offender,
             CONCAT(to_status, COALESCE(CONCAT(' (', reason_code, ')'), ''), ', message ', COALESCE(template, 'missing')) AS detail
        FROM (SELECT h.order_seq, h.from_status, h.to_status, h.reason_code, n.template
                FROM order_history h
                LEFT JOIN notifications n ON n.order_seq = h.order_seq AND n.message_key = CONVERT(CONCAT('status-', h.version) USING ascii)
               WHERE ${cameThrough('h')}) steps
       GROUP BY from_status, to_status, reason_code, template
       UNION ALL
      SELECT NULL, NULL, NULL, n.template, 1, CONCAT('order_seq ', n.order_seq), CONCAT(n.message_key, ' is about no step')
        FROM notifications n
        LEFT JOIN order_history h ON h.order_seq = n.order_seq AND h.version = CAST(SUBSTR(n.message_key, 8) AS UNSIGNED)
       WHERE n.message_key LIKE 'status-%' AND h.order_seq IS NULL`,
    isFault: ({ from_status, to_status, reason_code, template }) =>
      to_status === null || (noticeOf(from_status, to_status, reason_code) ?? null) !== template,
  },
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
