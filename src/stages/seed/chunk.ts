import { encodeRow } from '../../../lib/database/bulk-load.ts';
import type { History } from './history.ts';
import { makeOrder, type ProductDraw } from './order.ts';
import { addOrderRows } from './order-rows.ts';
import { type LineStock, stockOf } from './order-stock.ts';
import { emptyRows, sqlTime, type TableRows } from './tables.ts';

/** Units to hold in a warehouse. */
export interface Holding {
  productId: number;
  warehouse: string;
  held: number;
}

/** What is written in one transaction. */
export interface Chunk {
  number: number;
  orders: number;
  rows: TableRows;
  /** In key order, as every writer locks stock. */
  holdings: Holding[];
}

interface Flow extends Holding {
  shipped: number;
  restocked: number;
}

/** What a chunk's orders did to the stock, by product and warehouse. */
class StockFlow {
  readonly #flows = new Map<string, Flow>();

  add({ productId, warehouse, quantity, state, restocked }: LineStock): void {
    if (state === 'untouched') return;
    const key = `${productId}|${warehouse}`;
    const flow = this.#flows.get(key) ?? { productId, warehouse, held: 0, shipped: 0, restocked: 0 };
    if (state === 'held') flow.held += quantity;
    else flow.shipped += quantity;
    if (restocked) flow.restocked += quantity;
    this.#flows.set(key, flow);
  }

  sorted(): Flow[] {
    const byKey = (a: Flow, b: Flow) => a.productId - b.productId || (a.warehouse < b.warehouse ? -1 : 1);
    return [...this.#flows.values()].sort(byKey);
  }
}

/**
 * Goods come in as they are needed: as many as left and are held, less what came back to the shelf. So the units that
 * can be promised stay what the catalogue says, and on_hand is the sum of the moves after every chunk.
 */
function addMoves(rows: TableRows, flows: readonly Flow[], at: number): void {
  const time = sqlTime(at);
  for (const { productId, warehouse, held, shipped, restocked } of flows) {
    const moves = { received: shipped + held - restocked, shipped: -shipped, restocked };
    for (const [reason, quantity] of Object.entries(moves)) {
      if (quantity !== 0) rows.stock_moves.push(encodeRow([productId, warehouse, quantity, reason, time]));
    }
  }
}

function addCustomers(rows: TableRows, history: History, first: number, end: number): void {
  for (let index = first; index < end; index++) {
    const { ref, segment, place } = history.crowd.customer(index);
    const signedUp = sqlTime(history.crowd.signedUpAt(index));
    rows.customers.push(encodeRow([ref, segment, place.city, place.country, signedUp]));
  }
}

/** The part of `total` things that belongs to a chunk: all chunks have their even share. */
const share = (total: number, number: number, chunks: number): [first: number, end: number] => [
  Math.floor((total * number) / chunks),
  Math.floor((total * (number + 1)) / chunks),
];

export function ordersOfChunk({ settings, chunks }: History, number: number): number {
  const [first, end] = share(settings.orders, number, chunks);
  return end - first;
}

/** Makes the rows of one chunk; chunk and history alone decide what is in them. */
export function makeChunk(history: History, draw: ProductDraw, number: number): Chunk {
  const { settings, chunks } = history;
  const [first, end] = share(settings.orders, number, chunks);
  const rows = emptyRows();
  addCustomers(rows, history, ...share(settings.customers, number, chunks));
  const flow = new StockFlow();
  const sequences = history.sequences(first, end - first);
  for (const [index, seq] of sequences.entries()) {
    const order = makeOrder(history, draw, first + index, seq);
    const stock = stockOf(order);
    for (const line of stock) flow.add(line);
    addOrderRows(rows, order, stock);
  }
  const flows = flow.sorted();
  if (end > first) addMoves(rows, flows, history.timeOf(end - 1));
  return { number, orders: end - first, rows, holdings: flows.filter(({ held }) => held > 0) };
}
