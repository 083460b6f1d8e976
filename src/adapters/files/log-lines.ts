import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_CHUNK = 64 * 1_024;
const POLL_MS = 200;

async function readRange(handle: FileHandle, from: number, to: number): Promise<string> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  return buffer.toString('utf8', 0, bytesRead);
}

/**
 * The last lines of a file that `wanted` lets through, reading no more of its end than needed.
 * A file that is not there has none.
 */
export async function tailLines(
  file: string,
  count: number,
  wanted: (line: string) => boolean = () => true,
): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    for (let length = FIRST_CHUNK; ; length *= 4) {
      const from = Math.max(0, size - length);
      const lines = (await readRange(handle, from, size)).split('\n').filter(Boolean);
      // What was cut into at the front is not a line.
      const found = (from > 0 ? lines.slice(1) : lines).filter(wanted);
      if (from === 0 || found.length >= count) return found.slice(-count);
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
    return await readRange(handle, from, to);
  } finally {
    await handle.close();
  }
}

/** Hands on each line that is added to a file, from its present end, until the signal. Starts over when it is cut. */
export async function followLines(file: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
  let position = await sizeOf(file);
  let rest = '';
  while (!signal.aborted) {
    const size = await sizeOf(file);
    if (size < position) {
      position = 0;
      rest = '';
    }
    if (size > position) {
      const lines = (rest + (await readNew(file, position, size))).split('\n');
      rest = lines.pop() ?? '';
      position = size;
      for (const line of lines.filter(Boolean)) onLine(line);
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
