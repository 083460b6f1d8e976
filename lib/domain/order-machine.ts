import { Machine, rows, type Transition } from './machine.ts';

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

const row = rows<OrderStatus>;

/**
 * The whole order machine as data. Legality is by (status, trigger, condition), never by (status, status):
 * a status reached by the wrong trigger is how customers get charged for stuck orders.
 */
export const ORDER_TRANSITIONS: readonly Transition<OrderStatus>[] = [
  ...row([null], 'order.placed', 'valid', 'received'),
  ...row([null], 'order.placed', 'invalid', 'rejected'),
  ...row(['received'], 'decide', 'stock_ok', 'reserved'),
  ...row(['received'], 'decide', 'risk_review', 'review'),
  ...row(['received'], 'decide', 'risk_block', 'closing'),
  ...row(['received'], 'decide', 'stock_short_amend', 'action_required'),
  ...row(['received'], 'decide', 'stock_short_cancel', 'closing'),
  ...row(
    ['received', 'review', 'action_required', 'reserved', 'confirmed'],
    'order.cancel_requested',
    'always',
    'closing',
  ),
  ...row(['review'], 'review.approved', 'stock_ok', 'reserved'),
  ...row(['review'], 'review.approved', 'stock_short_amend', 'action_required'),
  ...row(['review'], 'review.approved', 'stock_short_cancel', 'closing'),
  ...row(['review'], 'review.rejected', 'always', 'closing'),
  ...row(['review', 'action_required', 'reserved'], 'order.timed_out', 'timer_current', 'closing'),
  ...row(['action_required'], 'order.amended', 'stock_ok', 'reserved'),
  ...row(['action_required'], 'order.amended', 'stock_short', 'action_required'),
  ...row(['action_required'], 'payment.method_replaced', 'reason_payment', 'reserved'),
  ...row(['action_required'], 'payment.method_replaced', 'reason_mfa', 'reserved'),
  ...row(['action_required'], 'payment.mfa_completed', 'reason_mfa', 'reserved'),
  ...row(['reserved'], 'payment.authorized', 'current_attempt', 'confirmed'),
  ...row(['reserved'], 'payment.captured', 'immediate_capture', 'confirmed'),
  ...row(['reserved'], 'payment.declined', 'attempts_left', 'action_required'),
  ...row(['reserved'], 'payment.declined', 'no_attempts_left', 'closing'),
  ...row(['reserved'], 'payment.action_required', 'always', 'action_required'),
  ...row(['confirmed'], 'shipment.label_created', 'first_label', 'fulfilling'),
  ...row(['fulfilling'], 'order.cancel_requested', 'nothing_ready', 'closing'),
  ...row(['confirmed', 'fulfilling'], 'payment.charged_back', 'nothing_ready', 'closing'),
  ...row(['fulfilling'], 'shipment.picked_up', 'some_parcels', 'partially_shipped'),
  ...row(['fulfilling', 'partially_shipped'], 'shipment.picked_up', 'all_parcels', 'shipped'),
  ...row(['shipped'], 'shipment.delivered', 'all_final', 'delivered'),
  ...row(['shipped'], 'shipment.lost', 'one_delivered', 'delivered'),
  ...row(['shipped'], 'shipment.lost', 'none_delivered', 'closing'),
  ...row(['shipped'], 'shipment.returned_to_sender', 'one_delivered', 'delivered'),
  ...row(['shipped'], 'shipment.returned_to_sender', 'none_delivered', 'closing'),
  ...row(['delivered'], 'return.refunded', 'everything_back', 'closing'),
  ...row(['delivered'], 'return_window.closed', 'nothing_open', 'completed'),
  ...row(['closing'], 'settled', 'close_as_cancelled', 'cancelled'),
  ...row(['closing'], 'settled', 'close_as_returned', 'returned'),
];

export const ORDER_MACHINE = new Machine<OrderStatus>('order', ORDER_STATUSES, ORDER_TRANSITIONS);

/** @throws {RangeError} when the machine has no such step: a bug of the caller, never of the event */
export function nextStatus(from: OrderStatus | null, trigger: string, when: string): OrderStatus {
  return ORDER_MACHINE.next(from, trigger, when);
}

/** Whether a recorded step is one of the machine's (for checking a stored history). */
export function isLegalStep(from: OrderStatus | null, trigger: string, to: OrderStatus): boolean {
  return ORDER_MACHINE.isLegalStep(from, trigger, to);
}

export function isFinal(status: OrderStatus): boolean {
  return ORDER_MACHINE.isFinal(status);
}
