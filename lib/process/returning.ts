import type { DomainEvent } from '../domain/event-types.ts';
import { isFinal } from '../domain/order-machine.ts';
import { RETURN_MACHINE } from '../domain/return-machine.ts';
import { whyNoReturn } from './allowed-actions.ts';
import type { Handled } from './effects.ts';
import type { OrderState, ReturnAttempt } from './order-state.ts';
import { askRefund, isEverythingBack, paidAttempt, valueOfUnits } from './refunds.ts';
import { ask, orderOf } from './requests.ts';
import { restock } from './stock.ts';
import { momentAfter, RETURN_TIMER } from './timers.ts';
import { close, type Turn } from './turn.ts';
import { APPLIED, DUPLICATE, early, late, misplaced, refused } from './verdicts.ts';

const find = (order: OrderState, returnId: string): ReturnAttempt | undefined =>
  order.returns.find((one) => one.returnId === returnId);

/** Moves a return. @throws {RangeError} when its machine has no such step */
function move({ effects }: Turn, one: ReturnAttempt, trigger: string, when = 'always'): void {
  one.state = RETURN_MACHINE.next(one.state, trigger, when);
  effects.changed.add('returns');
}

/** The customer may send the goods: a label is asked for, and they are waited for. */
function approve(turn: Turn, one: ReturnAttempt): void {
  const { order, world, effects } = turn;
  move(turn, one, 'return.approved');
  one.dueAt = momentAfter(order, RETURN_TIMER, world.now);
  const lines = one.lines.map(({ line, quantity }) => {
    const { sku } = order.lines.find((bought) => bought.line === line)!;
    return { line, sku, quantity };
  });
  const carrier = order.parcels.at(0)?.carrier ?? world.carriers[0] ?? '';
  ask(turn, 'return_label', { ...orderOf(order), return_id: one.returnId, carrier, lines });
  effects.documents.push({ kind: 'return_label', no: one.returnNo });
  effects.notifications.push({ key: `return-${one.returnNo}-approved`, template: 'return_approved' });
}

/** A return within what can still come back approves itself. */
export function returnRequested(turn: Turn, { data }: DomainEvent<'oms.return.requested.v1'>): Handled {
  const { order, world } = turn;
  if (find(order, data.return_id)) return DUPLICATE;
  const why = whyNoReturn(order, data.lines);
  if (why) return refused(why);
  const one: ReturnAttempt = {
    returnNo: order.returns.length + 1,
    returnId: data.return_id,
    reason: data.reason,
    state: RETURN_MACHINE.next(null, 'return.requested'),
    lines: data.lines.map(({ line, quantity }) => ({ line, quantity, received: 0, resalable: true })),
    refundMinor: 0,
    requestedAt: world.now,
    dueAt: null,
  };
  order.returns.push(one);
  approve(turn, one);
  return APPLIED;
}

type ReturnFact = DomainEvent<
  | 'oms.return.approved.v1'
  | 'oms.return.denied.v1'
  | 'oms.return.in_transit.v1'
  | 'oms.return.received.v1'
  | 'oms.return.timed_out.v1'
>;

/** A word about one return; what happens besides its step is `apply`'s. */
const aboutReturn =
  <Fact extends ReturnFact>(trigger: string, apply: (turn: Turn, one: ReturnAttempt, data: Fact['data']) => void) =>
  (turn: Turn, { data }: Fact): Handled => {
    const one = find(turn.order, data.return_id);
    if (!one) {
      const detail = `there is no return ${data.return_id}`;
      return isFinal(turn.order.status) ? late(detail) : early(detail);
    }
    if (!RETURN_MACHINE.accepts(one.state, trigger)) return misplaced(RETURN_MACHINE, one.state, trigger);
    apply(turn, one, data);
    return APPLIED;
  };

export const returnApproved = aboutReturn<DomainEvent<'oms.return.approved.v1'>>('return.approved', approve);

export const returnDenied = aboutReturn<DomainEvent<'oms.return.denied.v1'>>('return.denied', (turn, one) => {
  move(turn, one, 'return.denied');
  one.dueAt = null;
});

export const returnInTransit = aboutReturn<DomainEvent<'oms.return.in_transit.v1'>>(
  'return.in_transit',
  (turn, one) => {
    move(turn, one, 'return.in_transit');
    one.dueAt = momentAfter(turn.order, RETURN_TIMER, turn.world.now);
  },
);

export const returnTimedOut = aboutReturn<DomainEvent<'oms.return.timed_out.v1'>>('return.timed_out', (turn, one) => {
  move(turn, one, 'return.timed_out');
  one.dueAt = null;
  turn.effects.notifications.push({ key: `return-${one.returnNo}-expired`, template: 'return_expired' });
});

/** Takes in units of one line, never more than were announced. Returns what they are worth. */
function takeIn(
  turn: Turn,
  one: ReturnAttempt,
  came: DomainEvent<'oms.return.received.v1'>['data']['lines'][number],
): number {
  const { order } = turn;
  const announced = one.lines.find(({ line }) => line === came.line);
  const bought = order.lines.find(({ line }) => line === came.line);
  if (!announced || !bought) return 0;
  const units = Math.min(came.quantity, announced.quantity - announced.received);
  if (units === 0) return 0;
  const value = valueOfUnits(bought, bought.returned + bought.lost, units);
  announced.received += units;
  announced.resalable &&= came.resalable;
  bought.returned += units;
  if (came.resalable) restock(turn, bought.productId, units, 'returned');
  return value;
}

/** The goods are counted: what came is refunded, whatever was announced. */
export const returnReceived = aboutReturn<DomainEvent<'oms.return.received.v1'>>(
  'return.received',
  (turn, one, { lines }) => {
    const { order, effects } = turn;
    move(turn, one, 'return.received');
    one.dueAt = null;
    let value = 0;
    for (const came of lines) value += takeIn(turn, one, came);
    effects.changed.add('lines');
    const units = one.lines.reduce((sum, { received }) => sum + received, 0);
    effects.notifications.push({
      key: `return-${one.returnNo}-received`,
      template: units > 0 ? 'return_received' : 'return_rejected',
    });
    move(turn, one, 'inspect', units > 0 ? 'something_acceptable' : 'nothing_acceptable');
    if (units === 0) return;
    const [first, ...others] = one.lines.filter(({ received }) => received > 0);
    const why = { reason: 'return', returnNo: one.returnNo, lineNo: others.length === 0 ? first!.line : null };
    one.refundMinor = askRefund(turn, paidAttempt(order), value, why);
    // Nothing is left to give back, as after a refund out of goodwill: there is no answer to wait for.
    if (one.refundMinor === 0) finishReturn(turn, one.returnNo);
  },
);

/** A return ends with its refund; the order ends with its last unit. */
export function finishReturn(turn: Turn, returnNo: number | null): void {
  const { order } = turn;
  const one = order.returns.find((candidate) => candidate.returnNo === returnNo);
  if (one?.state !== 'refunding') return;
  move(turn, one, 'payment.refunded');
  if (order.status !== 'delivered' || !isEverythingBack(order)) return;
  close(turn, 'return.refunded', 'everything_back', 'returned', 'returned');
}
