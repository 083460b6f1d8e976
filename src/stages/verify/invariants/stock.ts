import { cameThrough, FINAL, type Invariant, orderName } from './invariant.ts';

const stockName = (alias: string) => `CONCAT('product ', ${alias}.product_id, ' in ', ${alias}.warehouse)`;

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
const COMMITTED = `SELECT product_id, warehouse, SUM(quantity) AS quantity FROM reservations
  WHERE state = 'committed' GROUP BY product_id, warehouse`;
const SUPPLIED_AND_SOLD = `SELECT product_id, warehouse, SUM(IF(reason = 'sold', 0, quantity)) AS supplied,
  -SUM(IF(reason = 'sold', quantity, 0)) AS sold FROM stock_moves GROUP BY product_id, warehouse`;

/** Statuses in which an order has, or had, all its units. */
const SERVED = `'reserved', 'confirmed', 'fulfilling', 'partially_shipped', 'shipped', 'delivered', 'completed'`;

export const STOCK_INVARIANTS: readonly Invariant[] = [
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
    name: 'S4',
    sentence: 'no more is sold than was supplied, and what was handed over left the stock',
    // Seeded history has moves without reservations, so more may have left the stock than orders know of.
    sql: `
      SELECT ${stockName('m')} AS offender, CONCAT('sold ', m.sold, ' of ', m.supplied) AS detail
        FROM (${SUPPLIED_AND_SOLD}) m WHERE m.sold > m.supplied
       UNION ALL
      SELECT ${stockName('c')}, CONCAT(c.quantity, ' handed over, ', COALESCE(m.sold, 0), ' left the stock')
        FROM (${COMMITTED}) c
        LEFT JOIN (${SUPPLIED_AND_SOLD}) m ON m.product_id = c.product_id AND m.warehouse = c.warehouse
       WHERE c.quantity > COALESCE(m.sold, 0)`,
  },
  {
    name: 'S5',
    sentence: 'an order that is over holds no stock',
    sql: `SELECT ${orderName('o')} AS offender, CONCAT(o.status, ', holds ', r.quantity, ' of product ', r.product_id) AS detail
            FROM reservations r JOIN orders o ON o.order_seq = r.order_seq
           WHERE r.state = 'held' AND o.status IN (${FINAL})`,
  },
  {
    name: 'S6',
    sentence: 'an order that was served has all it asks for, once',
    sql: `
      SELECT offender, CONCAT('asks for ', asked, ', holds ', held) AS detail
        FROM (SELECT ${orderName('o')} AS offender,
                     (SELECT COALESCE(SUM(i.quantity), 0) FROM order_items i WHERE i.order_seq = o.order_seq) AS asked,
                     (SELECT COALESCE(SUM(r.quantity), 0) FROM reservations r
                       WHERE r.order_seq = o.order_seq AND r.state IN ('held', 'committed')) AS held
                FROM orders o WHERE o.status = 'reserved' OR (o.status IN (${SERVED}) AND ${cameThrough('o')})) sums
       WHERE asked <> held`,
  },
  {
    name: 'S7',
    sentence: 'what a carrier was handed is what the order gave up',
    sql: `
      SELECT offender, CONCAT('handed over ', shipped, ', committed ', committed) AS detail
        FROM (SELECT ${orderName('o')} AS offender,
                     (SELECT COALESCE(SUM(i.shipped_quantity), 0) FROM order_items i WHERE i.order_seq = o.order_seq) AS shipped,
                     (SELECT COALESCE(SUM(r.quantity), 0) FROM reservations r
                       WHERE r.order_seq = o.order_seq AND r.state = 'committed') AS committed
                FROM orders o WHERE ${cameThrough('o')}) sums
       WHERE shipped <> committed`,
  },
];
