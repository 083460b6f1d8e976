import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { type Handler, plain, routingPath, type Wrap } from '../exchange.ts';
import { addressList } from '../rule.ts';
import type { MiddlewareSettings } from '../settings/dynamic.ts';
import { milliseconds } from '../settings/shape.ts';

type Headers = MiddlewareSettings<'headers'>;

function responseHeadersOf(settings: Headers, scheme: string): Record<string, string> {
  const { stsSeconds, stsIncludeSubdomains, frameDeny, contentTypeNosniff } = settings;
  const { referrerPolicy, permissionsPolicy, customResponseHeaders = {} } = settings;
  const sts = stsSeconds && scheme === 'https';
  return {
    ...(sts && {
      'strict-transport-security': `max-age=${stsSeconds}${stsIncludeSubdomains ? '; includeSubDomains' : ''}`,
    }),
    ...(frameDeny && { 'x-frame-options': 'DENY' }),
    ...(contentTypeNosniff && { 'x-content-type-options': 'nosniff' }),
    ...(referrerPolicy && { 'referrer-policy': referrerPolicy }),
    ...(permissionsPolicy && { 'permissions-policy': permissionsPolicy }),
    ...lowerCased(customResponseHeaders),
  };
}

const lowerCased = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** An empty value takes the header away. */
function withHeaders<H extends object>(headers: H, changes: Record<string, string>): H {
  const all = { ...headers, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([name]) => changes[name] !== '')) as H;
}

/** Node writes header values as Latin-1: these are the bytes of the UTF-8. */
const asBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

export function headers(settings: Headers): Wrap {
  const added = lowerCased(settings.customRequestHeaders ?? {});
  const toServer = Object.fromEntries(Object.entries(added).map(([name, value]) => [name, asBytes(value)]));
  return (next) => async (request) => {
    const answer = await next({ ...request, headers: withHeaders(request.headers, toServer) });
    return { ...answer, headers: withHeaders(answer.headers, responseHeadersOf(settings, request.scheme)) };
  };
}

export function ipAllowList({ sourceRange }: MiddlewareSettings<'ipAllowList'>): Wrap {
  const allowed = addressList(sourceRange);
  return (next) => async (request) => (allowed(request.client) ? next(request) : plain(403, 'Forbidden'));
}

export function replacePath({ path }: MiddlewareSettings<'replacePath'>): Wrap {
  return (next) => (request) => {
    const query = request.target.indexOf('?');
    const target = query < 0 ? path : path + request.target.slice(query);
    return next({ ...request, target, path: routingPath(target), headers: { ...request.headers } });
  };
}

/** Answers with these codes are replaced by what a service has for them; the code stays. */
export function errors(settings: MiddlewareSettings<'errors'>, find: (service: string) => Handler): Wrap {
  const ranges = settings.status.map((range) => range.split('-').map(Number) as [number, number?]);
  const pages = find(settings.service);
  return (next) => async (request) => {
    const answer = await next(request);
    const { status } = answer;
    if (!ranges.some(([from, to = from]) => status >= from && status <= to)) return answer;
    if (answer.body instanceof Readable) answer.body.resume();
    const target = `/${settings.query.replace(/^\//, '')}`
      .replaceAll('{status}', String(status))
      .replaceAll('{url}', encodeURIComponent(`${request.scheme}://${request.host}${request.target}`));
    const { host } = request.headers;
    const page = await pages({
      ...request,
      method: 'GET',
      target,
      body: undefined,
      headers: { ...(host && { host }) },
    });
    return { status, headers: page.headers, body: page.body };
  };
}

/** Only what was not sent at all goes to the next server; waits grow to twice the first. */
export function retry(settings: MiddlewareSettings<'retry'>, count: (service: string) => void): Wrap {
  const firstMs = milliseconds(settings.initialInterval, 0);
  return (next) => async (request) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await next(request);
      if (!answer.unsent || attempt >= settings.attempts || request.signal.aborted) return answer;
      request.notes.retries++;
      if (request.notes.service) count(request.notes.service);
      await delay(Math.min(firstMs * 1.5 ** (attempt - 1), firstMs * 2), undefined, { ref: false });
    }
  };
}
