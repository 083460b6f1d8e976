import { isFinal } from '../domain/order-machine.ts';
import { PARCEL_MACHINE } from '../domain/parcel-machine.ts';
import { PAYMENT_MACHINE } from '../domain/payment-machine.ts';
import { PAYMENT_FLOWS } from '../domain/payment-methods.ts';
import type { OrderState, ParcelAttempt, PaymentAttempt } from './order-state.ts';
import { askLabel, isLabelAwaited, pack, release, voidParcel } from './parcel-requests.ts';
import { askCapture, askVoid, beginAttempt, currentAttempt } from './payment-requests.ts';
import { askRefund, refundable } from './refunds.ts';
import { releaseStock } from './stock.ts';
import { type Turn, takeStep } from './turn.ts';

/**
 * What is owed, from the state alone, however the order came to it: nothing depends on which event was the last one.
 * A request moves the machine that it is about, so that it is made once.
 */
export function meetObligations(turn: Turn): void {
  const { order } = turn;
  if (isFinal(order.status)) return;
  for (const attempt of order.payments) {
    if (order.status === 'closing' || attempt !== currentAttempt(order)) letGo(turn, attempt);
  }
  if (order.status === 'reserved' && order.payments.length === 0) beginAttempt(turn);
  else if (order.status === 'confirmed' || order.status === 'fulfilling') prepareParcels(turn);
  else if (order.status === 'closing') windUp(turn);
}

/**
 * An attempt that is not to pay for anything: what is set aside is voided, what was taken goes back. While nobody knows
 * whether it worked there is nothing to undo yet; only a customer who was asked and may never answer is asked no more.
 */
function letGo(turn: Turn, attempt: PaymentAttempt): void {
  const { state, method } = attempt;
  const isAsking = state === 'requires_action' || (state === 'authorizing' && PAYMENT_FLOWS[method] === 'collect');
  if (isAsking || state === 'authorized') askVoid(turn, attempt);
  else askRefund(turn, attempt, refundable(attempt), { reason: turn.order.reason ?? 'superseded' });
}

const isLabelled = ({ state }: ParcelAttempt): boolean => state !== 'pending' && state !== 'label_failed';

/** Money that was taken and not taken back by the bank; what was refunded out of goodwill was paid nevertheless. */
const isPaid = ({ state }: PaymentAttempt): boolean =>
  state === 'captured' || state === 'partially_refunded' || state === 'refunded';

/** Labels first, then the money, then the carrier: nothing is handed over that is not paid for. */
function prepareParcels(turn: Turn): void {
  const { order } = turn;
  if (order.parcels.length === 0) pack(turn);
  for (const parcel of order.parcels) {
    if (!isLabelled(parcel) && !isLabelAwaited(order, parcel)) askLabel(turn, parcel);
  }
  const attempt = currentAttempt(order);
  if (!attempt || !order.parcels.every(isLabelled)) return;
  if (attempt.state === 'authorized') askCapture(turn, attempt);
  if (!isPaid(attempt)) return;
  for (const parcel of order.parcels) if (parcel.state === 'label_created') release(turn, parcel);
}

/** Closing lasts until no stock is held, no label is out, and no money is where it does not belong. */
function windUp(turn: Turn): void {
  const { order } = turn;
  releaseStock(turn);
  for (const parcel of order.parcels) {
    if (PARCEL_MACHINE.target(parcel.state, 'void') && !isLabelAwaited(order, parcel)) voidParcel(turn, parcel);
  }
  if (!isSettled(order)) return;
  takeStep(turn, 'settled', order.closeAs === 'returned' ? 'close_as_returned' : 'close_as_cancelled', order.reason);
}

const isSettledPayment = ({ state, captured, refunded }: PaymentAttempt): boolean =>
  PAYMENT_MACHINE.isFinal(state) || ((state === 'captured' || state === 'partially_refunded') && captured === refunded);

const isSettled = (order: OrderState): boolean =>
  order.parcels.every(({ state }) => PARCEL_MACHINE.isFinal(state)) &&
  order.payments.every(isSettledPayment) &&
  order.refunds.every(({ state }) => state !== 'requested');
