// A route's schema may carry a summary, for the published document.
import type {} from '@fastify/swagger';
import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { type TraceContext, traceContext } from '../../../lib/runtime/trace-context.ts';
import { answerClientError } from './client-error.ts';
import { problemSender } from './error-handler.ts';
import { refuseMalformed } from './guards.ts';
import { parseJsonBody } from './json-body.ts';
import { Problem } from './problem.ts';
import { refuseUnknownRoutes } from './unknown-routes.ts';
import { validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The step of the caller's trace that this request is; undefined before the first hook. */
    trace: TraceContext | undefined;
  }
}

/** How long the parts of a request may take, in milliseconds. Node looks every second, so a timeout may come that much later. */
export interface HttpTimeouts {
  headersMs: number;
  requestMs: number;
  checkMs: number;
}

/** Node's own would be 60 s, 300 s and 30 s: a handful of slow clients could hold every socket. */
const TIMEOUTS: HttpTimeouts = { headersMs: 10_000, requestMs: 13_500, checkMs: 1_000 };

const BODY_LIMIT = 64 * 1_024;

/** One more than is let through (guards.ts): Node drops the headers above this number without a word. */
const MAX_HEADERS_READ = 101;

/** An HTTP server without routes that refuses what is malformed, in problem+json, before a route sees it. */
export function createServer(logger: Logger, timeouts: HttpTimeouts = TIMEOUTS): FastifyInstance {
  const sendProblem = problemSender(logger);
  const app: FastifyInstance = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: timeouts.requestMs,
    http: { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs },
    clientErrorHandler: answerClientError,
    frameworkErrors: sendProblem,
    routerOptions: { maxParamLength: 200 },
  });
  app.server.maxHeadersCount = MAX_HEADERS_READ;
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(sendProblem);
  app.decorateRequest('trace', undefined);
  app.addHook('onRequest', (request, _reply, done) => {
    request.trace = traceContext(request.headers.traceparent as string | undefined);
    refuseMalformed(request);
    done();
  });
  refuseUnknownRoutes(app);
  readJsonOnly(app);
  return app;
}

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset && charset.toLowerCase() !== 'utf-8') {
      done(new Problem('unsupported_media_type', 'the body has to be in UTF-8'));
      return;
    }
    try {
      done(null, parseJsonBody(body));
    } catch (error) {
      done(error as Problem);
    }
  });
}
