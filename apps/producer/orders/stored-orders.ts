import type { Connection, Pool } from '../../../lib/database/connect.ts';
import { type LetterSummary, listOpenLetters } from '../../../lib/database/list-letters.ts';
import { listOrders, type OrderSummary } from '../../../lib/database/list-orders.ts';
import { readStamps } from '../../../lib/database/order-stamps.ts';
import { readOrderState } from '../../../lib/database/order-state.ts';
import { readNewestToken } from '../../../lib/database/payment-tokens.ts';
import { readOrder, type StoredOrder } from '../../../lib/database/read-order.ts';
import { type OrderTrail, readTrail, wasHandled } from '../../../lib/database/read-trail.ts';
import { inSnapshot } from '../../../lib/database/snapshot.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import type { PaymentChoice } from '../../../lib/domain/fields.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { Problem } from '../http/problem.ts';

/** All that is known of one order, of one moment. */
export interface OrderRecord {
  order: StoredOrder;
  state: OrderState;
  trail: OrderTrail;
}

/** The orders as the consumer has stored them. Every method rejects with database_unavailable when they cannot be read. */
export interface StoredOrders {
  /** Undefined when it is not stored (yet). */
  state(orderId: string): Promise<OrderState | undefined>;
  record(orderId: string): Promise<OrderRecord | undefined>;
  /** A number of each stored order that grows with every change. */
  stamps(orderIds: readonly string[]): Promise<Map<string, number>>;
  /** Whether an event has reached its order. */
  wasHandled(seq: number, eventId: string): Promise<boolean>;
  newestToken(customer: string): Promise<PaymentChoice | undefined>;
  /** Open dead letters. */
  letters(page: { limit: number; after?: number | undefined }): Promise<LetterSummary[]>;
  list(filter: { status?: OrderStatus | undefined; limit: number }): Promise<OrderSummary[]>;
}

/** Waiting for a connection included. */
const READ_DEADLINE_MS = 1_800;

async function readRecord(connection: Connection, orderId: string): Promise<OrderRecord | undefined> {
  const order = await readOrder(connection, orderId);
  const state = order && (await readOrderState(connection, orderId));
  return state && { order, state, trail: await readTrail(connection, state.seq) };
}

export function databaseOrders(pool: Pool): StoredOrders {
  const read = async <T>(query: (connection: Connection) => Promise<T>): Promise<T> => {
    try {
      return await withConnection(pool, READ_DEADLINE_MS, query);
    } catch (cause) {
      throw new Problem('database_unavailable', 'the database did not answer', { cause });
    }
  };
  const readWhole = <T>(query: (connection: Connection) => Promise<T>) =>
    read((connection) => inSnapshot(connection, () => query(connection)));
  return {
    state: (orderId) => readWhole((connection) => readOrderState(connection, orderId)),
    record: (orderId) => readWhole((connection) => readRecord(connection, orderId)),
    stamps: (orderIds) => read((connection) => readStamps(connection, orderIds)),
    wasHandled: (seq, eventId) => read((connection) => wasHandled(connection, seq, eventId)),
    newestToken: (customer) => read((connection) => readNewestToken(connection, customer)),
    letters: (page) => read((connection) => listOpenLetters(connection, page)),
    list: (filter) => read((connection) => listOrders(connection, filter)),
  };
}
