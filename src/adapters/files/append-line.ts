import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Adds a line to a file that only its owner may read; makes it, and its folder, where there is none. */
export async function appendLine(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, line, { mode: 0o600 });
}
