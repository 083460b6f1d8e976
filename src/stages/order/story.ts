import { allowedActions } from '../../../lib/process/allowed-actions.ts';
import type { OrderState, ParcelAttempt } from '../../../lib/process/order-state.ts';
import type { OrderRecord } from './record.ts';
import type { OrderStory } from './result.ts';
import { timelineOf } from './timeline.ts';
import { STATUS_WORDS } from './words.ts';

const time = (ms: number): string => new Date(ms).toISOString();
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms));

function lines({ order, state }: OrderRecord): OrderStory['lines'] {
  return order.items.map((item) => {
    const { shipped, lost, returned } = state.lines.find(({ line }) => line === item.line)!;
    return { ...item, shipped, lost, returned };
  });
}

function timeline(record: OrderRecord): OrderStory['timeline'] {
  const happenings = timelineOf(record);
  return happenings.map(({ at, ...rest }, index) => {
    const before = happenings[index - 1]?.at ?? at;
    return { at: at.toISOString(), after_ms: at.getTime() - before.getTime(), ...rest };
  });
}

const payments = (state: OrderState): OrderStory['payments'] =>
  state.payments.map(({ attempt, method, state: status, amount, captured, refunded, failureCode }) => ({
    ...{ attempt, method, status },
    amount_minor: amount,
    captured_minor: captured,
    refunded_minor: refunded,
    failure_code: failureCode,
  }));

const parcel = (parcel: ParcelAttempt): OrderStory['parcels'][number] => ({
  parcel_no: parcel.parcelNo,
  status: parcel.state,
  carrier: parcel.carrier,
  tracking_no: parcel.trackingNo,
  warehouse: parcel.warehouse,
  units: parcel.lines.reduce((sum, { quantity }) => sum + quantity, 0),
  promised_at: timeOrNull(parcel.promisedAt),
  shipped_at: timeOrNull(parcel.shippedAt),
  delivered_at: timeOrNull(parcel.deliveredAt),
});

const returns = (state: OrderState): OrderStory['returns'] =>
  state.returns.map(({ returnNo, returnId, state: status, reason, lines, refundMinor, requestedAt, dueAt }) => ({
    return_no: returnNo,
    return_id: returnId,
    ...{ status, reason },
    lines: lines.map(({ line, quantity, received }) => ({ line, quantity, received })),
    refund_minor: refundMinor,
    requested_at: time(requestedAt),
    due_at: timeOrNull(dueAt),
  }));

const refunds = (state: OrderState): OrderStory['refunds'] =>
  state.refunds.map(({ refundNo, amount, reason, state: status, createdAt }) => ({
    refund_no: refundNo,
    amount_minor: amount,
    ...{ reason, status },
    at: time(createdAt),
  }));

const waiting = (state: OrderState): OrderStory['waiting'] =>
  state.ops
    .filter((op) => op.state === 'waiting')
    .map(({ kind, no, dueAt }) => ({ request: `${kind} ${no}`, due_at: time(dueAt) }));

const place = ({ country, city, postcodePrefix }: OrderState['shipTo']): string =>
  [city, postcodePrefix, country].filter(Boolean).join(', ');

/** All that is known of an order, as its story is told. */
export function toStory(record: OrderRecord): OrderStory {
  const { order, state, trail, ledger, risk } = record;
  return {
    order_id: state.orderId,
    customer: state.customerRef,
    status: state.status,
    status_words: STATUS_WORDS[state.status],
    reporting_status: order.reporting_status,
    reason_code: state.reason,
    version: state.version,
    status_since: time(state.statusSince),
    due_at: timeOrNull(state.dueAt),
    placed_at: time(state.placedAt),
    channel: order.channel,
    synthetic: state.synthetic,
    payment_method: state.paymentMethod,
    shipping_method: state.shippingMethod,
    ship_to: place(state.shipTo),
    currency: state.currency,
    subtotal_minor: state.subtotal,
    discount_minor: state.discount,
    tax_minor: state.tax,
    shipping_minor: state.shipping,
    total_minor: state.total,
    fraud: risk ? { score: risk.score, decision: risk.decision, reasons: risk.reasons } : null,
    lines: lines(record),
    timeline: timeline(record),
    payments: payments(state),
    ledger: ledger.map(({ at, txn, account, debit, credit }) => ({
      at: at.toISOString(),
      ...{ txn, account },
      debit_minor: debit,
      credit_minor: credit,
    })),
    refunds: refunds(state),
    parcels: state.parcels.map(parcel),
    returns: returns(state),
    waiting: waiting(state),
    notifications: trail.messages.map(({ at, template }) => ({ at: at.toISOString(), template })),
    documents: trail.documents.map(({ kind, no, bytes, blob_key }) => ({ kind, no, bytes, blob_key })),
    actions: allowedActions(state),
  };
}
