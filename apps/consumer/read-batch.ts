import type { Pool, PoolConnection, RowDataPacket } from '../../lib/database/connect.ts';
import { selectOrderStates, toOrderStates } from '../../lib/database/order-state.ts';
import * as sql from '../../lib/database/sql-text.ts';
import type { OrderEventType } from '../../lib/domain/event-types.ts';
import { ORDER_PLACED, type OrderPlacedData } from '../../lib/domain/order-events.ts';
import type { FindProduct } from '../../lib/process/world.ts';
import { type Batch, originOf, type PartitionKey } from './batch.ts';
import { lockCheckpoint } from './checkpoint-sql.ts';
import {
  type Known,
  type ParkedRow,
  toOpenLetter,
  toParkedRow,
  toPosition,
  toSeen,
  toStockRow,
  toStored,
} from './known.ts';
import { selectVelocity, VelocityCounts } from './velocity.ts';

/** Events after which an order may want stock. */
const MAY_RESERVE: ReadonlySet<string> = new Set<OrderEventType>(['oms.review.approved.v1', 'oms.order.amended.v1']);

/** What the events of a batch are about. */
interface Subjects {
  placed: OrderPlacedData[];
  orderIds: string[];
  /** Orders with an event that is not their first. */
  followed: Set<string>;
  /** Those events: order and id. */
  following: [orderId: string, eventId: string][];
  reserving: Set<string>;
  retries: number[];
  skus: Set<string>;
  stockEventIds: string[];
}

function subjectsOf(batch: Batch): Subjects {
  const subjects: Subjects = {
    placed: [],
    orderIds: [],
    followed: new Set(),
    following: [],
    reserving: new Set(),
    retries: [],
    skus: new Set(),
    stockEventIds: [],
  };
  const ids = new Set<string>();
  for (const item of batch.items) {
    const { retryOf } = originOf(item);
    if (retryOf !== undefined) subjects.retries.push(retryOf);
    if ('stock' in item) {
      subjects.skus.add(item.stock.event.data.sku);
      subjects.stockEventIds.push(item.stock.event.id);
    } else if ('order' in item) {
      const { event } = item.order;
      ids.add(event.data.order_id);
      if (event.type === ORDER_PLACED) subjects.placed.push(event.data);
      else {
        subjects.followed.add(event.data.order_id);
        subjects.following.push([event.data.order_id, event.id]);
      }
      if (MAY_RESERVE.has(event.type)) subjects.reserving.add(event.data.order_id);
    }
  }
  for (const { lines } of subjects.placed) for (const { sku } of lines) subjects.skus.add(sku);
  subjects.orderIds = [...ids];
  return subjects;
}

const NOTHING = 'DO 0';
const statement = (rows: readonly unknown[], text: () => string): string => (rows.length > 0 ? text() : NOTHING);

const LETTERS = 'SELECT dead_letter_id, order_id, event_id, reason, hub_created_at, sequence_number FROM dead_letters';

const PARKED_EVENTS =
  'SELECT hub_created_at, partition_id, sequence_number, order_id, reason, detail, body, parked_at, expires_at FROM parked_events';

/** Two reads, not one with OR: each has an index of its own. */
function selectLetters(orders: string, retries: readonly number[]): string {
  const blocking = `${LETTERS} WHERE order_id IN (${orders}) AND state = 'open' AND reason = 'handler_error'`;
  if (retries.length === 0) return blocking;
  const retried = `${LETTERS} WHERE dead_letter_id IN (${retries.map(sql.integer).join(',')}) AND state = 'open'`;
  return `${blocking} UNION ${retried}`;
}

/** `lock` is for the exact path: the rows are locked in key order, as every writer does. */
const selectStock = (which: string, lock: boolean): string =>
  `SELECT product_id, warehouse, on_hand, reserved FROM stock WHERE product_id IN (${which})
   ORDER BY product_id, warehouse${lock ? ' FOR UPDATE' : ''}`;

function firstPacket(key: PartitionKey, subjects: Subjects, find: FindProduct, lock: boolean, now: number): string[] {
  const { placed, orderIds, retries, skus, stockEventIds } = subjects;
  const orders = orderIds.length > 0 ? orderIds.map(sql.binary).join(',') : 'NULL';
  const productIds = [...skus].flatMap((sku) => find(sku)?.productId ?? []).sort((a, b) => a - b);
  return [
    'START TRANSACTION',
    lockCheckpoint(key),
    statement(
      orderIds,
      () =>
        `SELECT order_seq, order_id, LOWER(HEX(request_hash)) AS request_hash FROM orders WHERE order_id IN (${orders})`,
    ),
    statement(
      orderIds,
      () => `${PARKED_EVENTS} WHERE order_id IN (${orders}) ORDER BY hub_created_at, sequence_number`,
    ),
    statement([...orderIds, ...retries], () => selectLetters(orders, retries)),
    statement(productIds, () => selectStock(productIds.join(','), lock)),
    statement(placed, () => selectVelocity(placed, now)),
    statement(
      stockEventIds,
      () =>
        `SELECT order_seq, event_id FROM inbox WHERE order_seq = 0 AND event_id IN (${stockEventIds.map(sql.binary).join(',')})`,
    ),
  ];
}

async function queryAll(connection: PoolConnection, statements: readonly string[]): Promise<RowDataPacket[][]> {
  const [results] = await connection.query<RowDataPacket[][]>(statements.join(';'));
  return results.map((result) => (Array.isArray(result) ? result : []));
}

/** The id of an event that waits; none for what this version cannot read. */
function idOf({ body }: ParkedRow): string | undefined {
  try {
    return JSON.parse(body.toString()).id;
  } catch {
    return undefined;
  }
}

/** Which of the events that may be applied were applied before; an order may have had many more than those. */
function selectSeen(known: Known, { following }: Subjects): string {
  const waiting = known.parked.map((row) => [row.orderId, idOf(row)] as const);
  const rows = [...following, ...waiting].flatMap(([orderId, eventId]) => {
    const seq = known.stored.get(orderId)?.seq;
    return seq === undefined || eventId === undefined ? [] : [[sql.integer(seq), sql.binary(eventId)]];
  });
  return statement(
    rows,
    () => `SELECT inbox.order_seq, inbox.event_id FROM (${sql.rowsAsTable(['order_seq', 'event_id'], rows)}) wanted
      STRAIGHT_JOIN inbox ON inbox.order_seq = wanted.order_seq AND inbox.event_id = wanted.event_id`,
  );
}

/** Stored orders that events of the batch follow on, in full. */
async function readFollowed(connection: PoolConnection, known: Known, subjects: Subjects, lock: boolean) {
  const waiting = known.parked.map(({ orderId }) => orderId);
  const seqsOf = (ids: Iterable<string>) => [...new Set(ids)].flatMap((id) => known.stored.get(id)?.seq ?? []);
  const followed = seqsOf([...subjects.followed, ...waiting]);
  if (followed.length === 0) return;
  const reserving = seqsOf([...subjects.reserving, ...waiting]);
  const productsOf = `SELECT product_id FROM order_items WHERE order_seq IN (${reserving.join(',')})`;
  const [seen, stock, ...states] = await queryAll(connection, [
    selectSeen(known, subjects),
    statement(reserving, () => selectStock(productsOf, lock)),
    ...selectOrderStates(followed),
  ]);
  known.states = toOrderStates(states);
  for (const [seq, ids] of toSeen(seen!)) known.seen.set(seq, ids);
  const read = new Set(known.stock.map(({ productId }) => productId));
  known.stock.push(...stock!.map(toStockRow).filter(({ productId }) => !read.has(productId)));
}

/**
 * Starts the transaction of a batch, locks the partition's position and reads what the batch needs to be decided: one
 * packet, and a second one when there are orders that events follow on.
 * @param lock locks the stock that is read
 * @param mayWrite called with the position before anything else is read
 */
export async function readBatch(
  connection: PoolConnection,
  key: PartitionKey,
  batch: Batch,
  find: FindProduct,
  { lock, now, mayWrite }: { lock: boolean; now: number; mayWrite: (generation: number) => void },
): Promise<Known> {
  const subjects = subjectsOf(batch);
  const [, position, stored, parked, letters, stock, velocity, seen] = await queryAll(
    connection,
    firstPacket(key, subjects, find, lock, now),
  );
  const known: Known = {
    position: toPosition(position![0]),
    stored: toStored(stored!),
    states: new Map(),
    seen: toSeen(seen!),
    parked: parked!.map(toParkedRow),
    letters: letters!.map(toOpenLetter),
    stock: stock!.map(toStockRow),
    velocity: new VelocityCounts(velocity!),
  };
  mayWrite(known.position.generation);
  await readFollowed(connection, known, subjects, lock);
  return known;
}

/** More are read the next time. */
const EXPIRED_AT_ONCE = 100;

/** Events of a partition that have waited for as long as they may. */
export async function readExpired(pool: Pool, key: PartitionKey, now: number): Promise<ParkedRow[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `${PARKED_EVENTS} WHERE expires_at <= ${sql.time(now)} AND partition_id = ${sql.integer(key.partitionId)}
     ORDER BY expires_at LIMIT ${EXPIRED_AT_ONCE}`,
  );
  return rows.map(toParkedRow);
}
