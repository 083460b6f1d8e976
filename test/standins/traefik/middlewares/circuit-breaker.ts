import { plain, type Wrap } from '../exchange.ts';
import type { MiddlewareSettings } from '../settings/dynamic.ts';
import { milliseconds } from '../settings/shape.ts';

interface Seen {
  at: number;
  status: number;
}

type Condition = (seen: readonly Seen[]) => boolean;

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
/** vulcand/oxy goes by the code alone, whoever it comes from. */
const isNetworkError = ({ status }: Seen): boolean => status === 502 || status === 504;
const NETWORK = /^NetworkErrorRatio\(\)\s*>\s*([0-9.]+)$/;
const CODES = /^ResponseCodeRatio\((\d+),\s*(\d+),\s*(\d+),\s*(\d+)\)\s*>\s*([0-9.]+)$/;

function parseTerm(term: string): Condition {
  const network = NETWORK.exec(term);
  if (network) return (seen) => ratio(seen.filter(isNetworkError).length, seen.length) > Number(network[1]);
  const codes = CODES.exec(term);
  if (!codes) throw new Error(`circuit breaker: this stand-in does not know ${term}`);
  const [from, below, ofFrom, ofBelow, limit] = codes.slice(1).map(Number) as [number, number, number, number, number];
  const count = (seen: readonly Seen[], low: number, high: number) =>
    seen.filter(({ status }) => status >= low && status < high).length;
  return (seen) => ratio(count(seen, from, below), count(seen, ofFrom, ofBelow)) > limit;
}

/** Ratios are those of this long. */
const WINDOW_MS = 10_000;
/** Of requests that are let through at the end of the recovery (vulcand/oxy, ratio.go). */
const RECOVERED_SHARE = 0.5;

/**
 * Closed until the condition holds; open for the fallback's time; then lets a growing share through. As in vulcand/oxy,
 * which Traefik uses, there is no least number of requests: a single failure after a silence opens it.
 */
export function circuitBreaker(settings: MiddlewareSettings<'circuitBreaker'>): Wrap {
  const conditions = settings.expression.split('||').map((term) => parseTerm(term.trim()));
  const fallbackMs = milliseconds(settings.fallbackDuration, '10s');
  const recoveryMs = milliseconds(settings.recoveryDuration, '10s');
  const checkMs = milliseconds(settings.checkPeriod, '100ms');
  let seen: Seen[] = [];
  let opened = Number.NEGATIVE_INFINITY;
  let checked = 0;
  const refuses = (now: number): boolean => {
    const since = now - opened;
    if (since < fallbackMs) return true;
    return since < fallbackMs + recoveryMs && Math.random() > (RECOVERED_SHARE * (since - fallbackMs)) / recoveryMs;
  };
  const judge = (now: number): void => {
    if (now - checked < checkMs) return;
    checked = now;
    seen = seen.filter(({ at }) => now - at < WINDOW_MS);
    if (!conditions.some((holds) => holds(seen))) return;
    opened = now;
    seen = [];
  };
  return (next) => async (request) => {
    if (refuses(performance.now())) return plain(settings.responseCode ?? 503, 'Service Unavailable');
    const answer = await next(request);
    const now = performance.now();
    seen.push({ at: now, status: answer.status });
    judge(now);
    return answer;
  };
}
