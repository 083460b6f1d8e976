import type { RowDataPacket } from '../../../lib/database/connect.ts';
import { isFinal, isLegalStep, ORDER_STATUSES, type OrderStatus } from '../../../lib/domain/order-machine.ts';

/** A statement about the whole database; its query finds what contradicts it. */
export interface Invariant {
  name: string;
  sentence: string;
  /** Columns `offender` and `detail`, a row for each contradiction (a LIMIT is added). */
  sql: string;
  params?: readonly unknown[];
  /** Which of the rows contradict, where SQL alone cannot say. */
  isFault?: (row: RowDataPacket) => boolean;
}

const orderName = (alias: string) => `CONCAT('order ', LOWER(HEX(${alias}.order_id)))`;
const stockName = (alias: string) => `CONCAT('product ', ${alias}.product_id, ' in ', ${alias}.warehouse)`;

/** The hash that an order's id is made of, and how 16 bytes of it are shaped as a UUID of version 8 (lib/domain/ids.ts). */
const ID_HASH = `SHA2(CONCAT('oms.order|', customer_ref, '|', idempotency_key), 256)`;
const DERIVED_ID = `CONCAT(LEFT(hash, 12), '8', SUBSTR(hash, 14, 3),
  SUBSTR('89ab89ab89ab89ab', CONV(SUBSTR(hash, 17, 1), 16, 10) + 1, 1), SUBSTR(hash, 18, 15))`;

const orphans = (table: string) => `
  SELECT CONCAT('${table} of order_seq ', t.order_seq) AS offender, 'there is no such order' AS detail
    FROM ${table} t LEFT JOIN orders o ON o.order_seq = t.order_seq WHERE o.order_seq IS NULL`;

/** Stock and what should explain it, by product and warehouse; either side may be missing. */
const stockAgainst = (column: string, sums: string, label: string) => `
  SELECT ${stockName('s')} AS offender,
         CONCAT('${column} ', s.${column}, ', ${label} ', COALESCE(x.quantity, 0)) AS detail
    FROM stock s LEFT JOIN (${sums}) x ON x.product_id = s.product_id AND x.warehouse = s.warehouse
   WHERE s.${column} <> COALESCE(x.quantity, 0)
   UNION ALL
  SELECT ${stockName('x')}, CONCAT('no stock row, ${label} ', x.quantity)
    FROM (${sums}) x LEFT JOIN stock s ON s.product_id = x.product_id AND s.warehouse = x.warehouse
   WHERE s.product_id IS NULL`;

const HELD = `SELECT product_id, warehouse, SUM(quantity) AS quantity FROM reservations
  WHERE state = 'held' GROUP BY product_id, warehouse`;
const MOVED = `SELECT product_id, warehouse, SUM(quantity) AS quantity FROM stock_moves GROUP BY product_id, warehouse`;

/** What has to hold at rest, whoever wrote the rows. Portable SQL: foreign keys are not part of the schema, this is. */
export const INVARIANTS: readonly Invariant[] = [
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
    sentence: 'items, history and reservations belong to an order',
    sql: ['order_items', 'order_history', 'reservations'].map(orphans).join(' UNION ALL '),
  },
  {
    name: 'P1',
    sentence: 'every step of an order is one that the order machine has',
    sql: `
      SELECT from_status, trigger_name, to_status, COUNT(*) AS steps,
             CONCAT('order_seq ', MIN(order_seq)) AS offender,
             CONCAT(COALESCE(from_status, '(new)'), ' -> ', to_status, ' by ', trigger_name) AS detail
        FROM order_history GROUP BY from_status, trigger_name, to_status`,
    isFault: (row) => !isLegalStep(row.from_status, row.trigger_name, row.to_status),
  },
  {
    name: 'P2',
    sentence: 'the versions of an order run from 1 without gaps, each from where the last one led',
    sql: `
      SELECT CONCAT('order_seq ', h.order_seq) AS offender, CONCAT('version ', h.version, ' follows none that led to ',
             COALESCE(h.from_status, '(new)')) AS detail
        FROM order_history h
        LEFT JOIN order_history before_it ON before_it.order_seq = h.order_seq AND before_it.version + 1 = h.version
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
    name: 'S1',
    sentence: 'no more is reserved than is there',
    sql: `SELECT ${stockName('s')} AS offender, CONCAT('reserved ', reserved, ' of ', on_hand) AS detail
            FROM stock s WHERE reserved < 0 OR reserved > on_hand`,
  },
  {
    name: 'S2',
    sentence: 'what is reserved is what orders hold',
    sql: stockAgainst('reserved', HELD, 'orders hold'),
  },
  {
    name: 'S3',
    sentence: 'what is on hand is the sum of its moves',
    sql: stockAgainst('on_hand', MOVED, 'moves say'),
  },
  {
    name: 'S5',
    sentence: 'an order that is over holds no stock',
    sql: `SELECT ${orderName('o')} AS offender, CONCAT(o.status, ', holds ', r.quantity, ' of product ', r.product_id) AS detail
            FROM reservations r JOIN orders o ON o.order_seq = r.order_seq
           WHERE r.state = 'held' AND o.status IN (?)`,
    params: [ORDER_STATUSES.filter((status: OrderStatus) => isFinal(status))],
  },
  {
    name: 'S6',
    sentence: 'a reserved order holds all it asks for, once',
    sql: `
      SELECT offender, CONCAT('asks for ', asked, ', holds ', held) AS detail
        FROM (SELECT ${orderName('o')} AS offender,
                     (SELECT COALESCE(SUM(i.quantity), 0) FROM order_items i WHERE i.order_seq = o.order_seq) AS asked,
                     (SELECT COALESCE(SUM(r.quantity), 0) FROM reservations r
                       WHERE r.order_seq = o.order_seq AND r.state = 'held') AS held
                FROM orders o WHERE o.status = 'reserved') sums
       WHERE asked <> held`,
  },
  {
    name: 'M1',
    sentence: 'the amounts of an order are the sums of its lines, and its total follows from them',
    sql: `
      SELECT CONCAT('order ', LOWER(HEX(MAX(o.order_id)))) AS offender,
             CONCAT('total ', MAX(o.total_minor), ', lines ', COALESCE(SUM(i.quantity * i.unit_minor), 0), ' - ',
                    COALESCE(SUM(i.discount_minor), 0), ' + tax ', COALESCE(SUM(i.tax_minor), 0),
                    ' + shipping ', MAX(o.shipping_minor)) AS detail
        FROM orders o STRAIGHT_JOIN order_items i ON i.order_seq = o.order_seq
       WHERE o.status <> 'rejected'
       GROUP BY o.order_seq
      HAVING SUM(i.quantity * i.unit_minor) <> MAX(o.subtotal_minor)
          OR SUM(i.discount_minor) <> MAX(o.discount_minor)
          OR SUM(i.tax_minor) <> MAX(o.tax_minor)
          OR MAX(o.total_minor) + MAX(o.discount_minor)
             <> MAX(o.subtotal_minor) + MAX(o.tax_minor) + MAX(o.shipping_minor)`,
  },
  {
    name: 'M0',
    sentence: 'an order that was taken has lines',
    sql: `SELECT ${orderName('o')} AS offender, 'has no lines' AS detail
            FROM orders o LEFT JOIN order_items i ON i.order_seq = o.order_seq AND i.line_no = 1
           WHERE i.order_seq IS NULL AND o.status <> 'rejected'`,
  },
  {
    name: 'N2',
    sentence: 'every step was published',
    sql: `SELECT CONCAT('order_seq ', order_seq) AS offender,
                 CONCAT('versions ', first_version, ' to ', last_version, ' wait in the outbox') AS detail FROM outbox`,
  },
  {
    name: 'N5',
    sentence: 'every dead letter says why it is one',
    sql: `SELECT CONCAT('dead letter ', dead_letter_id) AS offender, CONCAT('partition ', partition_id, ', sequence number ',
                 sequence_number, ' of ', hub) AS detail FROM dead_letters WHERE TRIM(reason) = ''`,
  },
];
