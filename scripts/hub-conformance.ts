// What an Event Hubs has to do, asked of the local hub with the unmodified SDK:   npm run hub:conformance
//
// Runs test/integration/hub/sdk/*.test.ts, one area a file, and prints what passed and what failed. Nothing is fetched.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from 'node:test';

const FOLDER = join(import.meta.dirname, '..', 'test', 'integration', 'hub', 'sdk');
const SUFFIX = '.test.ts';
const FILE_DEADLINE_MS = 180_000;

const files = readdirSync(FOLDER)
  .filter((name) => name.endsWith(SUFFIX))
  .sort()
  .map((name) => join(FOLDER, name));

const counts = { passed: 0, failed: 0 };
let area = '';

function tell(outcome: keyof typeof counts, { name, file = '' }: { name: string; file?: string | undefined }): void {
  const next = basename(file, SUFFIX);
  if (next !== area) console.log(`\n${next}`);
  area = next;
  counts[outcome]++;
  console.log(`  ${outcome}  ${name}`);
}

const tests = run({ files, concurrency: false, timeout: FILE_DEADLINE_MS });
tests.on('test:pass', (data) => tell('passed', data));
tests.on('test:fail', (data) => {
  tell('failed', data);
  console.log(`          ${String(data.details.error.cause ?? data.details.error).replaceAll('\n', '\n          ')}`);
});
tests.resume();
await new Promise((resolve) => tests.once('end', resolve));
console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
