/**
 * Runs the test suite of the official JavaScript SDK, unmodified, against the local Event Hubs:
 *
 *   node scripts/hub-official.ts --suite ~/azure-sdk-for-js [--work .oms/hub-official] [--port 5671] [file of the suite ...]
 *
 * --suite is a checkout of azure-sdk-for-js that has sdk/eventhub/event-hubs and sdk/test-utils/test-utils-vitest.
 * Its tests are copied to --work, where the packages they need are installed once. Prints passed, failed and skipped.
 */
import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type RunningHub, startHub } from '../apps/hub/app.ts';
import { type Disk, fileSystem } from '../apps/hub/storage/flusher.ts';
import { createLogger } from '../lib/runtime/logger.ts';
import { type Certificates, makeCertificates } from '../test/helpers/certificates.ts';

const PARTS = [
  'sdk/eventhub/event-hubs/src',
  'sdk/eventhub/event-hubs/test',
  'sdk/eventhub/event-hubs/package.json',
  'sdk/test-utils/test-utils-vitest/src',
];
/** One test takes it for granted that the host comes without a port. */
const STANDARD_PORT = 5671;
const HUB = 'official';
const GROUP = 'judges';
const KEY = { name: 'RootManageSharedAccessKey', key: 'local-key' };

/** Two tests abort a send one millisecond after it began and want to be in time; the service takes longer than that. */
const SYNC_MS = 25;
const slowDisk: Disk = {
  ...fileSystem,
  fdatasync: (fd, done) => fileSystem.fdatasync(fd, (error) => setTimeout(() => done(error), SYNC_MS)),
};

async function run(program: string, args: readonly string[], options: SpawnOptions): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function prepare(suite: string, work: string): Promise<void> {
  mkdirSync(work, { recursive: true });
  cpSync(join(import.meta.dirname, 'hub-official'), work, { recursive: true });
  for (const part of PARTS) {
    rmSync(join(work, part), { recursive: true, force: true });
    cpSync(join(suite, part), join(work, part), { recursive: true });
  }
  if (existsSync(join(work, 'node_modules'))) return;
  const code = await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: work });
  if (code !== 0) throw new Error(`npm install in ${work} ended with ${code}`);
}

/** The variables by which the suite finds a live hub, and trusts its certificate. */
function environmentOf(hub: RunningHub, { caFile }: Certificates): NodeJS.ProcessEnv {
  const host = hub.tlsPort === STANDARD_PORT ? 'localhost' : `localhost:${hub.tlsPort}`;
  return {
    ...process.env,
    TEST_MODE: 'live',
    EVENTHUB_FQDN: host,
    EVENTHUB_NAME: HUB,
    EVENTHUB_CONSUMER_GROUP_NAME: GROUP,
    EVENTHUB_CONNECTION_STRING: `Endpoint=sb://${host}/;SharedAccessKeyName=${KEY.name};SharedAccessKey=${KEY.key}`,
    OMS_HUB_KEY_NAME: KEY.name,
    OMS_HUB_KEY: KEY.key,
    NODE_EXTRA_CA_CERTS: caFile,
  };
}

interface Results {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: Array<{ name: string; message: string; assertionResults: Array<{ status: string; fullName: string }> }>;
}

function report(path: string): void {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(path, 'utf8'),
  ) as Results;
  for (const { name, message, assertionResults } of testResults) {
    if (assertionResults.length === 0) process.stdout.write(`not loaded: ${name}: ${message.split('\n')[0]}\n`);
    for (const { status, fullName } of assertionResults) {
      if (status !== 'passed') process.stdout.write(`${status}: ${fullName}\n`);
    }
  }
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`);
}

async function judge(suite: string, work: string, port: number, files: readonly string[]): Promise<number> {
  await prepare(suite, work);
  const folder = mkdtempSync(join(tmpdir(), 'oms-hub-official-'));
  const certificates = await makeCertificates(folder);
  const hub = await startHub(
    {
      host: '127.0.0.1',
      port: 0,
      tls: { port, cert: certificates.cert, key: certificates.key },
      httpPort: 0,
      dataDir: join(folder, 'data'),
      hubs: [{ name: HUB, partitions: 4, consumerGroups: [GROUP] }],
      accessKey: KEY,
      disk: slowDisk,
    },
    createLogger('hub', 'silent'),
  );
  try {
    const vitest = join(work, 'node_modules', 'vitest', 'vitest.mjs');
    const env = environmentOf(hub, certificates);
    const code = await run(process.execPath, [vitest, 'run', ...files], { cwd: work, env });
    report(join(work, 'results.json'));
    return code;
  } finally {
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    work: { type: 'string', default: '.oms/hub-official' },
    port: { type: 'string', default: String(STANDARD_PORT) },
  },
});
if (values.suite === undefined || !existsSync(join(values.suite, PARTS[0]!))) {
  process.stderr.write('--suite has to name a checkout of azure-sdk-for-js with sdk/eventhub/event-hubs\n');
  process.exitCode = 2;
} else {
  process.exitCode = await judge(resolve(values.suite), resolve(values.work), Number(values.port), positionals);
}
