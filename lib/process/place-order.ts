import type { OrderPlacedData, OrderPlacedEvent } from '../domain/order-events.ts';
import type { Effects } from './effects.ts';
import { meetObligations } from './obligations.ts';
import type { LineState, OrderState } from './order-state.ts';
import { reserveStock } from './stock.ts';
import { close, type Turn, takeStep } from './turn.ts';
import type { FindProduct, RiskVerdict, World } from './world.ts';

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
export function invalidity(data: OrderPlacedData, find: FindProduct): string | undefined {
  if (new Set(data.lines.map(({ line }) => line)).size < data.lines.length) return 'line_repeated';
  for (const line of data.lines) {
    const known = find(line.sku);
    if (!known) return 'unknown_sku';
    if (known.currency !== data.currency) return 'currency_mismatch';
    if (known.price_minor !== line.unit_minor) return 'price_mismatch';
  }
  return hasWrongTotals(data) ? 'total_mismatch' : undefined;
}

/** A line of an unknown product belongs to a rejected order; the event in the log keeps it. */
function linesOf(data: OrderPlacedData, find: FindProduct): LineState[] {
  const lines: LineState[] = [];
  for (const { line, sku, quantity, unit_minor, discount_minor, tax_minor } of data.lines) {
    const productId = find(sku)?.productId;
    if (productId === undefined) continue;
    const amounts = { quantity, unit_minor, discount_minor, tax_minor };
    lines.push({ line, productId, sku, ...amounts, shipped: 0, lost: 0, returned: 0 });
  }
  return lines;
}

/** The order as it comes, before anything is decided. */
function newOrder(
  { data, synthetic, time }: OrderPlacedEvent,
  seq: number,
  find: FindProduct,
  now: number,
): OrderState {
  const { shipping, payment } = data;
  const subtotal = sumOf(data, (line) => line.quantity * line.unit_minor);
  const tax = sumOf(data, (line) => line.tax_minor);
  // Nothing costs less than nothing: an order that says so is rejected, and kept with as much discount as can be.
  const most = subtotal + tax + shipping.amount_minor;
  const discount = Math.min(
    sumOf(data, (line) => line.discount_minor),
    most,
  );
  return {
    seq,
    orderId: data.order_id,
    customerRef: data.customer_ref,
    status: 'received',
    reason: null,
    closeAs: null,
    version: 0,
    statusSince: now,
    dueAt: null,
    placedAt: Date.parse(time),
    currency: data.currency,
    subtotal,
    discount,
    tax,
    shipping: shipping.amount_minor,
    total: most - discount,
    paymentMethod: payment.method,
    paymentChoice: payment,
    stockPolicy: data.stock_policy,
    shippingMethod: shipping.method,
    shipTo: { country: shipping.country, city: shipping.city, postcodePrefix: shipping.postcode_prefix },
    riskSignals: data.risk_signals ?? null,
    synthetic: synthetic === true,
    simulation: synthetic ? (data.simulation ?? null) : null,
    lines: linesOf(data, find),
    reservations: [],
    payments: [],
    parcels: [],
    returns: [],
    refunds: [],
    ops: [],
  };
}

function decide(turn: Turn, decision: RiskVerdict['decision']): void {
  if (decision === 'block') close(turn, 'decide', 'risk_block', 'cancelled', 'fraud');
  else if (decision === 'review') takeStep(turn, 'decide', 'risk_review');
  else reserveStock(turn, 'decide');
}

/**
 * Decides a new order: refused as invalid, put aside for a person, reserved and its payment asked for, put back to the
 * customer, or cancelled.
 * @param seq its number in the database
 * @param effects gets what has to be written besides the order itself
 */
export function placeOrder(
  event: OrderPlacedEvent,
  seq: number,
  find: FindProduct,
  world: World,
  risk: RiskVerdict,
  effects: Effects,
): OrderState {
  const order = newOrder(event, seq, find, world.now);
  const turn: Turn = { order, world, effects, eventId: event.id };
  const invalid = invalidity(event.data, find);
  if (invalid) {
    takeStep(turn, 'order.placed', 'invalid', invalid);
    return order;
  }
  takeStep(turn, 'order.placed', 'valid');
  decide(turn, risk.decision);
  meetObligations(turn);
  return order;
}
