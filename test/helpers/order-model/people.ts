import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import { PAYMENT_METHODS } from '../../../lib/domain/fields.ts';
import type { OrderPlacedEvent } from '../../../lib/domain/order-events.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { placedEvent } from '../orders.ts';
import { derivedId, eventFor, type Setting, scaleOf } from './setting.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

const TOKENS = ['tok_ok', 'tok_ok', 'tok_decline_funds', 'tok_soft', 'tok_softer', 'tok_mfa', 'tok_capture_fails'];

/** Taxes on it leave fractions in each unit of a line. */
export const PRICE_MINOR = 1_003;

const VERDICTS = ['approved', 'approved', 'approved', 'rejected', null] as const;

/** Customers who order, change their minds, pay in the end or not, and send things back; and the shop's staff. */
export class People {
  readonly #setting: Setting;
  readonly #seen = new Map<string, number>();
  #said = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** An order of some units of few products, and perhaps a change of mind at any later moment. */
  placeOrder(key: string, skus: readonly string[]): OrderPlacedEvent {
    const { chance, clock } = this.#setting;
    const items = [...skus, ...skus]
      .filter((_, index) => chance.happens(index < skus.length ? 0.7 : 0.1))
      .map((sku) => ({ sku, quantity: chance.between(1, 3), price: chance.happens(0.02) ? 1 : PRICE_MINOR }));
    const event = placedEvent({
      key,
      items: items.length > 0 ? items : [{ sku: skus[0]!, quantity: 1, price: PRICE_MINOR }],
      stockPolicy: chance.pick(['amend', 'cancel']),
      data: {
        payment: { method: chance.pick(PAYMENT_METHODS), token: chance.pick(TOKENS) },
        ...(chance.happens(0.2) && { simulation: { time_scale: chance.span(1, 1_000_000) } }),
      },
    });
    const { order_id } = event.data;
    const scale = scaleOf(event.data);
    if (chance.happens(0.2)) this.#say('oms.order.cancel_requested.v1', { order_id }, chance.span(1, 20 * DAY) / scale);
    if (chance.happens(0.1)) {
      const data = { order_id, amount_minor: chance.span(1, 9_000), by: 'staff', reason: 'goodwill' as const };
      this.#say('oms.refund.requested.v1', data, chance.span(SECOND, 20 * DAY) / scale);
    }
    return { ...event, synthetic: true, time: new Date(clock.now).toISOString() };
  }

  /** What people do when they see what has become of an order. */
  react(order: OrderState): void {
    if (this.#seen.get(order.orderId) === order.version) return;
    this.#seen.set(order.orderId, order.version);
    if (order.status === 'action_required') this.#answer(order);
    if (order.status === 'review') this.#review(order);
    if (order.status === 'delivered') this.#sendBack(order);
  }

  #say<Type extends OrderEventType>(type: Type, data: DataOf<Type> & { order_id: string }, delay: number): void {
    const { clock, publish } = this.#setting;
    this.#said += 1;
    publish(eventFor(type, data, clock.now, derivedId('said', this.#said)), delay);
  }

  #answer(order: OrderState): void {
    const { orderId: order_id, reason, lines } = order;
    const { chance } = this.#setting;
    if (chance.happens(0.2)) return;
    const delay = chance.span(SECOND, 3_600 * SECOND) / Math.min(scaleOf(order), 100);
    if (reason === 'stock') {
      const less = lines.map(({ line, quantity }) => ({ line, quantity: chance.between(0, quantity) }));
      this.#say('oms.order.amended.v1', { order_id, lines: less }, delay);
    } else if (reason === 'mfa' && chance.happens(0.7)) this.#say('oms.payment.mfa_completed.v1', { order_id }, delay);
    else {
      const payment = { method: chance.pick(PAYMENT_METHODS), token: chance.pick(TOKENS) };
      this.#say('oms.payment.method_replaced.v1', { order_id, payment }, delay);
    }
  }

  #review(order: OrderState): void {
    const { orderId: order_id } = order;
    const { chance } = this.#setting;
    const delay = chance.span(SECOND, 3 * DAY) / scaleOf(order);
    const verdict = chance.pick(VERDICTS);
    if (verdict) this.#say(`oms.review.${verdict}.v1`, { order_id, by: 'staff' }, delay);
  }

  #sendBack(order: OrderState): void {
    const { orderId: order_id, lines } = order;
    const { chance } = this.#setting;
    for (let count = chance.between(-2, 2); count > 0; count -= 1) {
      const wanted = lines
        .map(({ line, quantity }) => ({ line, quantity: chance.between(0, quantity) }))
        .filter(({ quantity }) => quantity > 0);
      if (wanted.length === 0) continue;
      const return_id = derivedId('return', order_id, count);
      const data = { order_id, return_id, reason: 'changed_mind' as const, lines: wanted };
      this.#say('oms.return.requested.v1', data, chance.span(SECOND, 29 * DAY) / scaleOf(order));
    }
  }
}
