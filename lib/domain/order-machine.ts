/** Every status an order can have; the last four are final. */
export const ORDER_STATUSES = [
  'received',
  'review',
  'action_required',
  'reserved',
  'confirmed',
  'fulfilling',
  'partially_shipped',
  'shipped',
  'delivered',
  'closing',
  'rejected',
  'cancelled',
  'returned',
  'completed',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** One legal step. `from` is null for an order that does not exist yet; `when` names what decides between targets. */
export interface Transition {
  from: OrderStatus | null;
  trigger: string;
  when: string;
  to: OrderStatus;
}

const rows = (from: (OrderStatus | null)[], trigger: string, when: string, to: OrderStatus): Transition[] =>
  from.map((status) => ({ from: status, trigger, when, to }));

/**
 * The whole order machine as data. Legality is by (status, trigger, condition), never by (status, status):
 * a status reached by the wrong trigger is how customers get charged for stuck orders.
 */
export const ORDER_TRANSITIONS: readonly Transition[] = [
  ...rows([null], 'order.placed', 'valid', 'received'),
  ...rows([null], 'order.placed', 'invalid', 'rejected'),
  ...rows(['received'], 'decide', 'stock_ok', 'reserved'),
  ...rows(['received'], 'decide', 'risk_review', 'review'),
  ...rows(['received'], 'decide', 'risk_block', 'closing'),
  ...rows(['received'], 'decide', 'stock_short_amend', 'action_required'),
  ...rows(['received'], 'decide', 'stock_short_cancel', 'closing'),
  ...rows(
    ['received', 'review', 'action_required', 'reserved', 'confirmed'],
    'order.cancel_requested',
    'always',
    'closing',
  ),
  ...rows(['review'], 'review.approved', 'stock_ok', 'reserved'),
  ...rows(['review'], 'review.approved', 'stock_short_amend', 'action_required'),
  ...rows(['review'], 'review.approved', 'stock_short_cancel', 'closing'),
  ...rows(['review'], 'review.rejected', 'always', 'closing'),
  ...rows(['review', 'action_required', 'reserved'], 'order.timed_out', 'timer_current', 'closing'),
  ...rows(['action_required'], 'order.amended', 'stock_ok', 'reserved'),
  ...rows(['action_required'], 'order.amended', 'stock_short', 'action_required'),
  ...rows(['action_required'], 'payment.method_replaced', 'reason_payment', 'reserved'),
  ...rows(['action_required'], 'payment.mfa_completed', 'reason_mfa', 'reserved'),
  ...rows(['reserved'], 'payment.authorized', 'current_attempt', 'confirmed'),
  ...rows(['reserved'], 'payment.captured', 'immediate_capture', 'confirmed'),
  ...rows(['reserved'], 'payment.declined', 'attempts_left', 'action_required'),
  ...rows(['reserved'], 'payment.declined', 'no_attempts_left', 'closing'),
  ...rows(['reserved'], 'payment.action_required', 'always', 'action_required'),
  ...rows(['confirmed'], 'shipment.label_created', 'first_label', 'fulfilling'),
  ...rows(['fulfilling'], 'order.cancel_requested', 'nothing_ready', 'closing'),
  ...rows(['fulfilling'], 'shipment.picked_up', 'some_parcels', 'partially_shipped'),
  ...rows(['fulfilling', 'partially_shipped'], 'shipment.picked_up', 'all_parcels', 'shipped'),
  ...rows(['shipped'], 'shipment.delivered', 'all_final', 'delivered'),
  ...rows(['shipped'], 'shipment.lost', 'one_delivered', 'delivered'),
  ...rows(['shipped'], 'shipment.lost', 'none_delivered', 'closing'),
  ...rows(['shipped'], 'shipment.returned_to_sender', 'one_delivered', 'delivered'),
  ...rows(['shipped'], 'shipment.returned_to_sender', 'none_delivered', 'closing'),
  ...rows(['delivered'], 'return.refunded', 'everything_back', 'closing'),
  ...rows(['delivered'], 'return_window.closed', 'nothing_open', 'completed'),
  ...rows(['closing'], 'settled', 'close_as_cancelled', 'cancelled'),
  ...rows(['closing'], 'settled', 'close_as_returned', 'returned'),
];

const BY_STEP = new Map(ORDER_TRANSITIONS.map((row) => [`${row.from}|${row.trigger}|${row.when}`, row.to]));
const LEGAL = new Set(ORDER_TRANSITIONS.map((row) => `${row.from}|${row.trigger}|${row.to}`));

/** @throws {RangeError} when the machine has no such step: a bug of the caller, never of the event */
export function nextStatus(from: OrderStatus | null, trigger: string, when: string): OrderStatus {
  const to = BY_STEP.get(`${from}|${trigger}|${when}`);
  if (!to) throw new RangeError(`no step from ${from ?? '(new)'} by ${trigger} when ${when}`);
  return to;
}

/** Whether a recorded step is one of the machine's (for checking a stored history). */
export function isLegalStep(from: OrderStatus | null, trigger: string, to: OrderStatus): boolean {
  return LEGAL.has(`${from}|${trigger}|${to}`);
}

export function isFinal(status: OrderStatus): boolean {
  return !ORDER_TRANSITIONS.some((row) => row.from === status);
}
