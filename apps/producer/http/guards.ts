import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

const MAX_HEADERS = 100;

const JSON_TYPES = new Set(['application/json', 'application/problem+json', 'application/*', '*/*']);

/** Routes that answer with server-sent events, which is what browsers then accept. */
const STREAMS = /^\/api\/(?:orders\/[^/?]+\/events|admin\/live)(?:\?|$)/;

/** Whether an Accept header leaves room for JSON; none does. */
export function acceptsJson(accept: string | undefined): boolean {
  if (!accept || accept === '*/*' || accept === 'application/json') return true;
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return JSON_TYPES.has(type!) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/**
 * Refuses what no route should ever see.
 * @throws {Problem} HTTP/0.9, too many headers (Node would drop the rest silently), NUL in the path, Content-Encoding
 */
export function refuseMalformed(request: FastifyRequest): void {
  const { raw, headers } = request;
  if (raw.httpVersionMajor !== 1) throw new Problem('bad_request', 'only HTTP/1.1 is spoken here');
  if (raw.rawHeaders.length > 2 * MAX_HEADERS) {
    throw new Problem('headers_too_large', `there are more than ${MAX_HEADERS} headers`, {
      headers: { connection: 'close' },
    });
  }
  if (request.url.includes('%00')) throw new Problem('malformed_url', 'the path has a NUL in it');
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', 'a Content-Encoding is not supported');
  }
  if (!acceptsJson(headers.accept) && request.url.startsWith('/api/') && !STREAMS.test(request.url)) {
    throw new Problem('not_acceptable', 'the answer would be application/json');
  }
}
