import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { formatDuration } from '../../ui/format.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { TargetFlags } from '../runs/targets.ts';
import { POSITIONS_CHECK } from './backlog.ts';
import { type Books, withBooks } from './books.ts';
import { checkCardNumbers } from './card-numbers.ts';
import { checkInvariant, skipped } from './check.ts';
import type { Moment } from './invariants/invariant.ts';
import { INVARIANTS } from './invariants.ts';
import { inLanes } from './lanes.ts';
import { PLACED_CHECK } from './placed-events.ts';
import { checkProviderBook } from './provider-book.ts';
import type { CheckResult, WatchResult } from './result.ts';

export interface WatchOptions extends TargetFlags {
  everyMs: number;
  /** When to stop by itself; undefined goes on until Ctrl-C. */
  forMs: number | undefined;
  lateMs: number;
}

/** What has not changed for so long should have reached everybody who has to know of it. */
const QUIET_MS = 10_000;

const momentOf = ({ lateMs }: WatchOptions): Moment => ({
  lateBefore: new Date(Date.now() - lateMs),
  quietBefore: new Date(Date.now() - QUIET_MS),
});

async function checkRound(books: Books, options: WatchOptions, signal: AbortSignal): Promise<CheckResult[]> {
  const { pool, sandboxUrl } = books;
  const moment = momentOf(options);
  const invariants = INVARIANTS.map((invariant) => async () => {
    const { notWhileWorking } = invariant;
    return notWhileWorking ? skipped(invariant, notWhileWorking) : checkInvariant(pool, invariant, moment);
  });
  const results = await inLanes(
    [...invariants, () => checkProviderBook(pool, sandboxUrl, moment, signal), () => checkCardNumbers(pool)],
    signal,
  );
  const moving = 'the hub is being read';
  return [skipped(PLACED_CHECK, moving), ...results, skipped(POSITIONS_CHECK, moving)];
}

/** One line a round: what holds, what is violated with its first offender, what was left out. */
function roundLine(at: Date, round: number, checks: readonly CheckResult[], terminal: Terminal): string {
  const of = (result: CheckResult['result']) => checks.filter((check) => check.result === result);
  const left = of('skipped').map(({ name }) => name);
  const tail = `${left.length > 0 ? `, left out ${left.join(' ')}` : ''}`;
  const time = at.toISOString().slice(11, 19);
  const violated = of('violated').map(({ name, detail }) => `${name} ${detail}`);
  const verdict =
    violated.length > 0
      ? terminal.style('red', `violated: ${violated.join('; ')}`)
      : terminal.style('green', `${of('ok').length} checks hold`);
  return `${time}  round ${round}  ${verdict}${tail}`;
}

/** Rounds until the signal or the time ends them. A round that was interrupted does not count. */
async function watchBooks(books: Books, options: WatchOptions, context: Context): Promise<WatchResult> {
  const { signal, terminal } = context;
  const result: WatchResult = { rounds: 0, violated_rounds: 0, ok: true, violations: [] };
  const end = performance.now() + (options.forMs ?? Number.POSITIVE_INFINITY);
  const found = new Map<string, WatchResult['violations'][number]>();
  try {
    for (;;) {
      const startedAt = performance.now();
      const checks = await checkRound(books, options, signal);
      const ms = performance.now() - startedAt;
      result.rounds++;
      const violated = checks.filter((check) => check.result === 'violated');
      if (violated.length > 0) result.violated_rounds++;
      for (const { name, detail } of violated) {
        if (!found.has(name)) found.set(name, { name, detail, round: result.rounds });
      }
      terminal.print(`${roundLine(new Date(), result.rounds, checks, terminal)}, ${formatDuration(ms)}`);
      if (performance.now() + options.everyMs > end) break;
      await sleep(Math.max(0, options.everyMs - ms), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  result.violations = [...found.values()];
  result.ok = result.violated_rounds === 0;
  return result;
}

/**
 * Checks the invariants again and again while the pipeline works: each statement sees one moment, so that what a
 * transaction writes together is seen together. What only holds at rest is left out and named, or asked of what has
 * not changed for ten seconds.
 */
export function watch(options: WatchOptions, context: Context): Promise<WatchResult> {
  return withBooks(options, context, (books) => watchBooks(books, options, context));
}
