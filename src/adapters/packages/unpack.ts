import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../exec/run.ts';
import { type Apt, aptWith, privateApt, resolvePackages } from './apt.ts';

export interface UnpackOptions {
  /** Names of packages, best first: the first one that the distribution has is taken. */
  candidates: readonly string[];
  /** What the download comes to, for the progress line: "7 MB". */
  size: string;
  /** Told what is being done, for a progress line. */
  report?: (activity: string) => void;
  signal?: AbortSignal;
}

/** az alone brings seventy. */
const MOST_NAMED = 6;

async function download(apt: Apt, folder: string, { candidates, size, report }: UnpackOptions): Promise<void> {
  const names = await resolvePackages(apt, candidates);
  const few = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), '...'] : names;
  report?.(`downloading ${names.length} packages (about ${size}): ${few.join(', ')}`);
  await apt('apt-get', ['-qq', 'download', ...names], folder);
}

async function unpackAll(debs: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  for (const name of await readdir(debs)) {
    if (!name.endsWith('.deb')) continue;
    // -x takes the files only: no maintainer script runs, so no service can start.
    await run({ file: 'dpkg', args: ['-x', join(debs, name), folder], ...(signal && { signal }) });
  }
}

/**
 * Downloads one of the distribution's packages with what it needs, and unpacks the files into `folder`; nothing is
 * installed, no right is needed.
 * @throws {Error} saying what apt-get or dpkg said.
 */
export async function unpackPackages(folder: string, options: UnpackOptions): Promise<void> {
  const { report, signal } = options;
  const debs = join(folder, 'debs');
  await mkdir(debs);
  try {
    await download(aptWith([], signal), debs, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    report?.('reading the package lists of the distribution');
    await download(await privateApt(join(folder, 'apt'), signal), debs, options);
  }
  report?.('unpacking');
  await unpackAll(debs, folder, signal);
  await rm(debs, { recursive: true });
  await rm(join(folder, 'apt'), { recursive: true, force: true });
}
