import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import type { TargetFlags } from '../runs/targets.ts';
import { waitForRest } from './backlog.ts';
import { type Books, withBooks } from './books.ts';
import { checkCardNumbers } from './card-numbers.ts';
import { checkInvariant, skipped } from './check.ts';
import type { Moment } from './invariants/invariant.ts';
import { INVARIANTS } from './invariants.ts';
import { inLanes } from './lanes.ts';
import { checkPlacedEvents, PLACED_CHECK } from './placed-events.ts';
import { checkProviderBook } from './provider-book.ts';
import type { CheckResult, VerifyResult } from './result.ts';
import { checkSubject, findSubjects, type Subject, type SubjectOptions } from './subjects.ts';

export interface VerifyOptions extends TargetFlags, SubjectOptions {
  /** How long to wait for the pipeline to come to rest. */
  waitMs: number;
  /** What waits longer than this beyond its time is late. */
  lateMs: number;
  /** How many of the hub's newest events are read. */
  hubEvents: number;
}

/** At rest everything is looked at, however young. */
const ANY_TIME = new Date('9999-01-01T00:00:00Z');
const LOOK_AGAIN_MS = 200;

/** Repeats a check that only holds at rest for as long as the pipeline may still be finishing something. */
async function untilRest(
  check: () => Promise<CheckResult>,
  wait: { deadline: number; signal: AbortSignal },
): Promise<CheckResult> {
  for (;;) {
    const result = await check();
    if (result.result !== 'violated' || performance.now() >= wait.deadline) return result;
    await sleep(LOOK_AGAIN_MS, undefined, { signal: wait.signal });
  }
}

function checkPlaced({ pool, hubUrl, eventHub }: Books, limit: number, signal: AbortSignal): Promise<CheckResult> {
  if (hubUrl === undefined || eventHub === undefined) {
    return Promise.resolve(skipped(PLACED_CHECK, 'no hub is known for this database'));
  }
  return checkPlacedEvents(pool, { connectionString: eventHub, hubUrl, limit }, signal);
}

/** Every check that is not about a run's manifest. */
function checksOf(books: Books, options: VerifyOptions, wait: { deadline: number; signal: AbortSignal }) {
  const { pool } = books;
  const { signal } = wait;
  const moment = (): Moment => ({ lateBefore: new Date(Date.now() - options.lateMs), quietBefore: ANY_TIME });
  const invariants = INVARIANTS.map((invariant) => () => {
    const check = () => checkInvariant(pool, invariant, moment());
    return invariant.atRest ? untilRest(check, wait) : check();
  });
  return [
    () => checkPlaced(books, options.hubEvents, signal),
    ...invariants,
    () => untilRest(() => checkProviderBook(pool, books.sandboxUrl, moment(), signal), wait),
    () => checkCardNumbers(pool),
  ];
}

async function checkAll(books: Books, options: VerifyOptions, context: Context): Promise<VerifyResult> {
  const startedAt = performance.now();
  const { signal, terminal } = context;
  // Runs that are known here were sent to another database.
  const subjects = options.environment === undefined ? await findSubjects(options, context) : [];
  const positions = await waitForRest(books.pool, books.hubUrl, options.waitMs, signal);
  const waitedMs = Math.round(performance.now() - startedAt);
  const deadline = startedAt + options.waitMs;
  const compare = (subject: Subject) => async () => {
    terminal.note(`comparing ${subject.manifest}`);
    const label = subjects.length > 1 ? `${subject.name} ` : '';
    const wait = { deadline: positions.result === 'ok' ? 0 : deadline, signal };
    const results = await checkSubject(books.pool, subject, wait);
    return results.map((result) => ({ ...result, name: label + result.name }));
  };
  const others = checksOf(books, options, { deadline, signal }).map((check) => async () => [await check()]);
  const results = await inLanes([...subjects.map(compare), ...others], signal);
  const checks = [...results.flat(), positions];
  const ok = checks.every((check) => check.result !== 'violated');
  return { runs: subjects.map(({ name }) => name), ok, waited_ms: waitedMs, checks };
}

/**
 * Waits until the pipeline is at rest, then compares the manifests with the database and checks the invariants.
 * Changes nothing.
 * @throws {OmsError} when the database, the run or its manifest cannot be read
 */
export function verify(options: VerifyOptions, context: Context): Promise<VerifyResult> {
  return withBooks(options, context, (books) => checkAll(books, options, context));
}
