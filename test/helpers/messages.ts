import type { OutgoingMessage } from '../../apps/notifier/channels/channel.ts';
import type { MailOptions } from '../../apps/notifier/channels/mail.ts';

export const ORDER_ID = '0a1b2c3d-4e5f-8a6b-9c7d-0e1f2a3b4c5d';

export const MAIL: MailOptions = {
  sender: 'The Shop',
  from: 'orders@shop.test',
  addressOf: '{customer}@customers.test',
  operations: 'ops@shop.test',
};

/** A message to customer c-1. */
export const outgoing = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ orderId: ORDER_ID, key: 'status-3', template: 'order_confirmed', customerRef: 'c-1' },
  ...{ synthetic: false, forOperations: false, createdAt: new Date(Date.UTC(2026, 2, 1, 12)) },
  ...{ subject: 'Your order is confirmed', text: 'Good news!\n' },
  ...changes,
});
