import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_CHUNK = 64 * 1_024;
const POLL_MS = 200;

const NEWLINE = 0x0a;

/** What a file holds between two places, up to the end of the last whole line; a line still being written stays. */
async function readWhole(handle: FileHandle, from: number, to: number): Promise<{ text: string; end: number }> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  // Counted in bytes: text that is not UTF-8 has another length once it is decoded.
  const length = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
  return { text: buffer.toString('utf8', 0, length), end: from + length };
}

/** The end of a log and where it was read to, for going on from there. */
export interface LogTail {
  lines: string[];
  end: number;
}

/** What was cut into at the front is not a line. */
function wholeLines(text: string, fromStart: boolean): string[] {
  const lines = text.split('\n');
  return (fromStart ? lines : lines.slice(1)).filter(Boolean);
}

/**
 * The last lines of a file that `wanted` lets through, reading no more of its end than needed.
 * A file that is not there has none.
 */
export async function tailLines(
  file: string,
  count: number,
  wanted: (line: string) => boolean = () => true,
): Promise<LogTail> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return { lines: [], end: 0 };
  try {
    const { size } = await handle.stat();
    for (let length = FIRST_CHUNK; ; length *= 4) {
      const from = Math.max(0, size - length);
      const { text, end } = await readWhole(handle, from, size);
      const lines = wholeLines(text, from === 0).filter(wanted);
      if (from === 0 || lines.length >= count) return { lines: lines.slice(-count), end };
    }
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readNew(file: string, from: number, to: number): Promise<{ text: string; end: number }> {
  const handle = await open(file, 'r');
  try {
    return await readWhole(handle, from, to);
  } finally {
    await handle.close();
  }
}

/** Hands on each line that is added to a file after `from`, until the signal. Starts over when the file is cut. */
export async function followLines(
  file: string,
  from: number,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let position = from;
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size < position) position = 0;
    if (size > position) {
      const { text, end } = await readNew(file, position, size);
      position = end;
      for (const line of text.split('\n').filter(Boolean)) onLine(line);
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
