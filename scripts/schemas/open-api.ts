import fastifySwagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema, RouteOptions } from 'fastify';
import { CatalogueCache } from '../../apps/producer/catalogue/catalogue-cache.ts';
import { Shelf } from '../../apps/producer/catalogue/shelf.ts';
import { ProblemBody } from '../../apps/producer/http/problem-schema.ts';
import { requireIdempotencyKey } from '../../apps/producer/http/request-checks.ts';
import { createServer } from '../../apps/producer/http/server.ts';
import { producerMetrics } from '../../apps/producer/producer-metrics.ts';
import { addRoutes, type RouteParts } from '../../apps/producer/routes.ts';
import { SIGNATURE_HEADER } from '../../lib/integration/webhook-signature.ts';
import { createLogger, type Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';

/** Every route exists when every secret is set. */
const SECRETS = {
  psp: 'documented',
  carrier: 'documented',
  stripe: 'documented',
  ingest: 'documented',
  admin: 'documented',
};

const PROBLEM = {
  description: 'What went wrong and what to do next.',
  content: { 'application/problem+json': { schema: ProblemBody } },
};

const ANSWERS: Record<string, string> = { 200: 'The answer.', 202: 'Event Hubs has it on disk.' };

/** The group that a path belongs to, and what opens it. */
const GROUPS: readonly [prefix: string, tag: string, security?: Record<string, string[]>[]][] = [
  ['/api/admin/', 'staff', [{ staff: [] }]],
  ['/api/ingest/shopify', 'other shops', [{ shopify: [] }, { staff: [] }]],
  ['/api/ingest/', 'other shops', [{ signature: [] }, { staff: [] }]],
  ['/hooks/stripe', 'webhooks', [{ stripe: [] }]],
  ['/hooks/', 'webhooks', [{ signature: [] }]],
  ['/api/products', 'catalogue'],
  ['/api/categories', 'catalogue'],
  ['/api/bestsellers', 'catalogue'],
  ['/problems', 'problems'],
  ['/schemas', 'schemas'],
  ['/api/orders', 'orders'],
];

const KEY_HEADER = {
  type: 'object',
  properties: { 'idempotency-key': { type: 'string', pattern: '^[A-Za-z0-9._:~+/=-]{1,128}$' } },
  required: ['idempotency-key'],
};

function describedAnswers(schema: FastifySchema): Record<string, unknown> {
  const answers = Object.entries((schema.response ?? { 200: {} }) as Record<string, object>);
  return Object.fromEntries(
    answers.map(([status, answer]) => [status, { description: ANSWERS[status] ?? '', ...answer }]),
  );
}

/** Adds what is the same for many routes, from what the route really has. */
function describe({ schema = {}, url, route }: { schema: FastifySchema; url: string; route: RouteOptions }) {
  const group = GROUPS.find(([prefix]) => url.startsWith(prefix));
  const needsKey = [route.onRequest].flat().some((hook) => hook === requireIdempotencyKey);
  return {
    url,
    schema: {
      ...schema,
      tags: [group?.[1] ?? 'other'],
      ...(group?.[2] && { security: group[2] }),
      ...(needsKey && { headers: KEY_HEADER }),
      response: { ...describedAnswers(schema), default: PROBLEM },
    } as FastifySchema,
  };
}

const securitySchemes = {
  staff: { type: 'http', scheme: 'bearer', description: 'OMS_ADMIN_TOKEN' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: SIGNATURE_HEADER,
    description: 't=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hexadecimal>; at most 300 s old, taken once',
  },
  stripe: { type: 'apiKey', in: 'header', name: 'stripe-signature', description: 'as Stripe signs webhooks' },
  shopify: { type: 'apiKey', in: 'header', name: 'x-shopify-hmac-sha256', description: 'as Shopify signs webhooks' },
} as const;

const options = (version: string): FastifyDynamicSwaggerOptions => ({
  openapi: {
    openapi: '3.1.0',
    info: { title: 'The order API', version, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: 'http://127.0.0.1', description: '`oms status` says where it is' }],
    components: { securitySchemes },
  },
  transform: describe as NonNullable<FastifyDynamicSwaggerOptions['transform']>,
  convertConstToEnum: false,
});

function parts(logger: Logger): RouteParts & { catalogue: CatalogueCache } {
  const nowhere = { send: async () => {} };
  const unread = () => Promise.reject(new Error('nothing is asked while the document is made'));
  const empty = { fingerprint: async () => '', products: async () => [], coupons: async () => [] };
  return {
    ...{ sender: nowhere, facts: nowhere, secrets: SECRETS },
    catalogue: new CatalogueCache(empty, logger),
    shelf: new Shelf({ scarce: async () => new Map(), bestsellers: async () => [] }, logger),
    logger,
    orders: {
      state: unread,
      record: unread,
      stamps: unread,
      wasHandled: unread,
      newestToken: unread,
      list: unread,
      letters: unread,
    },
    readBoard: unread,
    metrics: producerMetrics(createMetrics('producer'), 'orders', () => 0),
  };
}

/** OpenAPI 3.1 of the order API, from the routes as they are served. */
export async function openApi(version: string): Promise<object> {
  const logger = createLogger('schemas', 'silent');
  const app = createServer(logger);
  await app.register(fastifySwagger, options(version));
  const routeParts = parts(logger);
  addRoutes(app, routeParts);
  await app.ready();
  const document = app.swagger();
  await Promise.all([app.close(), routeParts.catalogue.stop(), routeParts.shelf.stop()]);
  return document;
}
