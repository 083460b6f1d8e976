import { ORDER_MACHINE } from '../domain/order-machine.ts';
import type { ParcelState } from '../domain/parcel-machine.ts';
import type { LineState, OrderState } from './order-state.ts';
import { currentAttempt, MAX_ATTEMPTS } from './payment-requests.ts';
import { paidAttempt, refundable } from './refunds.ts';

const STILL_HERE: ReadonlySet<ParcelState> = new Set(['pending', 'label_failed', 'label_created', 'voided']);

/** No parcel is with its carrier, or waits for it: the point of no return. */
export const areParcelsHere = (order: OrderState): boolean => order.parcels.every(({ state }) => STILL_HERE.has(state));

/** Why an order cannot be cancelled now; undefined when it can. The functions after it answer likewise. */
export function whyNoCancel(order: OrderState): string | undefined {
  if (!ORDER_MACHINE.accepts(order.status, 'order.cancel_requested')) {
    return `an order that is ${order.status} cannot be cancelled`;
  }
  return areParcelsHere(order) ? undefined : 'a parcel is already with the carrier or waits for it';
}

const waitsFor = ({ status, reason }: OrderState, ...reasons: string[]): boolean =>
  status === 'action_required' && reasons.includes(reason ?? '');

/** What is asked for names each line once, and only lines that were bought. */
function unknownLine(order: OrderState, lines: readonly { line: number }[]): string | undefined {
  const named = new Set<number>();
  for (const { line } of lines) {
    if (!order.lines.some((bought) => bought.line === line)) return `the order has no line ${line}`;
    if (named.has(line)) return `line ${line} is named twice`;
    named.add(line);
  }
  return undefined;
}

export function whyNoAmend(
  order: OrderState,
  lines: readonly { line: number; quantity: number }[] = [],
): string | undefined {
  if (!waitsFor(order, 'stock')) return 'only an order that waits for stock can be amended';
  const unknown = unknownLine(order, lines);
  if (unknown) return unknown;
  const amended = order.lines.map(
    (bought) => lines.find(({ line }) => line === bought.line)?.quantity ?? bought.quantity,
  );
  const more = order.lines.find((bought, index) => amended[index]! > bought.quantity);
  if (more) return `line ${more.line} has ${more.quantity}: an amendment takes less, not more`;
  return amended.every((quantity) => quantity === 0)
    ? 'nothing would be left of the order; cancel it instead'
    : undefined;
}

export function whyNoPaymentMethod(order: OrderState): string | undefined {
  if (!waitsFor(order, 'payment', 'mfa')) return 'only an order whose payment has failed takes another payment method';
  return order.payments.length < MAX_ATTEMPTS ? undefined : `${MAX_ATTEMPTS} attempts to pay are all there are`;
}

export function whyNoMfa(order: OrderState): string | undefined {
  const isAsked = waitsFor(order, 'mfa') && currentAttempt(order)?.state === 'requires_action';
  return isAsked ? undefined : 'the order waits for no confirmation of its payment';
}

const OPEN_RETURN = new Set(['requested', 'approved', 'in_transit']);

/** Units of a line that can still be sent back: bought, neither lost nor back, nor announced already. */
function returnableUnits(order: OrderState, { line, shipped, lost, returned }: LineState): number {
  let announced = 0;
  for (const one of order.returns) {
    if (OPEN_RETURN.has(one.state)) announced += one.lines.find((part) => part.line === line)?.quantity ?? 0;
  }
  return shipped - lost - returned - announced;
}

export function whyNoReturn(
  order: OrderState,
  lines: readonly { line: number; quantity: number }[] = [],
): string | undefined {
  if (order.status !== 'delivered') return 'only a delivered order whose return window is open can be returned';
  const unknown = unknownLine(order, lines);
  if (unknown) return unknown;
  for (const { line, quantity } of lines) {
    const left = returnableUnits(order, order.lines.find((bought) => bought.line === line)!);
    if (quantity > left) return `line ${line} has ${left} to return, not ${quantity}`;
  }
  const anything = order.lines.some((bought) => returnableUnits(order, bought) > 0);
  return anything ? undefined : 'everything has been returned or announced already';
}

/** What can go back out of goodwill, in minor units. */
const refundableNow = (order: OrderState): number => {
  const attempt = order.status === 'closing' ? undefined : paidAttempt(order);
  return attempt ? refundable(attempt) : 0;
};

export function whyNoRefund(order: OrderState, amount = 1): string | undefined {
  if (order.status === 'closing') return 'everything is being refunded already';
  const left = refundableNow(order);
  if (left === 0) return 'there is no money left that could go back';
  return amount > left ? `${left} is left to refund, not ${amount}` : undefined;
}

export const whyNoReview = (order: OrderState): string | undefined =>
  order.status === 'review' ? undefined : 'the order waits for no review';

/** Whether something can be done with an order now, and if not, why. */
export interface Possibility {
  allowed: boolean;
  why: string | null;
}

export interface AllowedActions {
  cancel: Possibility;
  amend: Possibility;
  payment_method: Possibility;
  mfa: Possibility;
  /** How many units of each line can still be sent back; lines without any are left out. */
  return: Possibility & { lines: { line: number; quantity: number }[] };
  /** By staff; `up_to_minor` is the most that can go back. */
  refund: Possibility & { up_to_minor: number };
  review: Possibility;
}

const possibility = (why: string | undefined): Possibility => ({ allowed: why === undefined, why: why ?? null });

/** Everything that can be asked of an order as it is now: what its customer and staff are shown, and held to. */
export function allowedActions(order: OrderState): AllowedActions {
  const returnable = order.status === 'delivered' ? order.lines : [];
  return {
    cancel: possibility(whyNoCancel(order)),
    amend: possibility(whyNoAmend(order)),
    payment_method: possibility(whyNoPaymentMethod(order)),
    mfa: possibility(whyNoMfa(order)),
    return: {
      ...possibility(whyNoReturn(order)),
      lines: returnable
        .map((bought) => ({ line: bought.line, quantity: returnableUnits(order, bought) }))
        .filter(({ quantity }) => quantity > 0),
    },
    refund: { ...possibility(whyNoRefund(order)), up_to_minor: refundableNow(order) },
    review: possibility(whyNoReview(order)),
  };
}
