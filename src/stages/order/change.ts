import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { readOrderState } from '../../../lib/database/order-state.ts';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import { formatMinor, minorDigits, parseMinor } from '../../../lib/domain/money.ts';
import { allowedActions } from '../../../lib/process/allowed-actions.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { findOrderDesk, type TargetFlags } from '../runs/targets.ts';
import { findOrder, type OrderName } from './find-order.ts';
import { askFor, type OrderRequest } from './order-requests.ts';
import type { OrderChange } from './result.ts';
import { readStory, withOrders } from './show.ts';

export interface ChangeOptions extends TargetFlags {
  order: OrderName;
  /** How long to wait for what the request does. */
  waitMs: number;
}

/** What is asked of an order, given what it is now. */
type Ask = (order: OrderState) => Pick<OrderRequest, 'path' | 'body'>;

const BY = 'cli';
const LOOK_EVERY_MS = 100;

interface Handling extends RowDataPacket {
  verdict: string;
  detail: string | null;
}

/** What became of an event; undefined while nobody has handled it, or when that takes longer than `waitMs`. */
async function waitFor(
  pool: Pool,
  { seq }: OrderState,
  eventId: string,
  wait: { ms: number; signal: AbortSignal },
): Promise<Handling | undefined> {
  const deadline = performance.now() + wait.ms;
  for (;;) {
    const [[handled]] = await pool.query<Handling[]>(
      'SELECT verdict, detail FROM inbox WHERE order_seq = ? AND event_id = ?',
      [seq, uuidToBytes(eventId)],
    );
    if (handled || performance.now() >= deadline) return handled;
    await sleep(LOOK_EVERY_MS, undefined, { signal: wait.signal });
  }
}

function change(ask: Ask, { order: name, waitMs, ...flags }: ChangeOptions, context: Context): Promise<OrderChange> {
  const { signal } = context;
  return withOrders(flags, context, async (pool) => {
    const orderId = await findOrder(pool, name);
    const order = (await readOrderState(pool, orderId))!;
    const desk = await findOrderDesk(flags, context);
    const receipt = await askFor(desk, { orderId, key: randomUUID(), ...ask(order) }, signal);
    const handled = await waitFor(pool, order, receipt.event_id, { ms: waitMs, signal });
    if (handled && handled.verdict !== 'applied') {
      throw new OmsError('invalid_transition', `the request came ${handled.verdict} and changed nothing`, {
        ...(handled.detail && { why: handled.detail }),
        next: [`oms order show ${orderId}`],
      });
    }
    return { ...receipt, verdict: handled?.verdict ?? null, order: await readStory(pool, orderId) };
  });
}

/** Asks for an order to be cancelled. */
export function cancelOrder(options: ChangeOptions & { reason: string | undefined }, context: Context) {
  const { reason, ...rest } = options;
  const ask: Ask = ({ orderId }) => ({
    path: `/api/admin/orders/${orderId}/cancel`,
    body: { by: BY, ...(reason !== undefined && { reason }) },
  });
  return change(ask, rest, context);
}

export interface ReturnedLine {
  line: number;
  quantity: number;
}

/** Announces a return in the customer's name. */
export function returnOrder(
  options: ChangeOptions & { reason: string; lines: readonly ReturnedLine[] },
  context: Context,
) {
  const { reason, lines, ...rest } = options;
  const ask: Ask = ({ orderId, customerRef }) => ({
    path: `/api/orders/${orderId}/returns`,
    body: { customer: customerRef, reason, lines },
  });
  return change(ask, rest, context);
}

/** Said here, because the order API speaks of minor units. */
function refuseTooMuch(order: OrderState, minor: number): void {
  const { allowed, up_to_minor: most } = allowedActions(order).refund;
  if (!allowed || minor <= most) return;
  throw new OmsError('usage', `${formatMinor(minor, order.currency)} is too much to give back`, {
    why: `${formatMinor(most, order.currency)} is left of what was paid`,
    next: [`oms order show ${order.orderId}`],
  });
}

/** Asks for money to go back out of goodwill. @throws {OmsError} usage when the amount is none of the order's currency */
export function refundOrder(options: ChangeOptions & { amount: string; reason: string }, context: Context) {
  const { amount, reason, ...rest } = options;
  const ask: Ask = (order) => {
    const { orderId, currency } = order;
    const minor = parseMinor(amount, currency);
    if (!minor) {
      throw new OmsError('usage', `"${amount}" is no amount in ${currency}`, {
        why: `an amount is a plain number with at most ${minorDigits(currency)} digits after the point`,
        next: [`oms order refund ${orderId} --amount 12`],
      });
    }
    refuseTooMuch(order, minor);
    return { path: `/api/admin/orders/${orderId}/refund`, body: { by: BY, amount_minor: minor, reason } };
  };
  return change(ask, rest, context);
}
