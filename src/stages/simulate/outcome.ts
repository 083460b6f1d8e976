import type { Answer } from '../../adapters/http/order-api.ts';

/** What an answer means for an order. `again`: the same request with the same key will find out. */
export type Outcome =
  | { kind: 'accepted'; totalMinor: number; replayed: boolean }
  | { kind: 'failed'; reason: string }
  | { kind: 'again'; reason: string; afterMs: number | undefined };

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** 5xx, a conflict with itself in flight, and a request that came too slowly or too often say nothing final. */
const SAYS_NOTHING = new Set([408, 409, 425, 429]);

const reasonOf = (error: Error & { code?: string }): string => error.code ?? error.name;

/**
 * Reads an answer of POST /api/orders.
 * @param result an Error (no answer came) leaves the outcome unknown, as does any 5xx
 * @param orderId what the order has to be called, by its customer and key
 */
export function readOutcome(result: Answer | Error, orderId: string): Outcome {
  if (result instanceof Error) return { kind: 'again', reason: reasonOf(result), afterMs: undefined };
  const { status } = result;
  const body = parse(result.body);
  if (status === 202) {
    if (body.order_id !== orderId) return { kind: 'failed', reason: '202 with another order_id' };
    if (!Number.isSafeInteger(body.total_minor)) return { kind: 'failed', reason: '202 without a total' };
    return { kind: 'accepted', totalMinor: body.total_minor as number, replayed: result.replayed };
  }
  const reason = typeof body.code === 'string' ? `${status} ${body.code}` : `${status}`;
  if (status >= 500 || SAYS_NOTHING.has(status)) return { kind: 'again', reason, afterMs: result.retryAfterMs };
  return { kind: 'failed', reason };
}
