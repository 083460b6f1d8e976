import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { startTestDatabase } from '../../helpers/database.ts';
import { type LocalStack, localStack, toEarlierVersion } from '../../helpers/local-stack.ts';
import { until } from '../../helpers/until.ts';

const ALL = ['database', 'blob', 'hub', 'sandbox', 'consumer', 'producer', 'pages', 'notifier'];

async function json<Result>(stack: LocalStack, ...args: string[]): Promise<{ code: number; result: Result }> {
  const { code, stdout, stderr } = await stack.run(...args, '--json');
  assert.doesNotMatch(stderr, /\S/);
  return { code, result: JSON.parse(stdout).result ?? JSON.parse(stdout) };
}

interface Up {
  started: string[];
  alreadyRunning: string[];
  producerUrl: string;
  sandboxUrl: string;
}

/** Every process is asked within a fifth of a second, which is little where as many have just been started. */
const untilHealthy = (stack: LocalStack) =>
  until('it is healthy', async () => {
    const found = await json<{ health: string; backlog: object | null }>(stack, 'status');
    return found.code === 0 && found.result.backlog ? found.result : undefined;
  });

const untilReady = (stack: LocalStack, name: string) =>
  until(
    `${name} is ready`,
    () => stack.state()?.processes.find((one) => one.name === name)?.status === 'ready',
    30_000,
  );

suite('oms up, status, down', () => {
  test('up starts everything, up again changes nothing, down leaves no process and keeps the addresses', async (t) => {
    const stack = localStack(t);
    const first = await json<Up>(stack, 'up');
    assert.deepEqual([first.code, first.result.started, first.result.alreadyRunning], [0, ALL, []]);
    assert.equal((await fetch(`${first.result.producerUrl}/readyz`)).status, 200);

    const { health, backlog } = await untilHealthy(stack);
    assert.deepEqual([health, backlog], ['healthy', { events: 0, deadLetters: 0 }]);

    const pids = ALL.map((name) => stack.pid(name));
    const second = await json<Up>(stack, 'up');
    assert.deepEqual([second.result.started, second.result.alreadyRunning], [[], ALL]);
    assert.deepEqual(
      ALL.map((name) => stack.pid(name)),
      pids,
    );

    const stopped = await json<{ stopped: string[] }>(stack, 'down');
    assert.deepEqual(stopped.result.stopped, ALL);
    assert.deepEqual(stack.running(), []);
    assert.equal((await json(stack, 'status')).code, 4);
    assert.equal((await json<Up>(stack, 'up')).result.producerUrl, first.result.producerUrl);
  });

  test('after kill -9 of the supervisor and half the rest, up starts what is missing and leaves the others', async (t) => {
    const stack = localStack(t);
    await stack.run('up');
    const [blob, consumer] = [stack.pid('blob'), stack.pid('consumer')];
    // The supervisor first: it would start the others again.
    for (const name of ['supervisor', 'database', 'hub', 'producer']) process.kill(stack.pid(name), 'SIGKILL');
    assert.equal((await json(stack, 'status')).code, 1);

    const { code, result } = await json<Up>(stack, 'up');
    assert.equal(code, 0);
    assert.deepEqual(result.started, ['database', 'hub', 'producer']);
    assert.deepEqual([stack.pid('blob'), stack.pid('consumer')], [blob, consumer]);
    assert.equal(stack.running().length, ALL.length + 1);
    await untilHealthy(stack);
  });

  test('a killed process is back without anyone asking', async (t) => {
    const stack = localStack(t);
    await stack.run('up');
    for (const name of ALL) {
      const before = stack.pid(name);
      process.kill(before, 'SIGKILL');
      await until(`${name} has another pid`, () => {
        const found = stack.state()?.processes.find((one) => one.name === name);
        return found?.pid && found.pid !== before;
      });
      await untilReady(stack, name);
    }
    await untilHealthy(stack);
  });

  test('down without a supervisor stops what it has left', async (t) => {
    const stack = localStack(t);
    await stack.run('up');
    process.kill(stack.pid('supervisor'), 'SIGKILL');
    assert.equal((await stack.run('down')).code, 0);
    assert.deepEqual(stack.running(), []);
  });
});

suite('oms up over the folder of an earlier version', () => {
  test('adds ports, secrets and accounts, and leaves what is there', async (t) => {
    const stack = localStack(t);
    const before = await json<Up>(stack, 'up');
    await stack.run('down');
    toEarlierVersion(stack);
    const { code, result } = await json<Up>(stack, 'up');
    assert.deepEqual([code, result.started], [0, ALL]);
    assert.equal(result.producerUrl, before.result.producerUrl);
    assert.equal((await fetch(`${result.sandboxUrl}/psp/book`)).status, 200);
  });
});

suite('oms up, cut off', () => {
  const moments: [string, (stack: LocalStack) => unknown][] = [
    ['when the supervisor is there', (stack) => stack.state()],
    ['when the database is ready', (stack) => untilReady(stack, 'database')],
    ['when the hub has been started', (stack) => stack.state()?.processes.some((one) => one.name === 'hub' && one.pid)],
  ];

  for (const [moment, reached] of moments) {
    test(`Ctrl-C ${moment}: exit 130 and no process left`, async (t) => {
      const stack = localStack(t);
      const up = stack.spawnUp();
      const exit = once(up, 'exit');
      await until(moment, () => reached(stack), 30_000);
      process.kill(-up.pid!, 'SIGINT');
      const [code] = await exit;
      assert.equal(code, 130);
      assert.deepEqual(stack.running(), []);
    });

    test(`kill -9 ${moment}: up again converges`, async (t) => {
      const stack = localStack(t);
      const up = stack.spawnUp();
      const exit = once(up, 'exit');
      await until(moment, () => reached(stack), 30_000);
      up.kill('SIGKILL');
      await exit;
      assert.equal((await json<Up>(stack, 'up')).code, 0);
      assert.equal(stack.running().length, ALL.length + 1);
    });
  }
});

suite('oms up with a database of your own', () => {
  test('starts none, and everything else uses it', async (t) => {
    const database = await startTestDatabase(t);
    const stack = localStack(t, { OMS_DATABASE_URL: database.url });
    const { code, result } = await json<Up & { databasePort: number | null }>(stack, 'up');
    assert.equal(code, 0);
    assert.equal(result.databasePort, null);
    assert.deepEqual(result.started, ['blob', 'hub', 'sandbox', 'consumer', 'producer', 'pages', 'notifier']);
    await untilHealthy(stack);
    await stack.run('down');
  });
});
