import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import type { ManifestEntry } from '../runs/manifest.ts';
import { conclude, type Offender, skipped } from './check.ts';
import { MANIFEST_CHECKS } from './manifest-check.ts';
import type { CheckResult } from './result.ts';

const PAGE = 5_000;

/** Which numbers of a run its manifest has, a bit each. */
export class KnownNumbers {
  private bits = new Uint8Array(1 << 16);

  add(entries: readonly ManifestEntry[]): void {
    for (const { n } of entries) this.set(n);
  }

  has(n: number): boolean {
    return ((this.bits[n >>> 3] ?? 0) & (1 << (n & 7))) !== 0;
  }

  private set(n: number): void {
    const index = n >>> 3;
    if (index >= this.bits.length) {
      const larger = new Uint8Array(Math.max(this.bits.length * 2, index + 1));
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[index]! |= 1 << (n & 7);
  }
}

interface KeyRow extends RowDataPacket {
  order_seq: number;
  idempotency_key: string;
  order_id: Buffer;
}

/** The orders under a run's keys, in pages by the clustered key. */
async function* pagesOf(pool: Pool, prefix: string): AsyncGenerator<KeyRow[]> {
  for (let last = 0; ; ) {
    const [rows] = await pool.query<KeyRow[]>(
      `SELECT order_seq, idempotency_key, order_id FROM orders
        WHERE order_seq > ? AND idempotency_key LIKE ? ORDER BY order_seq LIMIT ${PAGE}`,
      [last, `${prefix}%`],
    );
    if (rows.length === 0) return;
    yield rows;
    last = rows.at(-1)!.order_seq;
  }
}

/**
 * Whether anything is stored under the keys of a run that is not in its manifest.
 * @param prefix what the keys of the run begin with; undefined for recorded orders, whose keys are those of every replay
 * @param finished whether the run came to its end; one that was killed could not write down what was on its way
 */
export async function checkInvented(
  pool: Pool,
  run: { prefix: string | undefined; finished: boolean; known: KnownNumbers },
): Promise<CheckResult> {
  const check = MANIFEST_CHECKS.invented;
  if (run.prefix === undefined) return skipped(check, 'recorded orders keep their keys over all replays');
  if (!run.finished) return skipped(check, 'the run was cut off: what it had under way is not in its manifest');
  const startedAt = performance.now();
  let first: Offender | undefined;
  let count = 0;
  for await (const rows of pagesOf(pool, run.prefix)) {
    for (const row of rows) {
      const number = row.idempotency_key.slice(run.prefix.length);
      if (/^\d{1,10}$/.test(number) && run.known.has(Number(number))) continue;
      first ??= { offender: `order ${row.order_id.toString('hex')}`, detail: `its key is ${row.idempotency_key}` };
      count++;
    }
  }
  return conclude(check, { first, count }, startedAt);
}
