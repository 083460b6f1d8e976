import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { traceContext } from '../../../lib/runtime/trace-context.ts';
import { PROBLEM_CONTENT_TYPE, Problem, problemBody } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** What fastify itself refuses. */
const FASTIFY_CODES: Record<string, [code: ProblemCode, detail: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'the body is larger than this path takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'the body has to be application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'the body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: ['malformed_url', 'the path has a bad percent-encoding'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'there is nothing at this path'],
};

function toProblem(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  const known = FASTIFY_CODES[error.code];
  if (known) return new Problem(...known);
  // The client went away, or its framing broke, in the middle of the body.
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new Problem('bad_request', 'the request could not be read to its end');
  }
  return new Problem('internal', 'something went wrong on our side', { cause: error });
}

/** The causes of an error down to the first, without their stacks. */
function reasons(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...reasons(error.cause)] : [];
}

/** Sends every error as problem+json; what is our fault is logged, with the trace id that the caller got. */
export function problemSender(logger: Logger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error);
    const { traceId } = request.trace ?? traceContext();
    if (problem.status >= 500) {
      const entry = { code: problem.code, trace_id: traceId, route: request.routeOptions.url };
      if (problem.code === 'internal') logger.error({ ...entry, err: error }, 'request failed');
      else logger.warn({ ...entry, reasons: reasons(problem) }, 'request refused for now');
    }
    const path = request.url.split('?', 1)[0]!;
    // fastify would close at once, and what the client still sends would reset the connection before it reads why.
    // Node drops the rest of the body unread, for as long as a request may take.
    if (problem.code === 'body_too_large') reply.removeHeader('connection');
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .type(PROBLEM_CONTENT_TYPE)
      .send(problemBody(problem, path, traceId));
  };
}
