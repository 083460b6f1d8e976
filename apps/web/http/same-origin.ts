import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PageError } from './page-error.ts';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether the request comes from a page of ours. Browsers of the last years say so in Sec-Fetch-Site; older ones name the
 * page's origin, whose host has to be the one that was asked. Without either it was no browser that another site could abuse.
 */
export function isOwn({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Forms of other sites change nothing here: the check stands in for a token in every form, so pages can be cached. */
export function refuseForeignPosts(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (READING.has(request.method) || isOwn(request)) return;
    throw new PageError(403, 'This came from another site', 'Please open the shop itself and try again from there.');
  });
}
