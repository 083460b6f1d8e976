import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { OrderRequest } from '../../../lib/domain/order-request.ts';
import { findForbiddenText } from '../http/card-data.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { Problem } from '../http/problem.ts';
import { readRawBodies } from '../http/raw-body.ts';
import { fieldErrors } from '../http/validation.ts';
import { Accepted, answerOrder, orderCounter } from '../orders/accepted.ts';
import type { OrderDesk } from '../orders/take-order.ts';
import type { OrderOutcome } from '../producer-metrics.ts';
import type { MappedOrder, ShopMapper } from './shop-mapper.ts';
import { SHOPS } from './shops.ts';

/** Other shops send far more about an order than is read of it. */
const BODY_LIMIT = 256 * 1_024;

export interface IngestParts {
  desk: Pick<OrderDesk, 'take'>;
  /** What other shops sign with; without it only the staff's token opens. */
  secret: string | undefined;
  isStaff(request: FastifyRequest): boolean;
  count(outcome: OrderOutcome): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

const order = Compile(OrderRequest);

/** @throws {Problem} when what the shop sent is no order of ours; pointers are into our form of it */
function checked(mapped: MappedOrder): MappedOrder {
  const forbidden = findForbiddenText([mapped.key, mapped.request]);
  if (forbidden) throw forbidden;
  if (order.Check(mapped.request)) return mapped;
  const errors = fieldErrors(order.Errors(mapped.request));
  throw new Problem('validation_failed', `as an order of ours: ${errors[0]?.pointer} ${errors[0]?.message}`, {
    errors,
  });
}

/** POST /api/ingest/{channel}: an order of another shop, signed by it or brought by the staff. */
export function addIngestRoutes(instance: FastifyInstance, parts: IngestParts): void {
  for (const shop of SHOPS) instance.register(async (scope) => addShop(scope, shop, parts));
}

function addShop(scope: FastifyInstance, shop: ShopMapper, { desk, secret, isStaff, count, now }: IngestParts): void {
  readRawBodies(scope, BODY_LIMIT);
  scope.post(`/api/ingest/${shop.name}`, {
    schema: { summary: shop.summary, body: shop.body, response: { 202: Accepted } },
    preValidation: async (request) => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const isSigned = secret !== undefined && shop.isSigned(request.headers, bytes, secret, now());
      if (!isSigned && !isStaff(request)) {
        throw new Problem('signature_invalid', 'neither signed by the shop nor brought by the staff');
      }
      request.body = parseJsonBody(bytes);
    },
    onResponse: orderCounter(count),
    handler: async (request, reply) => {
      const { key, request: mapped } = checked(shop.map(request.body));
      return answerOrder(reply, await desk.take(mapped, key, request.trace!.traceparent));
    },
  });
}
