import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import { findRun, runFiles } from '../runs/run-folder.ts';
import { databaseError, findDatabase, findHub, type TargetFlags } from '../runs/targets.ts';
import { waitForRest } from './backlog.ts';
import { checkInvariant } from './check.ts';
import { INVARIANTS } from './invariants.ts';
import { checkInvented, KnownNumbers } from './invented.ts';
import { ManifestCheck } from './manifest-check.ts';
import type { CheckResult, VerifyResult } from './result.ts';

export interface VerifyOptions extends TargetFlags {
  /** Name of a run; the latest when neither this nor `manifest` nor `all` is given. */
  run: string | undefined;
  /** A manifest anywhere, instead of a run's. */
  manifest: string | undefined;
  /** Every run there is, and none when there is none. */
  all: boolean;
  /** How long to wait for the pipeline to come to rest. */
  waitMs: number;
}

/** A manifest with the name its run is shown by. */
interface Subject {
  name: string;
  manifest: string;
  summary: string;
}

async function findSubjects(options: VerifyOptions, { settings }: Context): Promise<Subject[]> {
  if (options.manifest !== undefined) {
    const summary = join(dirname(options.manifest), 'summary.json');
    return [{ name: options.manifest, manifest: options.manifest, summary }];
  }
  if (options.all) {
    const entries = await readdir(join(settings.localDir, 'runs'), { withFileTypes: true }).catch(() => []);
    const runs = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return runs.sort().map((name) => ({ name, ...runFiles(settings.localDir, name) }));
  }
  const files = await findRun(settings.localDir, options.run);
  return [{ name: files.run, ...files }];
}

const LOOK_AGAIN_MS = 200;

/** What is missing may still be on its way as long as nobody can say that the hub has been read to its end. */
async function waitForLost(check: ManifestCheck, deadline: number, signal: AbortSignal): Promise<void> {
  while (check.lost.size > 0 && performance.now() < deadline) {
    await sleep(LOOK_AGAIN_MS, undefined, { signal });
    await check.lookAgain();
  }
}

const keyPrefix = (key: string): string | undefined => /^sim-\d{8}T\d{6}-[a-z0-9]{4}-/.exec(key)?.[0];

async function checkSubject(
  pool: Pool,
  subject: Subject,
  wait: { deadline: number; signal: AbortSignal },
): Promise<CheckResult[]> {
  const check = new ManifestCheck(pool);
  const known = new KnownNumbers();
  let prefix: string | undefined;
  await check.compare(subject.manifest, (entries) => {
    prefix ??= keyPrefix(entries[0]!.key);
    known.add(entries);
  });
  await waitForLost(check, wait.deadline, wait.signal);
  const finished = await readFile(subject.summary).then(
    () => true,
    () => false,
  );
  return [...(await check.results()), await checkInvented(pool, { prefix, finished, known })];
}

/** Checks at once; the database works on each with one thread. */
const LANES = 2;

/** Runs tasks a few at a time; results in the order of the tasks. The first failure stops what has not begun. */
async function inLanes<Result>(tasks: readonly (() => Promise<Result>)[], signal: AbortSignal): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < tasks.length) {
      signal.throwIfAborted();
      const index = next++;
      try {
        results[index] = await tasks[index]!();
      } catch (error) {
        next = tasks.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

async function checkAll(pool: Pool, hubUrl: string | undefined, options: VerifyOptions, context: Context) {
  const startedAt = performance.now();
  const { signal, terminal } = context;
  const subjects = await findSubjects(options, context);
  const positions = await waitForRest(pool, hubUrl, options.waitMs, signal);
  const waitedMs = Math.round(performance.now() - startedAt);
  const wait = { deadline: positions.result === 'ok' ? 0 : startedAt + options.waitMs, signal };
  const compare = (subject: Subject) => async () => {
    terminal.note(`comparing ${subject.manifest}`);
    const label = subjects.length > 1 ? `${subject.name} ` : '';
    const results = await checkSubject(pool, subject, wait);
    return results.map((result) => ({ ...result, name: label + result.name }));
  };
  const invariants = INVARIANTS.map((invariant) => async () => [await checkInvariant(pool, invariant)]);
  const results = await inLanes([...subjects.map(compare), ...invariants], signal);
  return { runs: subjects.map(({ name }) => name), waitedMs, checks: [...results.flat(), positions] };
}

/**
 * Waits until the pipeline is at rest, then compares the manifests with the database and checks the invariants.
 * Changes nothing.
 * @throws {OmsError} when the database, the run or its manifest cannot be read
 */
export async function verify(options: VerifyOptions, context: Context): Promise<VerifyResult> {
  const databaseUrl = await findDatabase(options, context);
  const hubUrl = await findHub(options, databaseUrl, context);
  const pool = openPool(databaseUrl, { connectionLimit: LANES + 1 });
  try {
    const { runs, waitedMs, checks } = await checkAll(pool, hubUrl, options, context);
    return { runs, ok: checks.every((check) => check.result !== 'violated'), waited_ms: waitedMs, checks };
  } catch (error) {
    throw databaseError(context.signal.aborted ? context.signal.reason : error);
  } finally {
    await pool.end().catch(() => {});
  }
}
