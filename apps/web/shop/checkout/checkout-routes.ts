import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Quote, quote } from '../../../../lib/domain/pricing.ts';
import { ApiProblem } from '../../api/api-problem.ts';
import { Catalogue } from '../../api/catalogue.ts';
import { Orders } from '../../api/orders.ts';
import { page } from '../../html/layout.ts';
import { callOf } from '../../http/call.ts';
import { Form } from '../../http/form.ts';
import type { WebParts } from '../../parts.ts';
import { type PricedLine, priceCart, subtotals } from '../cart/priced-cart.ts';
import { Visitor } from '../visitor.ts';
import {
  type CheckoutForm,
  checkForm,
  type FieldErrors,
  fieldErrorsOf,
  orderRequest,
  readCheckoutForm,
} from './checkout-form.ts';
import { checkoutPage } from './checkout-page.ts';

const DEFAULT_COUNTRY = 'US';

/** What a form is worth, and in which currency. */
interface Priced {
  quote: Quote;
  currency: string;
  /** Some of the cart is no longer sold. */
  isIncomplete: boolean;
  /** There is more than one currency in it, so it has no total. */
  isMixed: boolean;
}

const priceOf = (lines: readonly PricedLine[], { country, shipping }: CheckoutForm): Quote =>
  quote(lines, { country, shipping });

const UNAVAILABLE =
  'We cannot take your order right now. Your cart is kept: please press “Place order” again in a moment.';

function troubleOf(problem: ApiProblem): string {
  return problem.status >= 500 ? UNAVAILABLE : problem.friendly;
}

/** Takes a visitor from the cart to an order. */
class CheckoutDesk {
  readonly #parts: WebParts;
  readonly #catalogue: Catalogue;
  readonly #orders: Orders;

  constructor(parts: WebParts) {
    this.#parts = parts;
    this.#catalogue = new Catalogue(parts.api);
    this.#orders = new Orders(parts.api);
  }

  async show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visitor = new Visitor(request, reply, this.#parts);
    const form: CheckoutForm = {
      ...{ key: '', cart: visitor.cart, country: visitor.country ?? DEFAULT_COUNTRY },
      ...{ city: '', postcode: '', shipping: 'standard', stockPolicy: 'amend', payment: 'card', shownTotal: undefined },
    };
    const priced = await this.#price(request, form);
    if (!priced || priced.isIncomplete) return reply.redirect('/cart', 303);
    if (priced.isMixed) return reply.redirect('/cart?news=mixed', 303);
    // Made here, not with the order: of a form that is sent twice at once both have to come from the same customer.
    visitor.customer();
    return this.#form(reply, { ...form, key: visitor.checkoutKey() }, priced);
  }

  async submit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const given = new Form(request.body);
    const form = readCheckoutForm(given);
    const priced = await this.#price(request, form);
    if (!priced) return reply.redirect('/cart', 303);
    if (priced.isMixed) return reply.redirect('/cart?news=mixed', 303);
    const errors = checkForm(form);
    if (given.text('step') === 'update') return this.#form(reply, form, priced);
    if (Object.keys(errors).length > 0) return this.#form(reply.code(422), form, priced, errors);
    if (priced.isIncomplete) return reply.redirect('/cart', 303);
    if (form.shownTotal !== priced.quote.total_minor) {
      const trouble = 'The total has changed. Please look at it once more, then place your order.';
      return this.#form(reply.code(409), form, priced, {}, trouble);
    }
    return this.#place(request, reply, form, priced);
  }

  async #place(
    request: FastifyRequest,
    reply: FastifyReply,
    form: CheckoutForm,
    priced: Priced,
  ): Promise<FastifyReply> {
    const visitor = new Visitor(request, reply, this.#parts);
    try {
      const body = orderRequest(form, visitor.customer(), priced.currency);
      const id = await this.#orders.place(body, { ...callOf(request), idempotencyKey: form.key });
      visitor.placed(id);
      visitor.country = form.country;
      // What was put in meanwhile, in another tab, stays.
      visitor.cart = visitor.cart.filter(({ sku }) => !form.cart.some((ordered) => ordered.sku === sku));
      return reply.redirect(`/orders/${id}?news=placed`, 303);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      const key = error.code === 'idempotency_key_reused' ? visitor.newCheckoutKey() : form.key;
      return this.#refused(request, reply, error, { form: { ...form, key }, priced });
    }
  }

  /** The form again, with what is wrong; after an answer that leaves it open whether there is an order, with the same key. */
  #refused(
    request: FastifyRequest,
    reply: FastifyReply,
    problem: ApiProblem,
    { form, priced }: { form: CheckoutForm; priced: Priced },
  ): FastifyReply {
    const { status, code, message: reason, retryAfter } = problem;
    this.#parts.logger.warn({ traceId: request.tracing.traceId, status, code, reason }, 'order not taken');
    if (status >= 500) reply.header('retry-after', String(retryAfter ?? 1));
    const answer = reply.code(status >= 500 ? 503 : status);
    return this.#form(answer, form, priced, fieldErrorsOf(problem.errors), troubleOf(problem));
  }

  /** Undefined when there is nothing to order. */
  async #price(request: FastifyRequest, form: CheckoutForm): Promise<Priced | undefined> {
    const { lines, gone } = await priceCart(this.#catalogue, form.cart, callOf(request));
    const [first] = lines;
    if (!first) return undefined;
    return {
      quote: priceOf(lines, form),
      currency: first.product.currency,
      isIncomplete: gone.length > 0,
      isMixed: subtotals(lines).length > 1,
    };
  }

  #form(
    reply: FastifyReply,
    form: CheckoutForm,
    priced: Priced,
    errors: FieldErrors = {},
    trouble?: string,
  ): FastifyReply {
    return page(reply, this.#parts, checkoutPage({ form, ...priced, errors, trouble }));
  }
}

/** GET and POST /checkout. */
export function addCheckoutRoutes(app: FastifyInstance, parts: WebParts): void {
  const desk = new CheckoutDesk(parts);
  app.get('/checkout', (request, reply) => desk.show(request, reply));
  app.post('/checkout', (request, reply) => desk.submit(request, reply));
}
