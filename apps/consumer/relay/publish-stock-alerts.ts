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

/** Publishes products that fell to their reorder point; alerts belong to no partition, so any owner's word will do. */
export function stockAlertPublisher(pool: Pool, sender: EventSender): Publish {
  return async () => {
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
