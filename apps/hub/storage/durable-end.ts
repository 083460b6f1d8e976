import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from './folders.ts';

const FILE = 'durable-end';

/** How far a log is durable, and what its last event was: retention may have removed that since. */
export interface DurableEnd {
  /** Offset behind the last event. */
  end: number;
  /** -1 when there never was an event. */
  lastOffset: number;
  lastEnqueuedMs: number;
}

/**
 * Notes how far a partition's log is durable. A log only ever grows, so an old note stays true: with it, damage at the
 * end of the log can be told from a write that was never finished.
 */
export const writeDurableEnd = (folder: string, { end, lastOffset, lastEnqueuedMs }: DurableEnd): void =>
  writeFileDurably(join(folder, FILE), `${end} ${lastOffset} ${lastEnqueuedMs}\n`);

/** The last note; one of an empty log when there is none. */
export function readDurableEnd(folder: string): DurableEnd {
  const path = join(folder, FILE);
  const [end = 0, lastOffset = -1, lastEnqueuedMs = 0] = existsSync(path)
    ? readFileSync(path, 'utf8').trim().split(' ').map(Number)
    : [];
  return { end, lastOffset, lastEnqueuedMs };
}
