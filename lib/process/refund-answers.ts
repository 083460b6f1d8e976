import type { DomainEvent } from '../domain/event-types.ts';
import { aboutPayment, move } from './about-payment.ts';
import type { Handled } from './effects.ts';
import { opKey } from './external-op.ts';
import { book } from './ledger.ts';
import type { OrderState, PaymentAttempt, RefundState } from './order-state.ts';
import { requestOf, settle } from './requests.ts';
import { finishReturn } from './returning.ts';
import type { Turn } from './turn.ts';
import { APPLIED, DUPLICATE, refused } from './verdicts.ts';

type Refunded = DomainEvent<'oms.payment.refunded.v1'>;

/** The refund meant: by the key of its request, else the first of that amount that is still waited for. */
function refundOf(order: OrderState, { op_key, attempt, amount_minor }: Refunded['data']): RefundState | undefined {
  const op = requestOf(order, op_key);
  if (op?.kind === 'refund') return order.refunds.find(({ refundNo }) => refundNo === op.no);
  return order.refunds.find(
    (refund) => refund.state === 'requested' && refund.attempt === attempt && refund.amount === amount_minor,
  );
}

const requestFor = (order: OrderState, no: number) => order.ops.find((op) => op.kind === 'refund' && op.no === no);

/** Money has gone back: told to the customer, with a credit note where there was an invoice. */
export const refunded = aboutPayment<Refunded>((turn, attempt, data) => {
  const { order, effects } = turn;
  const refund = refundOf(order, data);
  if (!refund) return refused('no such refund was asked for');
  if (refund.state !== 'requested') return DUPLICATE;
  refund.state = 'refunded';
  attempt.refunded += refund.amount;
  // Of a payment that the bank has taken back meanwhile the state stays.
  move(turn, attempt, 'payment.refunded', attempt.refunded >= attempt.captured ? 'wholly' : 'partly');
  effects.changed.add('refunds').add('payments');
  settle(turn, requestFor(order, refund.refundNo));
  book(turn, opKey(order.orderId, 'refund', refund.refundNo), 'refunds', 'provider', data.amount_minor);
  effects.notifications.push({ key: `refund-${refund.refundNo}`, template: 'refunded' });
  if (order.parcels.length > 0) effects.documents.push({ kind: 'credit_note', no: refund.refundNo });
  finishReturn(turn, refund.returnNo);
  return APPLIED;
});

/** The provider has nothing left to give back, as when the bank was faster: what is owed is counted again. */
export function refundRefused(turn: Turn, attempt: PaymentAttempt, refundNo: number): Handled {
  const { order, effects } = turn;
  const refund = order.refunds.find((one) => one.refundNo === refundNo);
  if (refund?.state !== 'requested') return DUPLICATE;
  refund.state = 'refused';
  attempt.refundWanted -= refund.amount;
  effects.changed.add('refunds').add('payments');
  finishReturn(turn, refund.returnNo);
  return APPLIED;
}
