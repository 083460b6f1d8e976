import { randomInt } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OmsError } from '../../errors.ts';

/** The files of one run. */
export interface RunFiles {
  run: string;
  folder: string;
  manifest: string;
  summary: string;
}

/** What {@link newRunId} makes. */
export const RUN_ID = /^\d{8}T\d{6}-[a-z0-9]{4}$/;

/** `a000`, the first of the numbers that have four digits to the base of 36 and begin with a letter. */
const FIRST_ENDING = 10 * 36 ** 3;

/**
 * A name that sorts by time and can be read: 20261121T101500-ab12. It is part of the keys of orders: with figures alone
 * behind the hour, and the order's number behind them, one key in ten would be taken for a card number.
 */
export function newRunId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}-${randomInt(FIRST_ENDING, 36 ** 4).toString(36)}`;
}

export function runFiles(localDir: string, run: string): RunFiles {
  const folder = join(localDir, 'runs', run);
  return { run, folder, manifest: join(folder, 'manifest.ndjson'), summary: join(folder, 'summary.json') };
}

const latestFile = (localDir: string) => join(localDir, 'runs', 'latest');

/** Makes the folder of a new run, and the run the latest. */
export async function createRunFolder(localDir: string, run: string): Promise<RunFiles> {
  const files = runFiles(localDir, run);
  await mkdir(files.folder, { recursive: true });
  const latest = latestFile(localDir);
  await writeFile(`${latest}.${process.pid}`, `${run}\n`);
  await rename(`${latest}.${process.pid}`, latest);
  return files;
}

/**
 * The files of a run, the latest one when none is named.
 * @throws {OmsError} `usage` for a name that is none, `refused` when nothing was simulated yet
 */
export async function findRun(localDir: string, run?: string): Promise<RunFiles> {
  const name = run ?? (await readFile(latestFile(localDir), 'utf8').catch(() => '')).trim();
  if (!name) {
    throw new OmsError('refused', 'there is no run to verify yet', {
      next: ['oms simulate --rate 100 --duration 10s', 'oms verify --all'],
    });
  }
  if (!RUN_ID.test(name)) {
    const message = `--run: expected the name of a run, got "${name}"; for example 20261121T101500-ab12`;
    throw new OmsError('usage', message, { next: ['oms verify', `ls ${join(localDir, 'runs')}`] });
  }
  return runFiles(localDir, name);
}
