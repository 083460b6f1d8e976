import {
  closeSync,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

export const MAX_LOG_BYTES = 20 * 1_024 * 1_024;
const KEPT_LOGS = 2;
const TAIL_BYTES = 8_192;

/** Opens a log for appending, which is what lets it be cut while a process holds it open. */
export function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Moves a log that has grown too large to FILE.1, the one before to FILE.2.
 * Copied and cut rather than renamed: the process goes on writing to the file it has open.
 */
export function rotateLog(file: string, maxBytes = MAX_LOG_BYTES): void {
  if (sizeOf(file) <= maxBytes) return;
  for (let index = KEPT_LOGS; index > 1; index--) {
    const older = `${file}.${index - 1}`;
    if (sizeOf(older) > 0) renameSync(older, `${file}.${index}`);
  }
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}

/** The end of a file, at most TAIL_BYTES of it, and nothing before `from` unless the file has been cut since. */
function readTail(file: string, from: number): string {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const length = Math.min(size >= from ? size - from : size, TAIL_BYTES);
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
}

/** The message of a line: of a JSON one only when it is an error, of any other all of it. */
function errorOf(line: string): string | undefined {
  if (!line.startsWith('{')) return line.slice(0, 500);
  try {
    const entry = JSON.parse(line);
    if (entry.level !== 'error' && entry.level !== 'fatal') return undefined;
    return entry.err?.message ? `${entry.msg}: ${entry.err.message}` : entry.msg;
  } catch {
    return undefined;
  }
}

/**
 * What a process said last before it ended: its last error in JSON, else its last line of plain text.
 * @param from where in the file this run of the process began.
 */
export function lastErrorIn(file: string, from = 0): string | null {
  try {
    const messages = readTail(file, from)
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ line, message: errorOf(line) }));
    const found = messages.filter(({ message }) => message !== undefined);
    return (found.findLast(({ line }) => line.startsWith('{')) ?? found.at(-1))?.message ?? null;
  } catch {
    return null;
  }
}
