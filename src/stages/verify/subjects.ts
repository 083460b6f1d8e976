import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import { findRun, runFiles } from '../runs/run-folder.ts';
import { readBeginning } from './beginning.ts';
import { skipped } from './check.ts';
import { checkInvented, KnownNumbers } from './invented.ts';
import { MANIFEST_CHECKS, ManifestCheck } from './manifest-check.ts';
import type { CheckResult } from './result.ts';

/** Which manifests are compared. */
export interface SubjectOptions {
  /** Name of a run; the latest when neither this nor `manifest` nor `all` is given. */
  run: string | undefined;
  /** A manifest anywhere, instead of a run's. */
  manifest: string | undefined;
  /** Every run there is, and none when there is none. */
  all: boolean;
}

/** A manifest with the name its run is shown by. */
export interface Subject {
  name: string;
  manifest: string;
  summary: string;
}

export async function findSubjects(options: SubjectOptions, { settings }: Context): Promise<Subject[]> {
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

/** Compares what a run sent with what is stored. */
export async function checkSubject(
  pool: Pool,
  subject: Subject,
  wait: { deadline: number; signal: AbortSignal },
): Promise<CheckResult[]> {
  const check = new ManifestCheck(pool);
  const known = new KnownNumbers();
  let prefix: string | undefined;
  let sentAt: Date | undefined;
  await check.compare(subject.manifest, (entries) => {
    prefix ??= keyPrefix(entries[0]!.key);
    sentAt ??= new Date(entries[0]!.planned_at);
    known.add(entries);
  });
  const beginning = await readBeginning(pool);
  if (sentAt !== undefined && sentAt < beginning) {
    const why = `the run was before the database was seeded, at ${beginning.toISOString().slice(0, 19)}Z`;
    return Object.values(MANIFEST_CHECKS).map((one) => skipped(one, why));
  }
  await waitForLost(check, wait.deadline, wait.signal);
  const finished = await readFile(subject.summary).then(
    () => true,
    () => false,
  );
  return [...(await check.results()), await checkInvented(pool, { prefix, finished, known })];
}
