import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { traceContext } from '../../../lib/runtime/trace-context.ts';
import { ApiProblem } from '../api/api-problem.ts';
import { errorBody } from '../html/error-body.ts';
import { page, type Shop } from '../html/layout.ts';
import { PageError, pageNotFound } from './page-error.ts';
import { securityHeaders } from './security-headers.ts';

interface Shown {
  status: number;
  title: string;
  advice: string;
  /** Seconds after which the same may work. */
  retryAfter?: number | undefined;
}

function shownProblem(problem: ApiProblem): Shown {
  const { status, retryAfter } = problem;
  if (status === 404) return shownError(pageNotFound());
  if (status === 503) {
    const advice = 'Nothing is lost: your cart and your orders are kept. Please try again in a moment.';
    return { status, title: 'We are catching our breath', advice, retryAfter };
  }
  return { status: status < 500 ? 400 : 502, title: 'That did not work', advice: problem.friendly };
}

const shownError = ({ status, title, message }: PageError): Shown => ({ status, title, advice: message });

/** What the framework refuses before a route sees it: a body too large, a malformed path, a form of another kind. */
function shownRefusal(status: number): Shown {
  const advice = 'Please go back, check what you entered and try again.';
  return { status, title: 'We could not read that', advice };
}

const BROKEN: Shown = {
  status: 500,
  title: 'Something broke on our side',
  advice: 'It was not you. Please try again; if it stays, tell us the number below.',
};

function shown(error: FastifyError | ApiProblem | PageError): Shown {
  if (error instanceof ApiProblem) return shownProblem(error);
  if (error instanceof PageError) return shownError(error);
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? shownRefusal(statusCode) : BROKEN;
}

type Send = (request: FastifyRequest, reply: FastifyReply, about: Shown) => FastifyReply;

function sender(shop: Shop): Send {
  return (request, reply, { retryAfter, ...about }) => {
    if (about.status === 503) reply.header('retry-after', String(retryAfter ?? 1));
    const main = errorBody({ ...about, traceId: request.tracing.traceId });
    return page(reply.code(about.status), shop, { title: about.title, main });
  };
}

/** For paths so malformed that no hook runs. */
export function malformedPage(shop: Shop): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  const send = sender(shop);
  return (_error, request, reply) => {
    request.tracing = traceContext();
    reply.headers(securityHeaders(false));
    send(request, reply, shownRefusal(400));
  };
}

/** Every error becomes a page with what to do next and the number of the trace; only what is our fault is logged as an error. */
export function addErrorPages(app: FastifyInstance, { logger, ...shop }: Shop & { logger: Logger }): void {
  const send = sender(shop);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const about = shown(error);
    const entry = { traceId: request.tracing.traceId, route: request.routeOptions.url, status: about.status };
    if (about === BROKEN) logger.error({ ...entry, err: error }, 'request failed');
    else if (about.status > 500) logger.warn({ ...entry, reason: error.message }, 'order API in trouble');
    return send(request, reply, about);
  });
  app.setNotFoundHandler((request, reply) => send(request, reply, shownError(pageNotFound())));
}
