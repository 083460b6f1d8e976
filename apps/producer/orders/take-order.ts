import type { CatalogueCoupon, CatalogueProduct } from '../../../lib/database/catalogue.ts';
import { requestHash } from '../../../lib/domain/canonical.ts';
import { MAX_AMOUNT_MINOR, type PaymentChoice } from '../../../lib/domain/fields.ts';
import { orderIdFor, placedEventId } from '../../../lib/domain/ids.ts';
import { ORDER_PLACED, type OrderPlacedData, orderEvent } from '../../../lib/domain/order-events.ts';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { type Quote, quote } from '../../../lib/domain/pricing.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { publish } from '../events/publish.ts';
import type { IdempotencyWindow } from '../http/idempotency-window.ts';
import { type Answered, once } from '../http/once.ts';
import { fieldProblem, Problem } from '../http/problem.ts';
import { mergeLines, priceableLines } from './order-lines.ts';

/** What the shop gets for an order that was taken. */
export interface Receipt {
  order_id: string;
  total_minor: number;
  currency: string;
}

/** An order that was taken, though perhaps not stored yet. */
export interface TakenOrder {
  receipt: Receipt;
  customer: string;
  synthetic: boolean;
}

/** The catalogue, as far as taking an order needs it. */
export interface Catalogue {
  readonly loaded: boolean;
  product(sku: string): CatalogueProduct | undefined;
  coupon(code: string, at: Date): CatalogueCoupon | undefined;
  lookAgain(): Promise<void>;
}

export interface OrderDeskParts {
  catalogue: Catalogue;
  sender: EventSender;
  window: IdempotencyWindow<TakenOrder>;
  /** The wall clock: the time of the order. */
  now: () => Date;
}

const DIGITS_ONLY = /^\d+$/;

/** @throws {Problem} when the token of a payment could be the number of a card */
export function refuseDigitsForToken({ token }: PaymentChoice): void {
  if (token === undefined || !DIGITS_ONLY.test(token)) return;
  throw fieldProblem('validation_failed', '/payment/token', 'has only digits: that is no token of a provider');
}

interface Identity {
  orderId: string;
  key: string;
  hash: string;
}

function placedData(request: OrderRequest, { orderId, key, hash }: Identity, price: Quote): OrderPlacedData {
  const { ship_to, payment, coupon, note, risk_signals, simulation } = request;
  return {
    order_id: orderId,
    idempotency_key: key,
    request_hash: hash,
    channel: request.channel,
    customer_ref: request.customer,
    currency: request.currency,
    lines: price.lines,
    shipping: {
      method: request.shipping ?? 'standard',
      amount_minor: price.shipping_minor,
      country: ship_to.country,
      city: ship_to.city ?? '',
      postcode_prefix: ship_to.postcode_prefix ?? '',
    },
    subtotal_minor: price.subtotal_minor,
    discount_minor: price.discount_minor,
    tax_minor: price.tax_minor,
    total_minor: price.total_minor,
    payment,
    stock_policy: request.stock_policy ?? 'cancel',
    ...(coupon !== undefined && { coupon_code: coupon }),
    ...(note !== undefined && { note }),
    ...(risk_signals && { risk_signals }),
    ...(simulation && { simulation }),
  };
}

/** Takes orders: checks what the schema cannot, prices them from the catalogue, and hands them to the hub. */
export class OrderDesk {
  readonly #parts: OrderDeskParts;

  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the hub has the order on its disk, never before.
   * @param key the Idempotency-Key; with the customer it names the order
   * @param hash of what the shop sent, where that is not the order itself
   * @returns the order; `replayed` when this process had taken the same request before
   * @throws {Problem} for everything else that can happen to an order
   */
  take(
    request: OrderRequest,
    key: string,
    traceparent: string,
    hash = requestHash(request),
  ): Promise<Answered<TakenOrder>> {
    const identity = { orderId: orderIdFor(request.customer, key), key, hash };
    return once(this.#parts.window, identity.orderId, identity.hash, () =>
      this.#takeNew(request, identity, traceparent),
    );
  }

  async #takeNew(request: OrderRequest, identity: Identity, traceparent: string): Promise<TakenOrder> {
    const data = placedData(request, identity, await this.#price(request));
    await this.#send(data, request, traceparent);
    const receipt = { order_id: data.order_id, total_minor: data.total_minor, currency: data.currency };
    return { receipt, customer: request.customer, synthetic: request.synthetic ?? false };
  }

  async #price(request: OrderRequest): Promise<Quote> {
    const { catalogue, now } = this.#parts;
    refuseDigitsForToken(request.payment);
    if (request.simulation && !request.synthetic) {
      throw fieldProblem('validation_failed', '/simulation', 'is for synthetic orders only');
    }
    if (!catalogue.loaded) throw new Problem('catalogue_unavailable', 'the catalogue is not loaded yet');
    const lines = mergeLines(request.items);
    if (lines.some(({ sku }) => !catalogue.product(sku))) await catalogue.lookAgain();
    const items = priceableLines(lines, request.currency, (sku) => catalogue.product(sku));
    const coupon = request.coupon === undefined ? undefined : catalogue.coupon(request.coupon, now());
    if (request.coupon !== undefined && !coupon) throw fieldProblem('coupon_invalid', '/coupon', 'is not valid now');
    const price = quote(items, { country: request.ship_to.country, shipping: request.shipping ?? 'standard', coupon });
    if (price.subtotal_minor + price.tax_minor > MAX_AMOUNT_MINOR) {
      throw fieldProblem('validation_failed', '/items', 'add up to more than an order may');
    }
    return price;
  }

  async #send(data: OrderPlacedData, request: OrderRequest, traceparent: string): Promise<void> {
    const event = orderEvent(ORDER_PLACED, data, {
      id: placedEventId(data.order_id, data.request_hash),
      source: `/shop/${request.channel}`,
      time: this.#parts.now().toISOString(),
      traceparent,
      ...(request.synthetic && { synthetic: true }),
    });
    await publish(this.#parts.sender, event);
  }
}
