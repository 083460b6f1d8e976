import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { requestHash } from '../../../lib/domain/canonical.ts';
import type { PaymentChoice } from '../../../lib/domain/fields.ts';
import { OrderRequest } from '../../../lib/domain/order-request.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import type { Answered } from '../http/once.ts';
import { Problem } from '../http/problem.ts';
import { refuseForbiddenText, requireIdempotencyKey } from '../http/request-checks.ts';
import { isKeyOfShop } from '../ingest/shops.ts';
import type { OrderOutcome } from '../producer-metrics.ts';
import { Accepted, answerOrder, orderCounter } from './accepted.ts';
import type { TakenOrder } from './take-order.ts';

export interface PlaceRouteParts {
  take(request: OrderRequest, key: string, traceparent: string, hash?: string): Promise<Answered<TakenOrder>>;
  /** How the customer pays with one click; undefined when nothing is kept. */
  newestToken(customer: string): Promise<PaymentChoice | undefined>;
  count(outcome: OrderOutcome): void;
}

const { payment: _chosenByUs, ...withoutPayment } = OrderRequest.properties;

/** An order whose payment is the customer's stored one. */
const OneClickRequest = Type.Object(withoutPayment, { additionalProperties: false });
type OneClickRequest = Static<typeof OneClickRequest>;

/** The orders of other shops have keys that everybody could guess: nobody else may place an order under one. */
function ownKey(request: FastifyRequest): string {
  const key = idempotencyKey(request);
  if (!isKeyOfShop(key)) return key;
  throw new Problem('idempotency_key_taken', 'keys that begin so name the orders of other shops');
}

function oneClickTaker({ take, newestToken }: PlaceRouteParts) {
  return async (request: OneClickRequest, key: string, traceparent: string): Promise<Answered<TakenOrder>> => {
    const payment = await newestToken(request.customer);
    if (!payment) throw new Problem('no_stored_token', 'the customer keeps no way to pay');
    // Another token may have become the newest by the time that the same request comes again.
    return take({ ...request, payment }, key, traceparent, requestHash({ one_click: request }));
  };
}

/** POST /api/orders, and POST /api/orders:one-click with the payment that the customer keeps. */
export function addPlaceRoutes(instance: FastifyInstance, parts: PlaceRouteParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const takeOneClick = oneClickTaker(parts);
  const hooks = {
    onRequest: requireIdempotencyKey,
    preValidation: refuseForbiddenText,
    onResponse: orderCounter(parts.count),
  };

  app.post('/api/orders', {
    ...hooks,
    schema: { summary: 'Takes an order.', body: OrderRequest, response: { 202: Accepted } },
    handler: async (request, reply) =>
      answerOrder(reply, await parts.take(request.body, ownKey(request), request.trace!.traceparent)),
  });

  // Two colons are one in a path: the router takes a single one for a parameter.
  app.post('/api/orders::one-click', {
    ...hooks,
    schema: {
      summary: 'Takes an order, paid with what the customer keeps.',
      body: OneClickRequest,
      response: { 202: Accepted },
    },
    handler: async (request, reply) =>
      answerOrder(reply, await takeOneClick(request.body, ownKey(request), request.trace!.traceparent)),
  });
}
