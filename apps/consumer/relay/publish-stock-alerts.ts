import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { stockAlertEventId } from '../../../lib/domain/ids.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import type { Publish } from './relay.ts';

const ALERTS_AT_ONCE = 200;
const STOCK_LOW = 'oms.stock.low.v1';

const PENDING_ALERTS = `
  SELECT alert.product_id, alert.warehouse, alert.available, alert.raised_at, stock.reorder_point, products.sku
  FROM stock_alerts alert JOIN products ON products.product_id = alert.product_id
  JOIN stock ON stock.product_id = alert.product_id AND stock.warehouse = alert.warehouse
  WHERE alert.published_at IS NULL ORDER BY alert.product_id, alert.warehouse LIMIT ?`;

function toEvent(row: RowDataPacket) {
  const { sku, warehouse, available, reorder_point } = row;
  const time = (row.raised_at as Date).toISOString();
  return {
    specversion: '1.0' as const,
    id: stockAlertEventId(sku, warehouse, time),
    source: '/oms/core',
    type: STOCK_LOW,
    subject: `stock/${sku}`,
    time,
    datacontenttype: 'application/json' as const,
    dataschema: `/schemas/${STOCK_LOW}.json`,
    partitionkey: sku as string,
    data: { sku, warehouse, available, reorder_point },
  };
}

/** In place of a product's number: look at all of them. */
export const EVERY_PRODUCT = 0;

const LEVELS = `SELECT stock.product_id, stock.warehouse, stock.on_hand - stock.reserved AS available,
    stock.on_hand - stock.reserved <= stock.reorder_point AS low, alert.product_id IS NOT NULL AS raised
  FROM stock LEFT JOIN stock_alerts alert
    ON alert.product_id = stock.product_id AND alert.warehouse = stock.warehouse`;

/**
 * Raises an alert for what fell to its reorder point, clears that of what is above it again. What counts is the level
 * as it is committed now, not whose order crossed it: that cannot be missed, and holds no order up.
 */
async function watchLevels(pool: Pool, productIds: readonly number[]): Promise<void> {
  const which = productIds.includes(EVERY_PRODUCT) ? '' : 'WHERE stock.product_id IN (?)';
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT * FROM (${LEVELS} ${which}) levels WHERE low <> raised`,
    which ? [productIds] : [],
  );
  const fallen = rows.filter((row) => row.low);
  const risen = rows.filter((row) => !row.low);
  if (fallen.length > 0) {
    const now = new Date();
    const values = fallen.map(({ product_id, warehouse, available }) => [product_id, warehouse, available, now]);
    await pool.query('INSERT IGNORE INTO stock_alerts (product_id, warehouse, available, raised_at) VALUES ?', [
      values,
    ]);
  }
  for (const { product_id, warehouse } of risen) {
    await pool.query('DELETE FROM stock_alerts WHERE product_id = ? AND warehouse = ?', [product_id, warehouse]);
  }
}

/** Publishes products that fell to their reorder point; alerts belong to no partition, so any owner's word will do. */
export function stockAlertPublisher(pool: Pool, sender: EventSender): Publish {
  return async (productIds) => {
    await watchLevels(pool, productIds);
    const [rows] = await pool.query<RowDataPacket[]>(PENDING_ALERTS, [ALERTS_AT_ONCE]);
    if (rows.length === 0) return false;
    await Promise.all(rows.map((row) => sender.send(toMessage(toEvent(row)))));
    const keys = rows.map((row) => [row.product_id, row.warehouse, row.raised_at]);
    await pool.query(
      'UPDATE stock_alerts SET published_at = UTC_TIMESTAMP(6) WHERE (product_id, warehouse, raised_at) IN (?)',
      [keys],
    );
    return rows.length === ALERTS_AT_ONCE;
  };
}
