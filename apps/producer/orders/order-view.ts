import type { Static } from 'typebox';
import type { OrderTrail } from '../../../lib/database/read-trail.ts';
import { allowedActions } from '../../../lib/process/allowed-actions.ts';
import type { OrderState, ParcelAttempt } from '../../../lib/process/order-state.ts';
import type { OrderView } from './order-view-schema.ts';
import type { OrderRecord } from './stored-orders.ts';

type View = Static<typeof OrderView>;

const time = (ms: number): string => new Date(ms).toISOString();
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms));

const payments = (state: OrderState): View['payments'] =>
  state.payments.map(({ attempt, method, state: status, amount, captured, refunded, failureCode, createdAt }) => ({
    ...{ attempt, method, status },
    amount_minor: amount,
    captured_minor: captured,
    refunded_minor: refunded,
    failure_code: failureCode,
    at: time(createdAt),
  }));

const parcel = (parcel: ParcelAttempt, { scans }: OrderTrail): View['parcels'][number] => ({
  parcel_no: parcel.parcelNo,
  status: parcel.state,
  carrier: parcel.carrier,
  tracking_no: parcel.trackingNo,
  lines: parcel.lines,
  promised_at: timeOrNull(parcel.promisedAt),
  shipped_at: timeOrNull(parcel.shippedAt),
  delivered_at: timeOrNull(parcel.deliveredAt),
  scans: scans
    .filter(({ parcel_no }) => parcel_no === parcel.parcelNo)
    .map(({ status, at, place }) => ({ status, at: at.toISOString(), place })),
});

const returns = (state: OrderState): View['returns'] =>
  state.returns.map(({ returnId, state: status, reason, lines, refundMinor, requestedAt, dueAt }) => ({
    return_id: returnId,
    ...{ status, reason, lines },
    refund_minor: refundMinor,
    requested_at: time(requestedAt),
    due_at: timeOrNull(dueAt),
  }));

const refunds = (state: OrderState): View['refunds'] =>
  state.refunds.map(({ refundNo, amount, reason, state: status, createdAt }) => ({
    refund_no: refundNo,
    amount_minor: amount,
    ...{ reason, status },
    at: time(createdAt),
  }));

/** Alarms are for operations. */
const isForCustomer = ({ template }: { template: string }): boolean => template !== 'operations_alarm';

/** What the order's customer and the shop may see of it; the rest is left out when the answer is written. */
export function toView({ order, state, trail }: OrderRecord): View {
  const lines = new Map(state.lines.map((line) => [line.line, line]));
  return {
    ...order,
    order_id: state.orderId,
    status: state.status,
    reporting_status: order.reporting_status as View['reporting_status'],
    placed_at: order.placed_at.toISOString(),
    items: order.items.map((item) => {
      const { shipped, lost, returned } = lines.get(item.line)!;
      return { ...item, shipped, lost, returned };
    }),
    history: order.history.map((step) => ({ ...step, at: step.at.toISOString() })),
    payments: payments(state),
    parcels: state.parcels.map((each) => parcel(each, trail)),
    returns: returns(state),
    refunds: refunds(state),
    notifications: trail.messages
      .filter(isForCustomer)
      .map((message) => ({ ...message, at: message.at.toISOString() })),
    documents: trail.documents.map(({ kind, no, requested_at, bytes }) => ({
      ...{ kind, no },
      requested_at: requested_at.toISOString(),
      ready: bytes !== null,
    })),
    actions: allowedActions(state),
  };
}
