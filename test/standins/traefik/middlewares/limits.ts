import { isIPv6 } from 'node:net';
import { Readable } from 'node:stream';
import { type ProxyRequest, plain, type Wrap } from '../exchange.ts';
import type { MiddlewareSettings, Source } from '../settings/dynamic.ts';
import { milliseconds } from '../settings/shape.ts';

/** The groups of an IPv6 address in full, so that its first bits can be compared. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::') as [string, string?];
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
}

/** Who is counted together: an address, or a network of IPv6. */
export function sourceOf(source: Source | undefined): (request: ProxyRequest) => string {
  const bits = source?.ipStrategy?.ipv6Subnet;
  return ({ client }) =>
    bits !== undefined && isIPv6(client)
      ? groupsOf(client)
          .slice(0, Math.floor(bits / 16))
          .join(':')
      : client;
}

/** Buckets nobody has drawn from for so long are full again. */
const FORGET_AFTER = 10_000;

/** A token bucket for each client. */
export function rateLimit(settings: MiddlewareSettings<'rateLimit'>): Wrap {
  const { average, burst = 1, period, sourceCriterion } = settings;
  const perMs = average / milliseconds(period, '1s');
  const key = sourceOf(sourceCriterion);
  const buckets = new Map<string, { tokens: number; at: number }>();
  const draw = (who: string): boolean => {
    const now = performance.now();
    const bucket = buckets.get(who) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
    buckets.delete(who);
    buckets.set(who, bucket);
    const [[oldest, { at }]] = buckets as unknown as [[string, { at: number }]];
    if (buckets.size > FORGET_AFTER && at < now) buckets.delete(oldest);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  };
  return (next) => async (request) =>
    draw(key(request)) ? next(request) : plain(429, 'Too Many Requests', { 'retry-after': '1' });
}

export function inFlightReq({ amount, sourceCriterion }: MiddlewareSettings<'inFlightReq'>): Wrap {
  const key = sourceOf(sourceCriterion);
  const running = new Map<string, number>();
  return (next) => async (request) => {
    const who = key(request);
    const now = running.get(who) ?? 0;
    if (now >= amount) return plain(429, `Max connections reached: ${amount}`);
    running.set(who, now + 1);
    request.after.push(() => {
      const left = running.get(who)! - 1;
      if (left > 0) running.set(who, left);
      else running.delete(who);
    });
    return next(request);
  };
}

async function readUpTo(body: Readable, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads the request whole before it goes on; a greater one is refused. (Traefik holds the answer back, too.) */
export function buffering({ maxRequestBodyBytes }: MiddlewareSettings<'buffering'>): Wrap {
  const tooLarge = () => plain(413, 'Request Entity Too Large', { connection: 'close' });
  return (next) => async (request) => {
    const { body, headers } = request;
    if (Number(headers['content-length'] ?? 0) > maxRequestBodyBytes) return tooLarge();
    if (!(body instanceof Readable)) return next(request);
    const read = await readUpTo(body, maxRequestBodyBytes);
    if (!read) return tooLarge();
    return next({ ...request, body: read, headers: { ...headers, 'content-length': String(read.length) } });
  };
}
