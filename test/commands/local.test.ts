import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fakeProgram } from '../helpers/fake-program.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

suite('oms status', () => {
  test('where nothing was ever started: down, exit 4, and what to do', async (t) => {
    const { code, stdout } = await runCli(['status'], { env: { OMS_DIR: tempFolder(t) } });
    assert.equal(code, 4);
    assert.equal(stdout, 'Down: the local stack has not been started. Next: oms up\n');
  });

  test('as JSON: the envelope carries the exit code', async (t) => {
    const { code, stdout } = await runCli(['status', '--json'], { env: { OMS_DIR: tempFolder(t) } });
    assert.equal(code, 4);
    assert.deepEqual(JSON.parse(stdout), {
      status: 4,
      result: {
        health: 'down',
        sentence: 'Down: the local stack has not been started. Next: oms up',
        processes: [],
        supervisorPid: null,
        backlog: null,
        hubs: null,
        diskFreeBytes: null,
      },
      warnings: [],
    });
  });

  test('a stack whose processes are all dead is described from its files', async (t) => {
    const folder = tempFolder(t);
    writeDeadStack(folder);
    const { code, stdout } = await runCli(['status', '--json'], { env: { OMS_DIR: folder } });
    assert.equal(code, 4);
    const { result } = JSON.parse(stdout);
    assert.equal(result.sentence, 'Down: nothing runs, though nobody stopped it. Next: oms up');
    assert.equal(typeof result.diskFreeBytes, 'number');
    assert.deepEqual(result.processes, [
      {
        name: 'hub',
        status: 'gone',
        since: '2026-03-01T08:00:00.000Z',
        pid: null,
        port: 3,
        uptimeMs: null,
        restarts: 2,
        memoryBytes: null,
        lastError: 'no disk',
        problem: 'has ended',
      },
    ]);
  });
});

/** What a stack leaves behind when everything in it was killed at once; no process has these ids. */
function writeDeadStack(folder: string): void {
  const local = join(folder, 'local');
  mkdirSync(local);
  const write = (name: string, value: unknown) => writeFileSync(join(local, name), JSON.stringify(value));
  const at = '2026-03-01T08:00:00.000Z';
  const gone = { pid: 2 ** 22 + 1, startTime: '1', startedAt: at };
  const hub = { name: 'hub', status: 'ready', since: at, ...gone, restarts: 2, lastExit: null, lastError: 'no disk' };
  write('state.json', { ...gone, processes: [{ ...hub, specHash: 'x' }] });
  write('ports.json', { database: 1, blob: 2, hub: 3, hubHttp: 4, consumerHttp: 5, producerHttp: 6 });
  const urls = ['producerUrl', 'eventHubConnectionString', 'databaseUrl', 'adminDatabaseUrl', 'askDatabaseUrl'];
  const more = ['hubHttpUrl', 'sandboxUrl', 'adminToken', 'consumerHttpUrl', 'blobUrl', 'pagesUrl'];
  write('endpoints.json', Object.fromEntries([...urls, ...more].map((name) => [name, 'http://127.0.0.1:1'])));
}

suite('oms down', () => {
  test('with nothing running says so and succeeds', async (t) => {
    const { code, stdout } = await runCli(['down'], { env: { OMS_DIR: tempFolder(t) } });
    assert.equal(code, 0);
    assert.equal(stdout, 'Nothing was running. Next: oms up\n');
  });

  test('--purge removes nothing without a yes, and names the call that says it', async (t) => {
    const folder = tempFolder(t);
    writeDeadStack(folder);
    const { code, stderr } = await runCli(['down', '--purge'], { env: { OMS_DIR: folder } });
    assert.equal(code, 3);
    assert.match(stderr, /next {2}oms down --purge --yes/);
    assert.equal((await runCli(['status'], { env: { OMS_DIR: folder } })).stdout.includes('hub'), true);
  });

  test('--purge --yes removes the stack and keeps what was downloaded', async (t) => {
    const folder = tempFolder(t);
    writeDeadStack(folder);
    mkdirSync(join(folder, 'cache'));
    const { stdout } = await runCli(['down', '--purge', '--yes', '--json'], { env: { OMS_DIR: folder } });
    assert.deepEqual(JSON.parse(stdout).result, { stopped: [], purged: true });
    assert.match((await runCli(['status'], { env: { OMS_DIR: folder } })).stdout, /has not been started/);
  });
});

suite('oms logs', () => {
  const hubLine = (time: string, msg: string) => `${JSON.stringify({ level: 'info', time, service: 'hub', msg })}\n`;

  function writeLogs(folder: string): void {
    const logs = join(folder, 'local', 'logs');
    mkdirSync(logs, { recursive: true });
    const lines = [hubLine('2026-03-01T08:00:01.000Z', 'first'), hubLine('2026-03-01T08:00:03.000Z', 'order A-1 last')];
    writeFileSync(join(logs, 'hub.log'), lines.join(''));
    writeFileSync(join(logs, 'database.log'), '2026-03-01  8:00:02 0 [Note] between\n');
  }

  test('all logs in the order of time, readable', async (t) => {
    const folder = tempFolder(t);
    writeLogs(folder);
    const { stdout } = await runCli(['logs'], { env: { OMS_DIR: folder } });
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      '08:00:01.000 hub        info  first',
      '08:00:02.000 database   info  between',
      '08:00:03.000 hub        info  order A-1 last',
    ]);
  });

  test('one process, one order, as JSON lines', async (t) => {
    const folder = tempFolder(t);
    writeLogs(folder);
    const { stdout } = await runCli(['logs', 'hub', '--order', 'A-1', '--json'], { env: { OMS_DIR: folder } });
    assert.deepEqual(JSON.parse(stdout).msg, 'order A-1 last');
  });

  test('an unknown process is a wrong call that names the known ones', async () => {
    const { code, stderr } = await runCli(['logs', 'nobody']);
    assert.equal(code, 2);
    assert.match(stderr, /database, blob, hub, sandbox, consumer, producer, pages, notifier, supervisor/);
  });
});

suite('oms doctor', () => {
  /** A machine with nothing on PATH but what the test puts there. */
  function bareMachine(folder: string, programs: Record<string, string>) {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const [name, script] of Object.entries(programs)) fakeProgram(join(bin, name), script);
    return { PATH: bin, OMS_DIR: join(folder, 'oms') };
  }

  test('lists everything at once, with purpose, minimum and hint', async (t) => {
    const env = bareMachine(tempFolder(t), {
      docker: 'echo 19.3.1',
      mysqld: 'echo "mysqld  Ver 8.4.2 for Linux"',
      terraform: 'echo "Terraform v1.11.4"',
      'ansible-playbook': 'echo "ansible-playbook [core 2.14.18]"',
      az: `[ "$AZURE_CORE_COLLECT_TELEMETRY" = 0 ] && echo '{"azure-cli": "2.30.0", "azure-cli-core": "2.30.0"}'`,
    });
    const { stdout } = await runCli(['doctor', '--json'], { env });
    const { tools } = JSON.parse(stdout).result as { tools: Record<string, unknown>[] };
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['node', 'database server', 'docker', 'terraform', 'az', 'ansible', 'language model'],
    );
    for (const tool of tools) assert.ok(tool.purpose && tool.minimum && tool.hint, `${tool.name}`);
    const told = tools.slice(2).map(({ state, found, required }) => [state, found, required]);
    assert.deepEqual(told, [
      ['too old', '19.3.1', false],
      ['ok', '1.11.4', false],
      ['too old', '2.30.0', false],
      ['too old', '2.14.18', false],
      ['missing', null, false],
    ]);
    assert.equal(tools[0]?.state, 'ok');
  });

  test('what only the cloud half needs is optional, and names its commands', async (t) => {
    const { stdout } = await runCli(['doctor'], { env: bareMachine(tempFolder(t), {}) });
    assert.match(stdout, /^ {2}terraform \(optional, for oms provision, oms destroy\): https:/m);
    assert.match(stdout, /^ {2}az \(optional, for oms provision, oms destroy\): https:/m);
  });

  test('says which language model is configured, or what its configuration lacks, and never the key', async (t) => {
    const env = { ...bareMachine(tempFolder(t), {}), OMS_AI_MODEL: 'small', OMS_AI_API_KEY: 'sk-canary' };
    const model = async (more: Record<string, string>) => {
      const { stdout } = await runCli(['doctor', '--json'], { env: { ...env, ...more } });
      assert.doesNotMatch(stdout, /canary/);
      return JSON.parse(stdout).result.tools.at(-1);
    };
    const local = { OMS_AI_PROVIDER: 'compatible', OMS_AI_BASE_URL: 'http://127.0.0.1:11434/v1' };
    assert.equal((await model(local)).found, 'compatible small at http://127.0.0.1:11434/v1');
    assert.match((await model({ OMS_AI_PROVIDER: 'azure' })).hint, /OMS_AI_BASE_URL is missing/);
  });

  test('--fix asks first, and where nobody can be asked names the flag', async (t) => {
    const env = bareMachine(tempFolder(t), { 'apt-get': 'exit 1', dpkg: 'exit 1' });
    const survey = JSON.parse((await runCli(['doctor', '--json'], { env })).stdout);
    // A machine with a server installed has nothing to fix.
    if (survey.result.tools[1].state === 'ok') return;
    const { code, stderr } = await runCli(['doctor', '--fix'], { env });
    assert.equal(code, 3);
    assert.match(stderr, /next {2}oms doctor --fix --yes/);
    const failed = await runCli(['doctor', '--fix', '--yes'], { env });
    assert.equal(failed.code, 4);
    assert.match(failed.stderr, /could not be fetched/);
  });
});

suite('oms up', () => {
  test('an address that is none is a wrong call, and is not repeated', async (t) => {
    for (const url of ['postgres://me:very-secret@h/db', 'very-secret', 'mysql://me:very-secret@h']) {
      const { code, stderr } = await runCli(['up', '--database-url', url], { env: { OMS_DIR: tempFolder(t) } });
      assert.equal(code, 2);
      assert.match(stderr, /next {2}oms up --database-url mysql:/);
      assert.doesNotMatch(stderr, /very-secret/);
    }
  });

  test('a database that is not there: which one, why, what next; nothing is left running', async (t) => {
    const folder = tempFolder(t);
    const env = { OMS_DIR: folder, OMS_DATABASE_URL: 'mysql://me:very-secret@127.0.0.1:1/shop' };
    const { code, stderr } = await runCli(['up'], { env });
    await runCli(['down'], { env });
    assert.equal(code, 5);
    assert.match(stderr, /the database at 127\.0\.0\.1:1\/shop cannot be used/);
    assert.match(stderr, /why .*ECONNREFUSED/);
    assert.doesNotMatch(stderr, /very-secret|\bat .*\.ts/);
  });
});
