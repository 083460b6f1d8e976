import * as sql from '../../../lib/database/sql-text.ts';
import type { OrderPlacedEvent } from '../../../lib/domain/order-events.ts';
import { reportingStatusFor } from '../../../lib/domain/reporting-status.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import type { OrderWork } from '../order-work.ts';

/** An order that came in this batch. */
export type NewOrder = OrderWork & { placed: OrderPlacedEvent };

export const isNew = (work: OrderWork): work is NewOrder => work.placed !== null;

/** When this batch cancelled the order, if it did. */
const cancelledAt = ({ effects }: OrderWork): sql.Literal =>
  sql.timeOrNull(effects.steps.find(({ to }) => to === 'cancelled')?.at);

const NEW_ORDERS =
  'orders (order_seq, order_id, customer_ref, idempotency_key, request_hash, status, reporting_status, reason_code, close_as, ' +
  'version, status_since, due_at, channel, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, ' +
  'coupon_code, payment_method, stock_policy, shipping_method, ship_country, ship_city, ship_postcode_prefix, ' +
  'fraud_score, fraud_flag, synthetic, simulation, placed_at, stored_at, cancelled_at)';

const amountsOf = ({ subtotal, discount, tax, shipping, total }: OrderState): sql.Literal[] =>
  [subtotal, discount, tax, shipping, total].map(sql.integer);

/** What may change of an order's row. */
const statusOf = (order: OrderState): sql.Literal[] => [
  sql.text(order.status),
  sql.text(reportingStatusFor(order)),
  sql.textOrNull(order.reason),
  sql.textOrNull(order.closeAs),
  sql.integer(order.version),
  sql.time(order.statusSince),
  sql.timeOrNull(order.dueAt),
];

function newOrderRow(work: NewOrder, now: sql.Literal): sql.Literal[] {
  const { order, placed, risk } = work;
  const { data } = placed;
  const assessed = risk !== null && order.status !== 'rejected';
  return [
    sql.integer(order.seq),
    sql.binary(data.order_id),
    sql.text(data.customer_ref),
    sql.text(data.idempotency_key),
    sql.binary(data.request_hash),
    ...statusOf(order),
    sql.text(data.channel),
    sql.text(data.currency),
    ...amountsOf(order),
    sql.textOrNull(data.coupon_code),
    sql.text(order.paymentMethod),
    sql.text(order.stockPolicy),
    sql.text(order.shippingMethod),
    sql.text(data.shipping.country),
    sql.text(data.shipping.city),
    sql.text(data.shipping.postcode_prefix),
    assessed ? (risk.score * 100).toFixed(2) : 'NULL',
    assessed && risk.decision !== 'allow' ? '1' : '0',
    order.synthetic ? '1' : '0',
    sql.textOrNull(order.simulation && JSON.stringify(order.simulation)),
    sql.time(order.placedAt),
    now,
    cancelledAt(work),
  ];
}

/** New customers are known by what they buy first; those known already stay as they are. Sorted against deadlocks. */
function customerRows(works: readonly NewOrder[]): sql.Literal[][] {
  const byRef = new Map(works.map(({ placed }) => [placed.data.customer_ref, placed]));
  return [...byRef.keys()].sort().map((ref) => {
    const placed = byRef.get(ref)!;
    const { city, country } = placed.data.shipping;
    return [sql.text(ref), "'consumer'", sql.text(city), sql.text(country), sql.time(Date.parse(placed.time))];
  });
}

/** What customers wrote: apart from their orders, which questions may read. */
const noteRows = (works: readonly NewOrder[]): sql.Literal[][] =>
  works.flatMap(({ order, placed }) => {
    const { note } = placed.data;
    return note === undefined ? [] : [[sql.integer(order.seq), sql.text(note)]];
  });

export function insertOrders(works: readonly NewOrder[], nowMs: number): string {
  const now = sql.time(nowMs);
  return (
    sql.insert('customers', customerRows(works), 'INSERT IGNORE') +
    sql.insert(
      NEW_ORDERS,
      works.map((work) => newOrderRow(work, now)),
    ) +
    sql.insert('order_notes (order_seq, note)', noteRows(works))
  );
}

const CHANGING = [
  'status',
  'reporting_status',
  'reason_code',
  'close_as',
  'version',
  'status_since',
  'due_at',
  'subtotal_minor',
  'discount_minor',
  'tax_minor',
  'shipping_minor',
  'total_minor',
  'payment_method',
];

/** Rows of orders that were there before and have changed. */
export function updateOrders(works: readonly OrderWork[]): string {
  const rows = works.map((work) => {
    const { order } = work;
    const values = [...statusOf(order), ...amountsOf(order), sql.text(order.paymentMethod), cancelledAt(work)];
    return [sql.integer(order.seq), ...values];
  });
  return sql.updateEach('orders', ['order_seq'], [...CHANGING, 'cancelled_at'], rows, [
    ...CHANGING.map((column) => `orders.${column}=changed.new_${column}`),
    'orders.cancelled_at=COALESCE(orders.cancelled_at,changed.new_cancelled_at)',
  ]);
}
