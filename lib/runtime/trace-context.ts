import { randomFillSync } from 'node:crypto';

/** One step of a trace, as W3C Trace Context names it: ids in lower-case hexadecimal. */
export interface TraceContext {
  traceId: string;
  spanId: string;
  /** What travels on: `00-<trace id>-<span id>-<flags>`. */
  traceparent: string;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = '01';

/** Random bytes are drawn in one go for many ids: a draw costs more than the bytes. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** A new step of the caller's trace, or of a new trace when `parent` is absent or no valid traceparent. */
export function traceContext(parent?: string): TraceContext {
  const match = parent === undefined ? null : TRACEPARENT.exec(parent);
  const valid = match && !/^0+$/.test(match[1]!) && !/^0+$/.test(match[2]!);
  const traceId = valid ? match[1]! : randomHex(16);
  const spanId = randomHex(8);
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${valid ? match[3] : SAMPLED}` };
}
