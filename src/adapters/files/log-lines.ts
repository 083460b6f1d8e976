import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_CHUNK = 64 * 1_024;
const POLL_MS = 200;

async function readRange(handle: FileHandle, from: number, to: number): Promise<string> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  return buffer.toString('utf8', 0, bytesRead);
}

/** The end of a log and where it was read to, for going on from there. */
export interface LogTail {
  lines: string[];
  end: number;
}

/** What was cut into at the front is not a line; neither is, at the end, one that is still being written. */
function wholeLines(text: string, fromStart: boolean): string[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
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
      const text = await readRange(handle, from, size);
      const lines = wholeLines(text, from === 0).filter(wanted);
      const rest = Buffer.byteLength(text.slice(text.lastIndexOf('\n') + 1));
      if (from === 0 || lines.length >= count) return { lines: lines.slice(-count), end: size - rest };
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

async function readNew(file: string, from: number, to: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const text = await readRange(handle, from, to);
    return text.slice(0, text.lastIndexOf('\n') + 1);
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
      const text = await readNew(file, position, size);
      position += Buffer.byteLength(text);
      for (const line of text.split('\n').filter(Boolean)) onLine(line);
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
