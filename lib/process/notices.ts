import type { OrderStatus } from '../domain/order-machine.ts';

/** Every message there is, by the name of its text. All but `operations_alarm` are for the customer. */
export const TEMPLATES = [
  'order_received',
  'order_rejected',
  'stock_short',
  'payment_failed',
  'confirm_payment',
  'order_confirmed',
  'order_shipped',
  'order_delivered',
  'order_cancelled',
  'cancelled_out_of_stock',
  'cancelled_unpaid',
  'cancelled_timeout',
  'cancelled_fraud',
  'order_returned',
  'order_undeliverable',
  'return_approved',
  'return_received',
  'return_rejected',
  'return_expired',
  'refunded',
  'operations_alarm',
] as const;
export type Template = (typeof TEMPLATES)[number];

/** What reaching a status tells the customer: by reason where there are several, `*` for every other one. */
const BY_STATUS: Partial<Record<OrderStatus, Record<string, Template>>> = {
  received: { '*': 'order_received' },
  rejected: { '*': 'order_rejected' },
  action_required: { stock: 'stock_short', payment: 'payment_failed', mfa: 'confirm_payment' },
  confirmed: { '*': 'order_confirmed' },
  partially_shipped: { '*': 'order_shipped' },
  shipped: { '*': 'order_shipped' },
  delivered: { '*': 'order_delivered' },
  cancelled: {
    out_of_stock: 'cancelled_out_of_stock',
    payment_declined: 'cancelled_unpaid',
    mfa_timeout: 'cancelled_unpaid',
    timeout: 'cancelled_timeout',
    fraud: 'cancelled_fraud',
    '*': 'order_cancelled',
  },
  returned: { undeliverable: 'order_undeliverable', '*': 'order_returned' },
};

/** The message of a step; undefined for one that the customer need not hear of. The key is `status-<version>`. */
export function noticeOf(from: OrderStatus | null, to: OrderStatus, reason: string | null): Template | undefined {
  // The first parcel's departure has been told already.
  if (from === 'partially_shipped' && to === 'shipped') return undefined;
  const byReason = BY_STATUS[to];
  return byReason?.[reason ?? '*'] ?? byReason?.['*'];
}
