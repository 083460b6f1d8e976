import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UUID_PATTERN } from '../../../lib/domain/ids.ts';
import { Cookies } from '../http/cookies.ts';
import { isKey, newKey } from '../http/form.ts';
import { type CartLine, piecesOf, readCart, writeCart } from './cart/cart.ts';

const CUSTOMER = /^c-[0-9a-f-]{36}$/;
const ORDER_ID = new RegExp(UUID_PATTERN);

/** Whoever comes back to the same cart later than that means another order. */
const CHECKOUT_SECONDS = 60 * 60;

/** How many orders a browser remembers. */
const MAX_ORDERS = 20;

/** Whoever uses this browser, from its cookies: there is no login, and nothing is kept on our side. */
export class Visitor {
  readonly #cookies: Cookies;

  constructor(request: FastifyRequest, reply: FastifyReply, options: { secureCookies: boolean }) {
    this.#cookies = new Cookies(request, reply, options);
  }

  get cart(): CartLine[] {
    return readCart(this.#cookies.read('cart'));
  }

  set cart(lines: readonly CartLine[]) {
    this.#cookies.write('cart', writeCart(lines));
    this.#cookies.write('cart_count', String(piecesOf(lines)), { isReadable: true });
    if (this.#cookies.read('checkout') !== undefined) this.#cookies.drop('checkout');
  }

  /** Whether the browser has kept a cart, be it an empty one; without cookies it never does. */
  get hasCart(): boolean {
    return this.#cookies.read('cart') !== undefined;
  }

  /**
   * The key of the order that the cart as it is becomes: the same on every look at the checkout, so that whoever never
   * saw the answer and begins anew, or has the checkout open twice, still places one order. Another cart, another key.
   */
  checkoutKey(): string {
    const known = this.#cookies.read('checkout');
    return isKey(known) ? known : this.newCheckoutKey();
  }

  newCheckoutKey(): string {
    const made = newKey();
    this.#cookies.write('checkout', made, { keepSeconds: CHECKOUT_SECONDS });
    return made;
  }

  /** The shop's name for this browser's customer; made, and kept, when it is first needed. */
  customer(): string {
    const known = this.knownCustomer;
    if (known) return known;
    const made = `c-${randomUUID()}`;
    this.#cookies.write('customer', made);
    return made;
  }

  get knownCustomer(): string | undefined {
    const known = this.#cookies.read('customer');
    return known && CUSTOMER.test(known) ? known : undefined;
  }

  /** Numbers of the orders placed here, newest first. */
  get orders(): string[] {
    const ids = (this.#cookies.read('orders') ?? '').split('|').filter((id) => ORDER_ID.test(id));
    return ids.slice(0, MAX_ORDERS);
  }

  placed(id: string): void {
    const others = this.orders.filter((known) => known !== id);
    this.#cookies.write('orders', [id, ...others].slice(0, MAX_ORDERS).join('|'));
  }

  /** Where the last order went, so that it has to be chosen only once. */
  get country(): string | undefined {
    return this.#cookies.read('country');
  }

  set country(country: string) {
    this.#cookies.write('country', country);
  }
}
