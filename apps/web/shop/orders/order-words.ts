import type { OrderStatus } from '../../../../lib/domain/order-machine.ts';
import type { Order } from '../../api/orders.ts';

interface Words {
  title: string;
  text: string;
}

const BY_STATUS: Record<OrderStatus, Words> = {
  received: { title: 'We have your order', text: 'Thank you! We are checking it now.' },
  review: {
    title: 'We are having a look',
    text: 'Somebody checks this order before it goes on. You need not do anything.',
  },
  action_required: { title: 'We need you', text: 'The order waits for you.' },
  reserved: { title: 'Waiting for the payment', text: 'Your things are put aside while the payment goes through.' },
  confirmed: { title: 'Your order is confirmed', text: 'We are getting it ready.' },
  fulfilling: { title: 'We are packing', text: 'Your parcel will be with its carrier soon.' },
  partially_shipped: { title: 'Part of it is on its way', text: 'The rest follows.' },
  shipped: { title: 'It is on its way', text: 'You can follow each parcel below.' },
  delivered: { title: 'It has arrived', text: 'Enjoy! If something is not right, send it back from here.' },
  closing: { title: 'We are closing this order', text: 'Whatever is still owed is being settled.' },
  rejected: {
    title: 'We could not take this order',
    text: 'Something in it did not fit our catalogue. Nothing was charged.',
  },
  cancelled: { title: 'This order was cancelled', text: 'Nothing more will happen, and what was paid goes back.' },
  returned: { title: 'Everything came back', text: 'What was paid goes back to you.' },
  completed: { title: 'All done', text: 'It has arrived, and the time for returns is over.' },
};

const WAITING_FOR: Record<string, Words> = {
  stock: { title: 'We do not have enough of it', text: 'Please take less, or cancel. Nothing has been charged.' },
  payment: {
    title: 'The payment did not go through',
    text: 'Please choose another way to pay; your things are kept for a while.',
  },
  mfa: { title: 'Please confirm the payment', text: 'Your bank wants to hear from you first.' },
};

/** Where an order is, as one would say it. */
export function wordsOf({ status, reason_code, reporting_status }: Order): Words {
  if (status === 'action_required') return WAITING_FOR[reason_code ?? ''] ?? BY_STATUS.action_required;
  if (reporting_status === 'out_for_delivery')
    return { title: 'It arrives today', text: 'The parcel is out for delivery.' };
  return BY_STATUS[status];
}

const spoken = (code: string): string => code.replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const STEPS: Partial<Record<string, string>> = {
  received: 'Order received',
  review: 'Being checked',
  action_required: 'Waiting for you',
  reserved: 'Goods put aside, payment asked for',
  confirmed: 'Payment confirmed',
  fulfilling: 'Being packed',
  partially_shipped: 'First parcel handed over',
  shipped: 'Handed to the carrier',
  delivered: 'Delivered',
  closing: 'Being settled',
};

/** One step of an order's history. */
export const stepWords = (to: string, reason: string | null): string =>
  (STEPS[to] ?? capital(spoken(to))) + (reason ? ` (${spoken(reason)})` : '');

const SCANS: Partial<Record<string, string>> = {
  pending: 'Being packed',
  label_failed: 'Being packed',
  label_created: 'Packed',
  ready: 'Ready for the carrier',
  picked_up: 'Picked up by the carrier',
  out_for_delivery: 'Out for delivery',
  delivery_failed: 'Nobody was there',
  returned_to_sender: 'Went back to us',
  voided: 'Not sent',
};

/** Where a parcel is, or was seen. */
export const parcelWords = (status: string): string => SCANS[status] ?? capital(spoken(status));

const PAYMENTS: Partial<Record<string, string>> = {
  authorizing: 'asking the bank',
  requires_action: 'waits for your confirmation',
  authorized: 'reserved, not taken yet',
  capturing: 'being taken',
  captured: 'paid',
  voiding: 'being released',
  voided: 'released, nothing was taken',
};

export const paymentWords = (status: string): string => PAYMENTS[status] ?? spoken(status);

/** "bank_transfer" -> "Bank transfer". */
export const nameOf = (code: string): string => capital(spoken(code));

/** The stations that most orders pass, and how far this one is; undefined where it went another way. */
export function progressOf({ reporting_status, status }: Order): number | undefined {
  if (status === 'returned' || status === 'closing') return undefined;
  const reached: Partial<Record<string, number>> = {
    ...{ pending_payment: 0, paid: 1, processing: 1, packed: 2 },
    ...{ shipped: 3, out_for_delivery: 3, delivered: 4 },
  };
  return reached[reporting_status];
}

export const STATIONS = ['Ordered', 'Paid', 'Packed', 'On its way', 'Delivered'] as const;

/** "0193f2c4": enough to tell one's orders apart. */
export const shortId = (id: string): string => id.slice(0, 8);
