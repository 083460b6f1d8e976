import * as sql from '../../lib/database/sql-text.ts';
import { reportingStatusOf } from '../../lib/domain/reporting-status.ts';
import type { PartitionKey } from './batch.ts';
import type { DeadLetter, PlacedDelivery } from './decode.ts';
import type { Placement, ProductLookup } from './place-order.ts';

/** An order on its way into the tables. */
export interface NewOrder {
  seq: number;
  source: PlacedDelivery;
  placement: Placement;
}

/** Unhandled bodies are kept for whoever looks into them, but no longer than this. */
const MAX_DEAD_BODY_BYTES = 1_048_576;

const whereCheckpoint = (key: PartitionKey) =>
  `namespace = ${sql.text(key.namespace)} AND hub = ${sql.text(key.hub)} AND ` +
  `consumer_group = ${sql.text(key.consumerGroup)} AND partition_id = ${sql.integer(key.partitionId)}`;

/** Locks the partition's position; whoever holds it is the only writer of that partition. */
export const lockCheckpoint = (key: PartitionKey) =>
  `SELECT generation, sequence_number, last_order_seq FROM consumer_checkpoints WHERE ${whereCheckpoint(key)} FOR UPDATE;`;

/** Takes the partition over: writers of an earlier generation are refused from now on. */
export const takeOver = (key: PartitionKey) => `
  INSERT INTO consumer_checkpoints (namespace, hub, consumer_group, partition_id, hub_created_at, generation,
    sequence_number, event_offset, last_order_seq, updated_at)
  VALUES (${sql.text(key.namespace)}, ${sql.text(key.hub)}, ${sql.text(key.consumerGroup)}, ${key.partitionId},
    ${sql.time(key.hubCreatedAt.getTime())}, 1, -1, '', 0, UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE generation = generation + 1,
    sequence_number = IF(hub_created_at = VALUES(hub_created_at), sequence_number, -1),
    event_offset = IF(hub_created_at = VALUES(hub_created_at), event_offset, ''),
    hub_created_at = VALUES(hub_created_at), updated_at = UTC_TIMESTAMP(6);`;

export const findOrders = (placed: readonly PlacedDelivery[]) =>
  `SELECT LOWER(HEX(order_id)) AS id, LOWER(HEX(request_hash)) AS request_hash FROM orders WHERE order_id IN (${placed
    .map(({ event }) => sql.binary(event.data.order_id))
    .join(',')});`;

/** `lock` is for the exact path: the rows are locked in key order, as every writer does. */
export const readStock = (productIds: readonly number[], lock: boolean) =>
  `SELECT product_id, warehouse, on_hand - reserved AS available FROM stock WHERE product_id IN (${productIds.join(
    ',',
  )}) ORDER BY product_id, warehouse${lock ? ' FOR UPDATE' : ''};`;

function orderRow({ seq, source, placement }: NewOrder, now: sql.Literal): sql.Literal[] {
  const { data, synthetic, time } = source.event;
  const subtotal = data.lines.reduce((sum, line) => sum + line.quantity * line.unit_minor, 0);
  const discount = data.lines.reduce((sum, line) => sum + line.discount_minor, 0);
  const tax = data.lines.reduce((sum, line) => sum + line.tax_minor, 0);
  return [
    sql.integer(seq),
    sql.binary(data.order_id),
    sql.text(data.customer_ref),
    sql.text(data.idempotency_key),
    sql.binary(data.request_hash),
    sql.text(placement.status),
    sql.text(reportingStatusOf(placement.status, placement.reason)),
    sql.textOrNull(placement.reason),
    sql.integer(placement.steps.length),
    now,
    sql.text(data.channel),
    sql.text(data.currency),
    sql.integer(subtotal),
    sql.integer(discount),
    sql.integer(tax),
    sql.integer(data.shipping.amount_minor),
    sql.integer(subtotal - discount + tax + data.shipping.amount_minor),
    sql.textOrNull(data.coupon_code),
    sql.text(data.payment.method),
    sql.text(data.stock_policy),
    sql.text(data.shipping.method),
    sql.text(data.shipping.country),
    sql.text(data.shipping.city),
    sql.text(data.shipping.postcode_prefix),
    sql.textOrNull(data.note),
    synthetic ? '1' : '0',
    sql.time(Date.parse(time)),
    now,
    placement.status === 'cancelled' ? now : 'NULL',
  ];
}

const ORDERS =
  'orders (order_seq, order_id, customer_ref, idempotency_key, request_hash, status, reporting_status, reason_code, version, ' +
  'status_since, channel, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, coupon_code, ' +
  'payment_method, stock_policy, shipping_method, ship_country, ship_city, ship_postcode_prefix, note, synthetic, placed_at, ' +
  'stored_at, cancelled_at)';

function itemRows({ seq, source }: NewOrder, product: ProductLookup): sql.Literal[][] {
  return source.event.data.lines.flatMap((line) => {
    const known = product(line.sku);
    // A line of an unknown product belongs to a rejected order; the event in the log keeps it.
    if (!known) return [];
    const numbers = [known.productId, line.quantity, line.unit_minor, line.discount_minor, line.tax_minor];
    return [[sql.integer(seq), sql.integer(line.line), ...numbers.map(sql.integer)]];
  });
}

const historyRows = ({ seq, source, placement }: NewOrder, now: sql.Literal): sql.Literal[][] =>
  placement.steps.map((step, index) => [
    sql.integer(seq),
    sql.integer(index + 1),
    sql.text(step.trigger),
    sql.textOrNull(step.from),
    sql.text(step.to),
    sql.textOrNull(step.reason),
    sql.binary(source.event.id),
    now,
  ]);

/** New customers are known by what they buy first; those known already stay as they are. Sorted against deadlocks. */
function customerRows(orders: readonly NewOrder[]): sql.Literal[][] {
  const byRef = new Map(orders.map((order) => [order.source.event.data.customer_ref, order.source.event]));
  return [...byRef.keys()].sort().map((ref) => {
    const event = byRef.get(ref)!;
    const { city, country } = event.data.shipping;
    return [sql.text(ref), "'consumer'", sql.text(city), sql.text(country), sql.time(Date.parse(event.time))];
  });
}

function deadLetterRow(key: PartitionKey, dead: DeadLetter, now: sql.Literal): sql.Literal[] {
  const { body } = dead.delivery;
  const kept = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body ?? null));
  return [
    sql.text(key.hub),
    sql.time(key.hubCreatedAt.getTime()),
    sql.integer(key.partitionId),
    sql.integer(dead.delivery.sequenceNumber),
    sql.text(dead.reason),
    sql.text(dead.detail.slice(0, 1_000)),
    sql.textOrNull(dead.eventId),
    sql.bytes(kept.subarray(0, MAX_DEAD_BODY_BYTES)),
    now,
  ];
}

const DEAD_LETTERS =
  'dead_letters (hub, hub_created_at, partition_id, sequence_number, reason, detail, event_id, body, failed_at)';

/** All rows of a batch as one packet of statements, in table order; {@link moveCheckpoint} and {@link holdStock} follow. */
export function insertBatch(
  key: PartitionKey,
  orders: readonly NewOrder[],
  dead: readonly DeadLetter[],
  product: ProductLookup,
  nowMs: number,
): string {
  const now = sql.time(nowMs);
  const reservations = orders.flatMap(({ seq, placement }) =>
    placement.reservations.map((held) => [
      sql.integer(seq),
      sql.integer(held.productId),
      sql.text(held.warehouse),
      sql.integer(held.quantity),
      "'held'",
    ]),
  );
  const outbox = orders.map(({ seq, placement }) => [
    sql.integer(key.partitionId),
    sql.integer(seq),
    '1',
    sql.integer(placement.steps.length),
  ]);
  return [
    sql.insert('customers', customerRows(orders), 'INSERT IGNORE'),
    sql.insert(
      ORDERS,
      orders.map((order) => orderRow(order, now)),
    ),
    sql.insert(
      'order_items',
      orders.flatMap((order) => itemRows(order, product)),
    ),
    sql.insert(
      'order_history',
      orders.flatMap((order) => historyRows(order, now)),
    ),
    sql.insert('reservations', reservations),
    sql.insert('outbox', outbox),
    sql.insert(
      DEAD_LETTERS,
      dead.map((one) => deadLetterRow(key, one, now)),
    ),
  ].join('');
}

/** Units to hold by product and warehouse, in key order. */
export function sumReservations(
  orders: readonly NewOrder[],
): { productId: number; warehouse: string; quantity: number }[] {
  const sums = new Map<string, { productId: number; warehouse: string; quantity: number }>();
  for (const held of orders.flatMap((order) => order.placement.reservations)) {
    const key = `${held.productId}|${held.warehouse}`;
    const sum = sums.get(key);
    if (sum) sum.quantity += held.quantity;
    else sums.set(key, { ...held });
  }
  return [...sums.values()].sort((a, b) => a.productId - b.productId || (a.warehouse < b.warehouse ? -1 : 1));
}

/**
 * Holds stock by a conditional update, driven by the sorted list so that every writer locks rows in the same order.
 * A row that no longer has enough stays as it is: fewer affected rows than wanted ones mean "decide again".
 */
export function holdStock(wanted: ReturnType<typeof sumReservations>): string {
  if (wanted.length === 0) return '';
  const rows = wanted.map(({ productId, warehouse, quantity }, index) =>
    index === 0
      ? `SELECT ${productId} AS product_id, ${sql.text(warehouse)} AS warehouse, ${quantity} AS quantity`
      : `SELECT ${productId}, ${sql.text(warehouse)}, ${quantity}`,
  );
  return `UPDATE (${rows.join(' UNION ALL ')}) wanted STRAIGHT_JOIN stock
    ON stock.product_id = wanted.product_id AND stock.warehouse = wanted.warehouse
    SET stock.reserved = stock.reserved + wanted.quantity
    WHERE stock.on_hand - stock.reserved >= wanted.quantity;`;
}

export const moveCheckpoint = (
  key: PartitionKey,
  to: { generation: number; sequenceNumber: number; offset: string; lastOrderSeq: number },
) =>
  `UPDATE consumer_checkpoints SET sequence_number = ${sql.integer(to.sequenceNumber)}, event_offset = ${sql.text(to.offset)},
    last_order_seq = ${sql.integer(to.lastOrderSeq)}, updated_at = UTC_TIMESTAMP(6)
    WHERE ${whereCheckpoint(key)} AND generation = ${sql.integer(to.generation)};`;
