import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { type TraceContext, traceContext } from '../../../lib/runtime/trace-context.ts';
import type { Assets } from '../assets.ts';
import { addErrorPages, malformedPage } from './error-pages.ts';
import { refuseForeignPosts } from './same-origin.ts';
import { addSecurityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The step of the caller's trace that this request is; it travels on to the order API. */
    tracing: TraceContext;
  }
}

/** A form is a few fields; the longest is a cart of 30 lines. */
const BODY_LIMIT = 16 * 1_024;

export interface ServerParts {
  assets: Assets;
  shopName: string;
  secureCookies: boolean;
  logger: Logger;
}

/** An HTTP server that takes forms only, sends security headers with everything, and answers errors with a page. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: 13_500,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    // A live page would hold a stop up for ever; whoever is on it connects to another server.
    forceCloseConnections: true,
    frameworkErrors: malformedPage(parts),
    routerOptions: { maxParamLength: 200 },
  });
  app.removeAllContentTypeParsers();
  await app.register(fastifyCookie);
  await app.register(fastifyFormbody, { bodyLimit: BODY_LIMIT });
  app.addHook('onRequest', async (request) => {
    request.tracing = traceContext(request.headers.traceparent as string | undefined);
  });
  addSecurityHeaders(app, parts);
  addErrorPages(app, parts);
  refuseForeignPosts(app);
  return app;
}
