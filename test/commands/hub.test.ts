import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { HubReady } from '../../src/stages/hub/run.ts';
import { makeCertificates } from '../helpers/certificates.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ANY_PORT = ['--port', '0', '--http-port', '0'];

interface HubCommand {
  ready: HubReady;
  child: ChildProcess;
  /** What it has written on stderr. */
  log(): string;
  /** Ctrl-C; answers with the exit code. */
  interrupt(): Promise<number | null>;
}

/** `oms hub --json` on free ports; answers once it has said that it is ready. */
async function startHub(t: TestContext, folder: string, ...args: string[]): Promise<HubCommand> {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'dev.js'), 'hub', ...ANY_PORT, ...args, '--json'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, OMS_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  let log = '';
  child.stderr.on('data', (chunk) => (log += chunk));
  t.after(async () => {
    child.kill('SIGTERM');
    await exit;
  });
  const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  assert.equal(first.done, false, 'it says something');
  const interrupt = async () => {
    child.kill('SIGINT');
    const [code] = await exit;
    return code;
  };
  return { ready: JSON.parse(first.value).result, child, interrupt, log: () => log };
}

/** The first script of the documentation, as somebody runs it who has installed the SDK and nothing else. */
function writeScript(folder: string): string {
  const [, script] = /```js\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs', 'hub.md'), 'utf8'))!;
  mkdirSync(join(folder, 'node_modules', '@azure'), { recursive: true });
  symlinkSync(
    join(ROOT, 'node_modules', '@azure', 'event-hubs'),
    join(folder, 'node_modules', '@azure', 'event-hubs'),
    'dir',
  );
  const file = join(folder, 'script.mjs');
  writeFileSync(file, script!);
  return file;
}

async function linesOfScript(t: TestContext, connection: string, more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [writeScript(tempFolder(t))], {
    env: { CONNECTION: connection, ...more },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) if (lines.push(line) === 2) break;
  child.kill('SIGKILL');
  return lines;
}

suite('oms hub', () => {
  test('a script of ten lines sends and receives; the key stays and is readable by its owner alone', async (t) => {
    const folder = tempFolder(t);
    const { ready, interrupt } = await startHub(t, folder);
    assert.deepEqual(ready.hubs, ['events']);
    assert.match(ready.connectionString, /^Endpoint=sb:\/\/localhost:\d+;.*;UseDevelopmentEmulator=true$/);
    const lines = await linesOfScript(t, ready.connectionString);
    assert.deepEqual(lines, ['hello', 'world']);
    assert.equal(await interrupt(), 0);
    assert.equal(existsSync(join(folder, 'hub', 'running.json')), false);
    assert.equal(statSync(join(folder, 'hub', 'access-key.json')).mode & 0o777, 0o600);
    const again = await startHub(t, folder);
    const keyOf = (text: string) => /SharedAccessKey=([^;]+)/.exec(text)![1];
    assert.equal(keyOf(again.ready.connectionString), keyOf(ready.connectionString));
  });

  test('whoever is turned away is told of in its log, without asking for more of it', async (t) => {
    const { ready, log } = await startHub(t, tempFolder(t));
    const refused = async (connection: string, hub: string) => {
      const client = new EventHubProducerClient(connection, hub, { retryOptions: { maxRetries: 0 } });
      await assert.rejects(client.sendBatch([{ body: 'hello' }]));
      await client.close();
    };
    const told = (what: Record<string, unknown>) => {
      const lines = log().split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line)).find((line) => isDeepStrictEqual({ ...line, ...what }, line));
    };
    await refused(ready.connectionString.replace(/SharedAccessKey=[^;]+/, 'SharedAccessKey=wrong'), 'events');
    const wrongKey = await until('the wrong key', () => told({ level: 'warn', node: '$cbs', status: 401 }));
    assert.match(`${wrongKey.peer} ${wrongKey.why}`, /^127\.0\.0\.1:\d+ InvalidSignature: /);
    await refused(ready.connectionString, 'nope');
    const wrongHub = await until('the wrong hub', () => told({ level: 'warn', code: 'amqp:not-found' }));
    assert.match(`${wrongHub.peer} ${wrongHub.why}`, /^127\.0\.0\.1:\d+ .*'nope'/);
  });

  test('hubs are listed, made, changed, spoilt and removed while it runs', async (t) => {
    const folder = tempFolder(t);
    const config = join(folder, 'Config.json');
    const entities = [{ Name: 'eh1', PartitionCount: '2', ConsumerGroups: [{ Name: 'cg1' }] }];
    writeFileSync(
      config,
      JSON.stringify({ UserConfig: { NamespaceConfig: [{ Type: 'EventHub', Entities: entities }] } }),
    );
    await startHub(t, folder, '--config', config);
    const oms = async (...args: string[]) => {
      const { code, stdout } = await runCli(['hub', ...args, '--json'], { env: { OMS_DIR: folder } });
      return { code, ...JSON.parse(stdout) };
    };
    const { result: listed } = await oms('list');
    assert.deepEqual([listed.length, listed[0].name, listed[0].consumerGroups], [1, 'eh1', ['$default', 'cg1']]);
    const created = await oms('create', 'returns', '--partitions', '3', '--group', 'desk', '--retention', '24h');
    assert.equal(created.result.partitions.length, 3);
    const updated = await oms('update', 'returns', '--add-group', 'audit', '--remove-group', 'desk');
    assert.deepEqual(updated.result.consumerGroups, ['$default', 'audit']);
    const clash = await oms('create', 'returns', '--partitions', '5');
    assert.deepEqual([clash.code, clash.error.code], [3, 'refused']);
    assert.match(clash.error.message, /has 3 partitions but 5/);
    const spoilt = await oms('faults', '--set', 'send:delay=0.1,200ms', '--set', 'drop=0.5', '--seed', '7');
    assert.deepEqual(spoilt.result, {
      seed: 7,
      rules: [
        { fault: 'delay', rate: 0.1, side: 'send', delayMs: 200 },
        { fault: 'drop', rate: 0.5 },
      ],
    });
    assert.deepEqual((await oms('faults', '--off')).result.rules, []);
    assert.equal((await oms('delete', 'returns')).error.code, 'refused');
    assert.deepEqual((await oms('delete', 'returns', '--yes')).result, { name: 'returns', removed: true, events: 0 });
    const gone = await oms('show', 'returns');
    assert.deepEqual([gone.code, gone.error.code], [4, 'not_found']);
  });

  test('what cannot be started is told in one sentence', async (t) => {
    const folder = tempFolder(t);
    const { ready } = await startHub(t, folder);
    const start = (...args: string[]) => runCli(['hub', ...args], { env: { OMS_DIR: tempFolder(t) } });
    const taken = await start('--port', String(ready.port), '--http-port', '0');
    assert.equal(taken.code, 5);
    assert.match(taken.stderr, /a port is taken\n {2}why {3}port \d+ of 127.0.0.1 is taken/);
    const missing = await start(...ANY_PORT, '--config', 'nowhere.json');
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /nowhere\.json: ENOENT/);
    const wrong = await start('--hub', 'orders');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /NAME=PARTITIONS/);
    const twice = await runCli(['hub', ...ANY_PORT], { env: { OMS_DIR: folder } });
    assert.equal(twice.code, 5);
    assert.match(twice.stderr, /another hub|in use|already/i);
  });

  test('with a certificate the same script goes over TLS', async (t) => {
    const folder = tempFolder(t);
    const { certFile, keyFile, caFile } = await makeCertificates(folder);
    const { ready } = await startHub(t, folder, '--tls-port', '0', '--tls-cert', certFile, '--tls-key', keyFile);
    assert.ok(ready.tlsConnectionString?.startsWith(`Endpoint=sb://localhost:${ready.tlsPort};`));
    const lines = await linesOfScript(t, ready.tlsConnectionString!, { NODE_EXTRA_CA_CERTS: caFile });
    assert.deepEqual(lines, ['hello', 'world']);
  });

  test('killed outright, the command takes its hub with it', async (t) => {
    const { ready, child } = await startHub(t, tempFolder(t), '--no-auth');
    child.kill('SIGKILL');
    const answers = () =>
      fetch(`${ready.httpUrl}/livez`).then(
        () => true,
        () => false,
      );
    await until('the hub is gone', async () => !(await answers()));
  });

  test('without a hub, the commands that need one say how to get it', async (t) => {
    const { code, stderr } = await runCli(['hub', 'list'], { env: { OMS_DIR: tempFolder(t) } });
    assert.equal(code, 5);
    assert.match(stderr, /no local hub is running\n {2}next {2}oms hub\n/);
  });
});
