import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const MOST = 500;

const fileIn = (dir: string) => join(dir, 'ask', 'history');

/** Lines typed in earlier sessions, the newest first. @param dir Settings.dir */
export async function readHistory(dir: string): Promise<string[]> {
  const text = await readFile(fileIn(dir), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).slice(-MOST).reverse();
}

/** For whoever owns the folder alone; a session is not lost because a folder cannot be written. */
export async function appendHistory(dir: string, line: string): Promise<void> {
  try {
    await mkdir(join(dir, 'ask'), { recursive: true });
    await appendFile(fileIn(dir), `${line}\n`, { mode: 0o600 });
  } catch {
    return;
  }
}
