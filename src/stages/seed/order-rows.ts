import { encodeRow } from '../../../lib/database/bulk-load.ts';
import { placedEventId, statusEventId } from '../../../lib/domain/ids.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import { type ReportingStatus, reportingStatusOf } from '../../../lib/domain/reporting-status.ts';
import type { SeededOrder } from './order.ts';
import type { LineStock } from './order-stock.ts';
import type { Story } from './story.ts';
import { sqlTime, sqlTimeOrNull, type TableRows } from './tables.ts';

const hexOf = (uuid: string): string => uuid.replaceAll('-', '');

/** The label of an order and since when it has had it; two of the labels come from the parcels. */
export function labelOf(story: Story): { label: ReportingStatus; since: number } {
  const { journey, parcels } = story;
  const status = journey.status as OrderStatus;
  const since = journey.steps.at(-1)!.at;
  if (status === 'fulfilling') {
    const packedAt = Math.max(...parcels.map((parcel) => parcel.readyAt));
    if (packedAt <= journey.until) return { label: 'packed', since: packedAt };
  }
  if (status === 'shipped') {
    const outAt = Math.max(...parcels.map((parcel) => parcel.outAt ?? Number.POSITIVE_INFINITY));
    if (outAt <= journey.until) return { label: 'out_for_delivery', since: Math.max(outAt, since) };
  }
  return { label: reportingStatusOf(status, journey.reason), since };
}

function addOrder(rows: TableRows, order: SeededOrder): void {
  const { story, quote, place } = order;
  const { journey } = story;
  const { label, since } = labelOf(story);
  rows.orders.push(
    encodeRow([
      order.seq,
      hexOf(order.orderId),
      order.customer.ref,
      order.idempotencyKey,
      order.requestHash,
      journey.status,
      label,
      journey.reason,
      journey.steps.length,
      sqlTime(since),
      sqlTimeOrNull(journey.dueAt),
      order.channel,
      order.currency,
      quote.subtotal_minor,
      quote.discount_minor,
      quote.tax_minor,
      quote.shipping_minor,
      quote.total_minor,
      order.coupon?.code ?? null,
      order.method,
      order.stockPolicy,
      order.shipping,
      place.country,
      place.city,
      order.postcode,
      story.fraudScore,
      story.fraudFlag ? 1 : 0,
      sqlTime(order.placedAt),
      sqlTime(order.storedAt),
      label === 'cancelled' ? sqlTime(since) : null,
    ]),
  );
}

function addItems(rows: TableRows, order: SeededOrder): void {
  for (const [index, line] of order.quote.lines.entries()) {
    const { productId } = order.products[index]!;
    const amounts = [line.quantity, line.unit_minor, line.discount_minor, line.tax_minor];
    rows.order_items.push(encodeRow([order.seq, line.line, productId, ...amounts]));
  }
}

/** The first two steps come from the placed event; what caused the later ones no hub has carried. */
const causeOf = (order: SeededOrder, version: number): string =>
  version <= 2 ? placedEventId(order.orderId, order.requestHash) : statusEventId(order.orderId, version);

function addHistory(rows: TableRows, order: SeededOrder): void {
  for (const [index, step] of order.story.journey.steps.entries()) {
    const event = hexOf(causeOf(order, index + 1));
    const { trigger, from, to, reason, at } = step;
    rows.order_history.push(encodeRow([order.seq, index + 1, trigger, from, to, reason, event, sqlTime(at)]));
  }
}

function addPayments(rows: TableRows, order: SeededOrder): void {
  const amount = order.quote.total_minor;
  for (const [index, { method, status, failureCode, at }] of order.story.attempts.entries()) {
    rows.payments.push(encodeRow([order.seq, index + 1, method, status, amount, failureCode, sqlTime(at)]));
  }
}

/** Unique by carrier, and ascending as the orders are. */
const trackingNumber = (carrier: string, seq: number, parcel: number): string =>
  `${carrier.slice(0, 3).toUpperCase()}${String(seq).padStart(16, '0')}${parcel}`;

function addShipments(rows: TableRows, order: SeededOrder): void {
  for (const [index, parcel] of order.story.parcels.entries()) {
    rows.shipments.push(
      encodeRow([
        order.seq,
        index + 1,
        parcel.carrier,
        trackingNumber(parcel.carrier, order.seq, index + 1),
        parcel.status,
        parcel.costMinor,
        sqlTime(parcel.promisedAt),
        sqlTimeOrNull(parcel.shippedAt),
        sqlTimeOrNull(parcel.deliveredAt),
      ]),
    );
  }
}

function addRefunds(rows: TableRows, order: SeededOrder): void {
  for (const [index, { line, amountMinor, reason, status, requestedAt }] of order.story.refunds.entries()) {
    const lineNo = line?.line ?? null;
    rows.refunds.push(encodeRow([order.seq, index + 1, lineNo, amountMinor, reason, status, sqlTime(requestedAt)]));
  }
}

function addReservations(rows: TableRows, order: SeededOrder, stock: readonly LineStock[]): void {
  for (const { productId, warehouse, quantity, state } of stock) {
    if (state === 'held') rows.reservations.push(encodeRow([order.seq, productId, warehouse, quantity, 'held']));
  }
}

/** Adds all rows of an order. */
export function addOrderRows(rows: TableRows, order: SeededOrder, stock: readonly LineStock[]): void {
  addOrder(rows, order);
  addItems(rows, order);
  addHistory(rows, order);
  addReservations(rows, order, stock);
  addPayments(rows, order);
  addShipments(rows, order);
  addRefunds(rows, order);
}
