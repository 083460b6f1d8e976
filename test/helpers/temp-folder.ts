import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';

const folders: string[] = [];

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
});

/**
 * A folder of the test's own, removed with everything in it when the last test of the file has ended. Not when its own
 * test ends: hooks run in the order in which they are registered, and what still writes there is stopped by a later one.
 */
export function tempFolder(_t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oms-test-')));
  folders.push(folder);
  return folder;
}
