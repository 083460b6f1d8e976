import { isFinal, isLegalStep, type OrderStatus } from '../../../../lib/domain/order-machine.ts';
import { RETURN_MACHINE, RETURN_STATES } from '../../../../lib/domain/return-machine.ts';
import { cameThrough, FINAL, type Invariant, orderName } from './invariant.ts';

/** The hash that an order's id is made of, and how 16 bytes of it are shaped as a UUID of version 8 (lib/domain/ids.ts). */
const ID_HASH = `SHA2(CONCAT('oms.order|', customer_ref, '|', idempotency_key), 256)`;
const DERIVED_ID = `CONCAT(LEFT(hash, 12), '8', SUBSTR(hash, 14, 3),
  SUBSTR('89ab89ab89ab89ab', CONV(SUBSTR(hash, 17, 1), 16, 10) + 1, 1), SUBSTR(hash, 18, 15))`;

/** Tables whose rows belong to an order. */
const CHILDREN = [
  'order_items',
  'order_history',
  'reservations',
  'payments',
  'refunds',
  'shipments',
  'returns',
  'external_ops',
  'ledger_entries',
  'notifications',
];

const orphans = (table: string) => `
  SELECT CONCAT('${table} of order_seq ', t.order_seq) AS offender, 'there is no such order' AS detail
    FROM ${table} t LEFT JOIN orders o ON o.order_seq = t.order_seq WHERE o.order_seq IS NULL`;

const OPEN_RETURNS = RETURN_STATES.filter((state) => RETURN_MACHINE.accepts(state, 'return.timed_out'));

/** Identity and paths of orders. */
export const ORDER_INVARIANTS: readonly Invariant[] = [
  {
    name: 'I4',
    sentence: 'an order is named after its customer and its key, and no two share them',
    sql: `
      SELECT CONCAT('order ', id) AS offender, CONCAT('its id is not that of ', customer_ref, ' and ', idempotency_key) AS detail
        FROM (SELECT LOWER(HEX(order_id)) AS id, customer_ref, idempotency_key, ${ID_HASH} AS hash FROM orders) named
       WHERE id <> ${DERIVED_ID}
       UNION ALL
      SELECT CONCAT('order ', LOWER(HEX(order_id))), CONCAT('stored ', COUNT(*), ' times')
        FROM orders GROUP BY order_id HAVING COUNT(*) > 1`,
  },
  {
    name: 'O1',
    sentence: 'every row about an order belongs to one',
    sql: CHILDREN.map(orphans).join(' UNION ALL '),
  },
  {
    name: 'P1',
    sentence: 'every step of an order is one that the order machine has',
    sql: `
      SELECT from_status, trigger_name, to_status, COUNT(*) AS steps,
             CONCAT('order_seq ', MIN(order_seq)) AS offender,
             CONCAT(COALESCE(from_status, '(new)'), ' -> ', to_status, ' by ', trigger_name) AS detail
        FROM order_history GROUP BY from_status, trigger_name, to_status`,
    // Steps of an order that is over are what P5 is about.
    isFault: ({ from_status: from, trigger_name, to_status }) =>
      !isLegalStep(from, trigger_name, to_status) && !(from && isFinal(from as OrderStatus)),
  },
  {
    name: 'P2',
    sentence: 'the versions of an order run from 1 without gaps, each from where the last one led',
    sql: `
      SELECT CONCAT('order_seq ', h.order_seq) AS offender, CONCAT('version ', h.version, ' follows none that led to ',
             COALESCE(h.from_status, '(new)')) AS detail
        FROM order_history h
        LEFT JOIN order_history before_it ON before_it.order_seq = h.order_seq AND before_it.version = CAST(h.version AS SIGNED) - 1
       WHERE (h.version = 1 AND h.from_status IS NOT NULL)
          OR (h.version <> 1 AND (before_it.order_seq IS NULL OR NOT before_it.to_status <=> h.from_status))`,
  },
  {
    name: 'P3',
    sentence: 'the status of an order is that of its last step',
    sql: `
      SELECT ${orderName('o')} AS offender, CONCAT(o.status, ' at version ', o.version, ', history says ',
             COALESCE(h.to_status, 'nothing'), IF(later.order_seq IS NULL, '', ' and goes on')) AS detail
        FROM orders o
        LEFT JOIN order_history h ON h.order_seq = o.order_seq AND h.version = o.version
        LEFT JOIN order_history later ON later.order_seq = o.order_seq AND later.version = o.version + 1
       WHERE h.order_seq IS NULL OR h.to_status <> o.status OR later.order_seq IS NOT NULL`,
  },
  {
    name: 'P4',
    sentence: 'nothing waits longer than it may',
    sql: `
      SELECT ${orderName('o')} AS offender,
             CONCAT(o.status, ', ', COALESCE(CONCAT('its time was up at ', o.due_at), 'with no time when it is up')) AS detail
        FROM orders o
       WHERE o.status NOT IN (${FINAL}) AND (o.due_at < ? OR o.due_at IS NULL) AND ${cameThrough('o')}
       UNION ALL
      SELECT CONCAT('return ', LOWER(HEX(r.return_id))), CONCAT(r.status, ', its time was up at ', r.due_at)
        FROM returns r
       WHERE r.due_at < ? AND r.status IN (${OPEN_RETURNS.map((state) => `'${state}'`).join(', ')}) AND ${cameThrough('r')}`,
    params: ({ lateBefore }) => [lateBefore, lateBefore],
  },
  {
    name: 'P5',
    sentence: 'an order that is over takes no further step',
    sql: `
      SELECT CONCAT('order_seq ', order_seq) AS offender,
             CONCAT('version ', version, ' from ', from_status, ' to ', to_status, ' by ', trigger_name) AS detail
        FROM order_history WHERE from_status IN (${FINAL})`,
  },
];
