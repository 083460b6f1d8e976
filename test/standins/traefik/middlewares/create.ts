import type { Handler, Wrap } from '../exchange.ts';
import type { ProxyMetrics } from '../metrics.ts';
import type { Middleware } from '../settings/dynamic.ts';
import { errors, headers, ipAllowList, replacePath, retry } from './changes.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { buffering, inFlightReq, rateLimit } from './limits.ts';

/** A middleware of a router: each router has its own, with its own counts. */
export function createMiddleware(
  name: string,
  settings: Middleware,
  parts: { metrics: ProxyMetrics; find: (service: string) => Handler },
): Wrap {
  if (Object.keys(settings).length !== 1) throw new Error(`the middleware ${name} has to be of exactly one kind`);
  if (settings.headers) return headers(settings.headers);
  if (settings.ipAllowList) return ipAllowList(settings.ipAllowList);
  if (settings.rateLimit) return rateLimit(settings.rateLimit);
  if (settings.inFlightReq) return inFlightReq(settings.inFlightReq);
  if (settings.buffering) return buffering(settings.buffering);
  if (settings.circuitBreaker) return circuitBreaker(settings.circuitBreaker);
  if (settings.errors) return errors(settings.errors, parts.find);
  if (settings.replacePath) return replacePath(settings.replacePath);
  if (settings.retry) return retry(settings.retry, (service) => parts.metrics.serviceRetries.inc({ service }));
  // compress: this stand-in passes answers through as they are, and says so in its README.
  return (next) => next;
}
