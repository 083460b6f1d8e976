import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from './folders.ts';

const FILE = 'durable-end';

/**
 * Notes how far a partition's log is durable. A log only ever grows, so an old note stays true: with it, damage at the
 * end of the log can be told from a write that was never finished.
 */
export const writeDurableEnd = (folder: string, offset: number): void =>
  writeFileDurably(join(folder, FILE), `${offset}\n`);

/** The last note, 0 when there is none. */
export function readDurableEnd(folder: string): number {
  const path = join(folder, FILE);
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0;
}
