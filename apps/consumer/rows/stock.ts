import * as sql from '../../../lib/database/sql-text.ts';
import type { BatchStock, StockDelta } from '../stock-desk.ts';
import type { ProductChange, StockBooks } from '../stock-events.ts';
import { inboxRow } from './records.ts';

const productRow = ({ productId, changes }: ProductChange): sql.Literal[] => [
  sql.integer(productId),
  sql.textOrNull(changes.name),
  sql.textOrNull(changes.category),
  sql.textOrNull(changes.brand),
  sql.integerOrNull(changes.price_minor),
];

const PRODUCT_COLUMNS = ['name', 'category', 'brand', 'price_minor'];

/** Two changes of one product in a batch are two statements: a join updates each row once. */
const updateProducts = (products: readonly ProductChange[]): string =>
  products
    .map((change) =>
      sql.updateEach(
        'products',
        ['product_id'],
        PRODUCT_COLUMNS,
        [productRow(change)],
        [
          ...PRODUCT_COLUMNS.map((column) => `products.${column}=COALESCE(changed.new_${column},products.${column})`),
          'products.version=products.version+1',
        ],
      ),
    )
    .join('');

/** What events about goods leave behind, and every change of `on_hand`. */
export function writeStockRecords(books: StockBooks, stock: BatchStock, nowMs: number): string {
  const now = sql.time(nowMs);
  return [
    sql.insert(
      'inbox',
      books.inbox.map((entry) => inboxRow(0, entry, now)),
    ),
    updateProducts(books.products),
    sql.insert(
      'stock (product_id, warehouse, on_hand)',
      books.newRows.map(({ productId, warehouse }) => [sql.integer(productId), sql.text(warehouse), '0']),
      'INSERT IGNORE',
    ),
    sql.insert(
      'stock_moves (product_id, warehouse, quantity, reason, moved_at)',
      stock.moves.map(({ productId, warehouse, quantity, reason }) => [
        sql.integer(productId),
        sql.text(warehouse),
        sql.integer(quantity),
        sql.text(reason),
        now,
      ]),
    ),
  ].join('');
}

/**
 * Changes stock by a conditional update, driven by the sorted list so that every writer locks rows in the same order.
 * A row that no longer has enough stays as it is: fewer affected rows than wanted ones mean "decide again".
 */
export function changeStock(deltas: readonly StockDelta[]): string {
  if (deltas.length === 0) return '';
  const rows = deltas.map(({ productId, warehouse, reserved, onHand }) => [
    sql.integer(productId),
    sql.text(warehouse),
    sql.integer(reserved),
    sql.integer(onHand),
  ]);
  return `UPDATE (${sql.rowsAsTable(['product_id', 'warehouse', 'reserved', 'on_hand'], rows)}) wanted
    STRAIGHT_JOIN stock ON stock.product_id = wanted.product_id AND stock.warehouse = wanted.warehouse
    SET stock.reserved = stock.reserved + wanted.reserved, stock.on_hand = stock.on_hand + wanted.on_hand
    WHERE stock.reserved + wanted.reserved BETWEEN 0 AND stock.on_hand + wanted.on_hand;`;
}
