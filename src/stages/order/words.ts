import type { OrderStatus } from '../../../lib/domain/order-machine.ts';

/** What customers call a status. */
export const STATUS_WORDS: Record<OrderStatus, string> = {
  received: 'Received',
  review: 'Being checked',
  action_required: 'Needs your answer',
  reserved: 'Confirming payment',
  confirmed: 'Confirmed',
  fulfilling: 'Being packed',
  partially_shipped: 'Partly on its way',
  shipped: 'On its way',
  delivered: 'Delivered',
  closing: 'Being wound up',
  rejected: 'Refused',
  cancelled: 'Cancelled',
  returned: 'Returned',
  completed: 'Completed',
};

/** Why a status was reached. */
const REASON_WORDS: Record<string, string> = {
  customer: 'the customer wanted out',
  fraud: 'taken for fraud',
  out_of_stock: 'not in stock',
  timeout: 'nobody answered in time',
  payment_declined: 'the payment was declined',
  mfa_timeout: 'the payment was never confirmed',
  undeliverable: 'it could not be delivered',
  returned: 'everything came back',
  stock: 'not all of it is in stock',
  payment: 'the payment was declined',
  mfa: 'the payment has to be confirmed',
};

export const reasonWords = (reason: string): string => REASON_WORDS[reason] ?? reason.replaceAll('_', ' ');

/** What happened, by the name that the machines know it by, in the order of an order's life. */
const EVENT_WORDS: Record<string, string> = {
  'order.placed': 'the order was placed',
  decide: 'stock and risk were decided on',
  'order.amended': 'the customer took less',
  'order.cancel_requested': 'a cancellation was asked for',
  'payment.method_replaced': 'the customer chose another way to pay',
  'payment.mfa_completed': 'the customer confirmed the payment',
  'return.requested': 'the customer announced a return',
  'payment.authorized': 'the money was set aside',
  'payment.captured': 'the money was taken',
  'payment.declined': 'the payment was declined',
  'payment.action_required': 'the provider asked the customer to confirm',
  'payment.voided': 'the money set aside was let go',
  'payment.capture_failed': 'taking the money failed',
  'payment.refunded': 'money went back to the customer',
  'payment.charged_back': 'the bank took the money back',
  'shipment.label_created': 'a parcel got its label',
  'shipment.label_failed': 'the carrier made no label',
  'shipment.picked_up': 'the carrier took a parcel',
  'shipment.in_transit': 'a parcel is on its way',
  'shipment.out_for_delivery': 'a parcel is out for delivery',
  'shipment.delivery_failed': 'nobody took the parcel',
  'shipment.delivered': 'a parcel was delivered',
  'shipment.lost': 'a parcel was lost',
  'shipment.returned_to_sender': 'a parcel came back undelivered',
  'return.in_transit': 'the returned goods are on their way',
  'return.received': 'the returned goods arrived',
  'review.approved': 'a person found the order good',
  'review.rejected': 'a person found the order fraudulent',
  'return.approved': 'the return was approved',
  'return.denied': 'the return was denied',
  'return.refunded': 'the return was refunded',
  'refund.requested': 'a refund was asked for',
  'order.timed_out': 'the time was up',
  'return.timed_out': 'the return never came',
  'return_window.closed': 'the time to return it was over',
  settled: 'nothing was owed any more',
};

export const eventWords = (trigger: string): string => EVENT_WORDS[trigger] ?? trigger;

const LIFE = Object.keys(EVENT_WORDS);

/** Where in an order's life an event belongs, against others. */
export const lifeOrder = (trigger: string): number => LIFE.indexOf(trigger);

/** Where an event came from: `/psp/sandbox` -> `sandbox`, `/admin/ana` -> `staff (ana)`. */
export function actorOf(source: string): string {
  const [, kind = '', name = ''] = source.split('/');
  if (kind === 'shop') return 'shop';
  if (kind === 'admin') return name === 'staff' ? 'staff' : `staff (${name})`;
  if (kind === 'timer') return 'clock';
  return name || kind;
}
