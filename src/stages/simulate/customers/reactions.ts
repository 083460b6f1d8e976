import type { OrderStory } from '../order-source.ts';
import type { OwnedLine, WaitingOrder } from '../run-orders.ts';

/** What somebody does about an order, as a request to the order API. */
export interface Reaction {
  action: 'cancel' | 'amend' | 'payment-method' | 'mfa' | 'returns' | 'approve' | 'reject';
  /** Staff signs in, customers name themselves. */
  by: 'customer' | 'staff';
  path: string;
  body: Record<string, unknown>;
  /** How long it takes them, in milliseconds. */
  afterMs: number;
}

/** Asked for less so many times without success, a customer gives up. */
const MOST_AMENDMENTS = 3;
/** A person looks at an order for so long before the verdict. */
const REVIEW_MS = 500;
/** A parcel is opened before it is sent back. */
const UNPACKING_MS = 1_000;

const ofCustomer = (
  action: Reaction['action'],
  { orderId, customer }: Pick<WaitingOrder, 'orderId' | 'customer'>,
  body: Record<string, unknown>,
  afterMs: number,
): Reaction => ({
  action,
  by: 'customer',
  path: `/api/orders/${orderId}/${action}`,
  body: { customer, ...body },
  afterMs,
});

export const cancelling = (order: Pick<WaitingOrder, 'orderId' | 'customer'>, afterMs: number): Reaction =>
  ofCustomer('cancel', order, { reason: 'changed my mind' }, afterMs);

/** Half of everything, and half of that the next time; nothing left means the customer wants out. */
function amending(order: WaitingOrder, lines: readonly OwnedLine[], afterMs: number): Reaction {
  const less = lines.map(({ line, quantity }) => ({ line, quantity: Math.floor(quantity / 2) }));
  const isFutile = order.version > MOST_AMENDMENTS + 2 || less.every(({ quantity }) => quantity === 0);
  return isFutile ? cancelling(order, afterMs) : ofCustomer('amend', order, { lines: less }, afterMs);
}

function answering(
  order: WaitingOrder,
  { request }: OrderStory,
  lines: readonly OwnedLine[],
  afterMs: number,
): Reaction {
  if (order.reason === 'mfa') return ofCustomer('mfa', order, {}, afterMs);
  if (order.reason === 'stock') return amending(order, lines, afterMs);
  const payment = { method: 'card', token: `tok_other_${order.n}_${order.version}_ok`, last4: request.payment.last4 };
  return ofCustomer('payment-method', order, { payment }, afterMs);
}

function returning(order: WaitingOrder, { fate }: OrderStory, lines: readonly OwnedLine[]): Reaction | undefined {
  const back = lines.filter(({ returnable }) => returnable > 0);
  const some = fate.returns === 'everything' ? back : back.slice(0, Math.ceil(back.length / 2));
  if (some.length === 0) return undefined;
  const asked = some.map(({ line, returnable }) => ({
    line,
    quantity: fate.returns === 'everything' ? returnable : Math.ceil(returnable / 2),
  }));
  return ofCustomer('returns', order, { reason: 'changed_mind', lines: asked }, UNPACKING_MS);
}

function reviewing({ orderId }: WaitingOrder, { fraud }: OrderStory): Reaction {
  const action = fraud === null ? 'approve' : 'reject';
  const path = `/api/admin/orders/${orderId}/review/${action}`;
  return { action, by: 'staff', path, body: { by: 'simulator' }, afterMs: REVIEW_MS };
}

/**
 * What customer or staff do about an order as it stands, by the truth about it.
 * @returns undefined when nobody does anything
 */
export function reactionTo(order: WaitingOrder, story: OrderStory, lines: readonly OwnedLine[]): Reaction | undefined {
  const { answersAfterMs, returns } = story.fate;
  if (order.status === 'review') return reviewing(order, story);
  if (order.status === 'delivered') return returns === null ? undefined : returning(order, story, lines);
  return answersAfterMs === null ? undefined : answering(order, story, lines, answersAfterMs);
}

/** Whether a reaction to this order would have to look at its lines. */
export const needsLines = ({ status, reason }: WaitingOrder, { fate }: OrderStory): boolean =>
  (status === 'delivered' && fate.returns !== null) || (status === 'action_required' && reason === 'stock');
