import type { DomainEvent } from '../domain/event-types.ts';
import { isFinal } from '../domain/order-machine.ts';
import { PAYMENT_MACHINE } from '../domain/payment-machine.ts';
import type { Handled } from './effects.ts';
import type { PaymentAttempt } from './order-state.ts';
import { requestOf, settle } from './requests.ts';
import type { Turn } from './turn.ts';
import { APPLIED, early, late, refused } from './verdicts.ts';

type PaymentFact = DomainEvent<
  | 'oms.payment.authorized.v1'
  | 'oms.payment.captured.v1'
  | 'oms.payment.declined.v1'
  | 'oms.payment.action_required.v1'
  | 'oms.payment.voided.v1'
  | 'oms.payment.capture_failed.v1'
  | 'oms.payment.refunded.v1'
  | 'oms.payment.charged_back.v1'
>;
type Apply<Fact extends PaymentFact> = (turn: Turn, attempt: PaymentAttempt, data: Fact['data']) => Handled;

function applyTo<Fact extends PaymentFact>(turn: Turn, data: Fact['data'], apply: Apply<Fact>): Handled {
  const { order } = turn;
  if (data.currency !== order.currency) {
    return refused(`an amount in ${data.currency} for an order in ${order.currency}`);
  }
  const attempt = order.payments[data.attempt - 1];
  if (attempt) return apply(turn, attempt, data);
  const detail = `there is no attempt ${data.attempt} to pay`;
  return isFinal(order.status) ? late(detail) : early(detail);
}

/**
 * A provider's word about one attempt to pay. The request that it answers, if any, is answered by whatever becomes of
 * the word, or it would be sent for ever.
 */
export const aboutPayment =
  <Fact extends PaymentFact>(apply: Apply<Fact>) =>
  (turn: Turn, { data }: Fact): Handled => {
    const handled = applyTo(turn, data, apply);
    if (handled.verdict !== 'early') settle(turn, requestOf(turn.order, data.op_key));
    return handled;
  };

/** Moves an attempt; undefined, with nothing changed, when its machine has no such step. */
export function move(turn: Turn, attempt: PaymentAttempt, trigger: string, when = 'always'): Handled | undefined {
  const to = PAYMENT_MACHINE.target(attempt.state, trigger, when);
  if (!to) return undefined;
  attempt.state = to;
  turn.effects.changed.add('payments');
  return APPLIED;
}
