import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { makeCertificates } from '../../helpers/certificates.ts';
import { startTestHub } from '../../helpers/hub.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const run = promisify(execFile);
const PYTHON = 'python3';
const DEADLINE_MS = 240_000;

interface Verdict {
  check?: string;
  ok?: boolean;
  why?: string;
}

/** Runs the checks of a client that is not ours against a hub of its own; all have to pass. */
async function judge(t: TestContext, script: string, module: string, debianPackage: string, plainToo: boolean) {
  if (spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0) {
    t.skip(`not run: ${PYTHON} has no ${module} (Debian: ${debianPackage})`);
    return;
  }
  const { cert, key, caFile } = await makeCertificates(tempFolder(t));
  const hub = await startTestHub(t, {
    tls: { port: 0, cert, key },
    hubs: [{ name: 'orders', partitions: 4, consumerGroups: ['judges'] }],
  });
  const ports = [...(plainToo ? [hub.port] : []), hub.tlsPort!].map(String);
  const args = [join(import.meta.dirname, 'judges', script), ...ports, caFile, 'oms', 'test-key'];
  const { stdout } = await run(PYTHON, args, { timeout: DEADLINE_MS });
  const verdicts = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Verdict)
    .filter(({ check }) => check !== undefined);
  assert.ok(verdicts.length > 10);
  assert.deepEqual(
    verdicts.filter(({ ok }) => !ok),
    [],
  );
}

test("Azure's Python client", (t) => judge(t, 'azure_eventhub.py', 'azure.eventhub', 'python3-azure', false));

test('Qpid Proton', (t) => judge(t, 'qpid_proton.py', 'proton', 'python3-qpid-proton', true));
