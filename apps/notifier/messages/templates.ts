import type { Template } from '../../../lib/process/notices.ts';

/** What texts may name; a paragraph that names something the message has not is left out. */
export const PLACEHOLDERS = ['order', 'number', 'total', 'amount', 'parcels', 'return', 'status', 'link'] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** One message in plain English: `{name}` stands for what is known of the order. */
export interface MessageText {
  subject: string;
  /** Paragraphs. */
  body: readonly string[];
}

const SEE = 'You can see your order here:\n{link}';

/** Every message there is. A subject names the order and nothing that somebody has typed. */
export const TEXTS: Record<Template, MessageText> = {
  order_received: {
    subject: 'We have your order {number}',
    body: [
      'Thank you! We have received your order over {total}. We will write again as soon as it is confirmed.',
      'Your order number: {order}',
      SEE,
    ],
  },
  order_rejected: {
    subject: 'We could not take your order {number}',
    body: [
      'We are sorry: your order could not be taken, because something in it does not fit our catalogue or its prices.',
      'Nothing has been charged. Please look at your basket and order again.',
      'Order number: {order}',
    ],
  },
  stock_short: {
    subject: 'Your order {number}: we do not have enough in stock',
    body: [
      'Some of what you ordered is sold out or not there in the quantity you asked for.',
      'Please choose: take what is there, or cancel the order. Without an answer it is cancelled, and nothing is charged.',
      SEE,
    ],
  },
  payment_failed: {
    subject: 'Your order {number}: the payment did not go through',
    body: [
      'Your payment of {total} was declined. Please choose another way to pay; we keep your goods for a short while.',
      SEE,
    ],
  },
  confirm_payment: {
    subject: 'Your order {number}: please confirm the payment',
    body: ['Your bank wants you to confirm the payment of {total}. Without it the order is cancelled.', SEE],
  },
  order_confirmed: {
    subject: 'Your order {number} is confirmed',
    body: [
      'Good news: your order is confirmed, and we are getting it ready. Total: {total}.',
      'Your invoice is being made and will be with your order.',
      'Your order number: {order}',
      SEE,
    ],
  },
  order_shipped: {
    subject: 'Your order {number} is on its way',
    body: ['Good news: your order has left our warehouse and is on its way to you.', 'Where it is:\n{parcels}', SEE],
  },
  order_delivered: {
    subject: 'Your order {number} was delivered',
    body: [
      'Your order was delivered. We hope you like it!',
      'If something is not right, you can send it back: announce the return with your order, and you get a label.',
      SEE,
    ],
  },
  order_cancelled: {
    subject: 'Your order {number} is cancelled',
    body: ['Your order over {total} is cancelled. Whatever you have paid goes back to you.', 'Order number: {order}'],
  },
  cancelled_out_of_stock: {
    subject: 'Your order {number} is cancelled: out of stock',
    body: [
      'We are sorry: what you ordered is sold out, so we had to cancel your order over {total}.',
      'Whatever you have paid goes back to you.',
    ],
  },
  cancelled_unpaid: {
    subject: 'Your order {number} is cancelled: no payment',
    body: ['Your order over {total} could not be paid, so it is cancelled. Nothing has been charged.'],
  },
  cancelled_timeout: {
    subject: 'Your order {number} is cancelled',
    body: [
      'We have waited for an answer and got none in time, so your order over {total} is cancelled.',
      'Whatever you have paid goes back to you. You are welcome to order again.',
    ],
  },
  cancelled_fraud: {
    subject: 'Your order {number} is cancelled',
    body: [
      'We could not accept your order over {total}. Whatever you have paid goes back to you.',
      'If you think that this is a mistake, please write to us and name the order number: {order}',
    ],
  },
  order_returned: {
    subject: 'Your order {number} came back',
    body: ['Everything of your order came back to us, and everything you paid for it goes back to you.', SEE],
  },
  order_undeliverable: {
    subject: 'Your order {number} could not be delivered',
    body: [
      'We are sorry: your order could not be delivered. Everything you paid for it goes back to you.',
      'You are welcome to order again; please check the address.',
    ],
  },
  return_approved: {
    subject: 'Your return for order {number}',
    body: [
      'You can send the goods back. Your return label is being made and will be with your order.',
      'Your return number: {return}',
      SEE,
    ],
  },
  return_received: {
    subject: 'Your return for order {number} has arrived',
    body: [
      'What you sent back has arrived, and we have looked at it.',
      'We refund {amount}.',
      'Return number: {return}',
      SEE,
    ],
  },
  return_rejected: {
    subject: 'Your return for order {number}',
    body: ['We found nothing of what you announced in your return, so nothing is refunded.', 'Return number: {return}'],
  },
  return_expired: {
    subject: 'Your return for order {number} has expired',
    body: [
      'We have not received the goods that you wanted to send back, so the return is closed. You keep the goods.',
      'Return number: {return}',
    ],
  },
  refunded: {
    subject: 'Your refund for order {number}',
    body: [
      'We have sent {amount} back to you, the way you paid. Your bank may take some days to show it.',
      'Order number: {order}',
      SEE,
    ],
  },
  operations_alarm: {
    subject: 'Order {number} has waited too long',
    body: ['Order {order} has been waiting for longer than it should. It is now: {status}.', '{link}'],
  },
};
