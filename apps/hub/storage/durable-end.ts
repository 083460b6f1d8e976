import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedLogError } from './errors.ts';
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

const NOTE = /^(\d+)(?: (-1|\d+) (\d+))?\n$/;

/**
 * The last note; one of an empty log when there is none.
 * @throws {DamagedLogError}
 */
export function readDurableEnd(folder: string): DurableEnd {
  const path = join(folder, FILE);
  if (!existsSync(path)) return { end: 0, lastOffset: -1, lastEnqueuedMs: 0 };
  const match = NOTE.exec(readFileSync(path, 'utf8'));
  if (match === null) {
    throw new DamagedLogError(
      `${path} is damaged; restore it, or remove it to trust what the log itself tells of its end`,
    );
  }
  const [, end, lastOffset = -1, lastEnqueuedMs = 0] = match;
  return { end: Number(end), lastOffset: Number(lastOffset), lastEnqueuedMs: Number(lastEnqueuedMs) };
}
