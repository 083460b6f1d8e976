import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { statusEventId, uuidFromBytes } from '../../../lib/domain/ids.ts';
import {
  ORDER_STATUS_CHANGED,
  type OrderStatusChangedData,
  type OrderStatusChangedEvent,
  orderEvent,
} from '../../../lib/domain/order-events.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import type { Publish } from './relay.ts';

/** Orders published in one go; with two or three steps each they fill a few batches. */
const ORDERS_AT_ONCE = 500;

const PENDING_STEPS = `
  SELECT pending.partition_id, pending.order_seq, pending.first_version, history.version, history.trigger_name,
    history.from_status, history.to_status, history.reason_code, history.event_id, history.at, orders.order_id,
    orders.synthetic
  FROM (SELECT partition_id, order_seq, first_version, last_version FROM outbox WHERE partition_id IN (?)
        ORDER BY partition_id, order_seq, first_version LIMIT ?) pending
  JOIN orders ON orders.order_seq = pending.order_seq
  JOIN order_history history ON history.order_seq = pending.order_seq
    AND history.version BETWEEN pending.first_version AND pending.last_version
  ORDER BY pending.partition_id, pending.order_seq, history.version`;

/** The sequence extension is zero-padded, so that text order is version order. */
const SEQUENCE_DIGITS = 10;

function toEvent(row: RowDataPacket): OrderStatusChangedEvent {
  const order_id = uuidFromBytes(row.order_id);
  const at = (row.at as Date).toISOString();
  const data = {
    order_id,
    version: row.version,
    trigger: row.trigger_name,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason_code,
    at,
  } as OrderStatusChangedData;
  return orderEvent(ORDER_STATUS_CHANGED, data, {
    id: statusEventId(order_id, data.version),
    source: '/oms/core',
    time: at,
    causationid: uuidFromBytes(row.event_id),
    sequence: String(data.version).padStart(SEQUENCE_DIGITS, '0'),
    ...(row.synthetic ? { synthetic: true } : {}),
  });
}

/** Publishes the steps of the outbox; a row leaves it when the hub has acknowledged its events. */
export function stepPublisher(pool: Pool, sender: EventSender, onPublished: (events: number) => void): Publish {
  return async (partitions) => {
    const [rows] = await pool.query<RowDataPacket[]>(PENDING_STEPS, [partitions, ORDERS_AT_ONCE]);
    if (rows.length === 0) return false;
    await Promise.all(rows.map((row) => sender.send(toMessage(toEvent(row)))));
    const keys = rows.map((row) => [row.partition_id, row.order_seq, row.first_version] as const);
    const done = new Map(keys.map((key) => [key.join('|'), key]));
    await pool.query('DELETE FROM outbox WHERE (partition_id, order_seq, first_version) IN (?)', [[...done.values()]]);
    onPublished(rows.length);
    return done.size === ORDERS_AT_ONCE;
  };
}
