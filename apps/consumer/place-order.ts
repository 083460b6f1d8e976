import type { CatalogueProduct } from '../../lib/database/catalogue.ts';
import type { OrderPlacedData, OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import { nextStatus, type OrderStatus } from '../../lib/domain/order-machine.ts';

/** One step of an order, as order_history keeps it. */
export interface Step {
  trigger: string;
  from: OrderStatus | null;
  to: OrderStatus;
  reason: string | null;
}

export interface Reservation {
  productId: number;
  warehouse: string;
  quantity: number;
}

/** What becomes of a new order: its steps, and the stock it holds. */
export interface Placement {
  steps: Step[];
  status: OrderStatus;
  reason: string | null;
  reservations: Reservation[];
}

/** Units that can still be promised, by product, then by warehouse; the warehouses in key order. */
export type StockView = Map<number, Map<string, number>>;

export type ProductLookup = (sku: string) => CatalogueProduct | undefined;

const sumOf = (data: OrderPlacedData, of: (line: OrderPlacedData['lines'][number]) => number) =>
  data.lines.reduce((sum, line) => sum + of(line), 0);

/** An event's own sums are checked anew: a total that a client could choose is the oldest shop fraud there is. */
function hasWrongTotals(data: OrderPlacedData): boolean {
  return (
    data.subtotal_minor !== sumOf(data, (line) => line.quantity * line.unit_minor) ||
    data.discount_minor !== sumOf(data, (line) => line.discount_minor) ||
    data.tax_minor !== sumOf(data, (line) => line.tax_minor) ||
    data.total_minor !== data.subtotal_minor - data.discount_minor + data.tax_minor + data.shipping.amount_minor
  );
}

/** Why an order is refused as it stands; undefined for a good one. */
export function invalidity(data: OrderPlacedData, product: ProductLookup): string | undefined {
  for (const line of data.lines) {
    const known = product(line.sku);
    if (!known) return 'unknown_sku';
    if (known.currency !== data.currency) return 'currency_mismatch';
    if (known.price_minor !== line.unit_minor) return 'price_mismatch';
  }
  return hasWrongTotals(data) ? 'total_mismatch' : undefined;
}

/** The first warehouse, in key order, that can serve the whole of a line. */
function findWarehouse(warehouses: Map<string, number> | undefined, quantity: number): string | undefined {
  for (const [warehouse, available] of warehouses ?? []) if (available >= quantity) return warehouse;
  return undefined;
}

/** All lines or none: takes them from `stock` and returns what was taken; undefined leaves `stock` as it was. */
function reserve(data: OrderPlacedData, product: ProductLookup, stock: StockView): Reservation[] | undefined {
  const wanted = new Map<number, number>();
  for (const line of data.lines) {
    const { productId } = product(line.sku)!;
    wanted.set(productId, (wanted.get(productId) ?? 0) + line.quantity);
  }
  const taken: Reservation[] = [];
  for (const [productId, quantity] of wanted) {
    const warehouse = findWarehouse(stock.get(productId), quantity);
    if (warehouse === undefined) return undefined;
    taken.push({ productId, warehouse, quantity });
  }
  for (const { productId, warehouse, quantity } of taken) {
    const warehouses = stock.get(productId)!;
    warehouses.set(warehouse, warehouses.get(warehouse)! - quantity);
  }
  return taken;
}

type Outcome = Omit<Placement, 'reservations'>;

/** Follows the order machine from the start; what a new order can go through is known beforehand. */
function walk(...triggers: [trigger: string, when: string, reason: string | null][]): Outcome {
  const steps: Step[] = [];
  let from: OrderStatus | null = null;
  for (const [trigger, when, reason] of triggers) {
    const to = nextStatus(from, trigger, when);
    steps.push({ trigger, from, to, reason });
    from = to;
  }
  const last = steps.at(-1)!;
  return { steps, status: last.to, reason: last.reason };
}

const RESERVED = walk(['order.placed', 'valid', null], ['decide', 'stock_ok', null]);
const ASKED_BACK = walk(['order.placed', 'valid', null], ['decide', 'stock_short_amend', 'stock']);
/** Nothing is owed to anybody, so that it settles at once. */
const OUT_OF_STOCK = walk(
  ['order.placed', 'valid', null],
  ['decide', 'stock_short_cancel', 'out_of_stock'],
  ['settled', 'close_as_cancelled', 'out_of_stock'],
);

/**
 * Decides a new order: refused as invalid, reserved, put back to the customer, or cancelled for want of stock.
 * Reserved units are taken out of `stock`.
 */
export function placeOrder(event: OrderPlacedEvent, product: ProductLookup, stock: StockView): Placement {
  const invalid = invalidity(event.data, product);
  if (invalid) return { ...walk(['order.placed', 'invalid', invalid]), reservations: [] };

  const reservations = reserve(event.data, product, stock);
  if (reservations) return { ...RESERVED, reservations };
  return { ...(event.data.stock_policy === 'amend' ? ASKED_BACK : OUT_OF_STOCK), reservations: [] };
}
