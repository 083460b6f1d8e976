import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { grantReader } from '../../../lib/database/grants.ts';
import { AskResult } from '../../../lib/query/result.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { runCli } from '../../helpers/run-cli.ts';

let env: Record<string, string>;
let dir: string;

before(async () => {
  const database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
  dir = await mkdtemp(join(tmpdir(), 'oms-ask-'));
  env = {
    OMS_DATABASE_URL: database.askUrl,
    OMS_NOW: new Date(FIXTURE_NOW).toISOString(),
    OMS_TIMEZONE: 'Europe/Berlin',
    OMS_DIR: dir,
  };
});
after(() => rm(dir, { recursive: true, force: true }));

const isResult = Compile(AskResult);

const oms = (...args: string[]) => runCli(['ask', ...args], { env });

suite('oms ask', () => {
  test('answers with how it understood the question, exit 0', async () => {
    const { code, stdout, stderr } = await oms('top products last week');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^Understood: revenue by product, Mon 11 May - Sun 17 May 2026 \(Europe\/Berlin\), sale orders, top 10\n/,
    );
    assert.match(stdout, /\nproduct +revenue\n/);
  });

  test('--json is one envelope, the same bytes every time', async () => {
    const [one, two] = [
      await oms('revenue by category last month', '--json'),
      await oms('revenue by category last month', '--json'),
    ];
    assert.equal(one.stdout, two.stdout);
    const { status, result } = JSON.parse(one.stdout);
    assert.equal(status, 0);
    assert.deepEqual(Object.keys(result), [
      'question',
      'status',
      'understood',
      'assumptions',
      'by',
      'plan',
      'window',
      'columns',
      'kinds',
      'units',
      'rows',
      'total_rows',
      'notes',
      'follow_ups',
    ]);
    assert.ok(isResult.Check(result));
    assert.deepEqual((result as { window: object }).window, {
      start: '2026-03-31T22:00:00.000Z',
      end: '2026-04-30T22:00:00.000Z',
      timezone: 'Europe/Berlin',
      rule: 'last_complete:month x1',
    });
  });

  test('one exit code for each kind of answer', async () => {
    const codes = {
      'delete all orders': 3,
      'e-mails of our customers': 3,
      'drop table orders': 3,
      'show me the numbers': 6,
      'weather tomorrow': 7,
    };
    for (const [question, expected] of Object.entries(codes)) {
      const { code, stdout, stderr } = await oms(question);
      assert.deepEqual([question, code, stdout], [question, expected, '']);
      assert.match(stderr, /oms ask "/);
    }
  });

  test('a refusal in JSON names its class', async () => {
    const { code, stdout } = await oms('delete all orders', '--json');
    assert.equal(code, 3);
    const { result } = JSON.parse(stdout);
    assert.equal(result.status, 'refuse_write');
    assert.ok(isResult.Check(result));
  });

  test('nothing, too much and control characters are usage errors', async () => {
    for (const question of ['', 'x'.repeat(10_000), 'orders\u0007today']) assert.equal((await oms(question)).code, 2);
  });

  test('a wrong clock or zone is a usage error', async () => {
    assert.equal((await oms('orders', '--now', 'soon')).code, 2);
    assert.equal((await oms('orders', '--timezone', 'Middle/Earth')).code, 2);
  });

  test('--csv is rows and nothing else', async () => {
    const { stdout } = await oms('orders by channel', '--csv');
    assert.match(stdout, /^channel,orders_count\n(web|mobile),\d+\n(web|mobile),\d+\n$/);
  });

  test('--sql and --limit', async () => {
    const { stdout } = await oms('revenue by customer', '--sql', '--limit', '2');
    assert.match(stdout, /\n\d+ more rows\n/);
    assert.match(stdout, /\nSELECT .*;\n$/);
  });

  test('--continue changes the question before', async () => {
    await oms('top 3 products last week');
    const { code, stdout } = await oms('and the week before?', '--continue');
    assert.equal(code, 0);
    assert.match(stdout, /Mon 4 May - Sun 10 May 2026/);
  });

  test('a database that is away: exit 5 with what to do', async () => {
    const { code, stderr } = await runCli(['ask', 'orders'], {
      env: { ...env, OMS_DATABASE_URL: 'mysql://u:secret@127.0.0.1:9/oms' },
    });
    assert.equal(code, 5);
    assert.match(stderr, /does not answer/);
    assert.doesNotMatch(stderr, /secret/);
  });

  test('--dry-run shows plan and SQL of what would be run', async () => {
    const { code, stdout } = await oms('top products last week', '--dry-run');
    assert.equal(code, 0);
    assert.match(stdout, /^Understood: [\s\S]*\nnot run\n\nSELECT /);
  });

  test('a stack that was never started: exit 4 with what to do', async () => {
    const { OMS_DATABASE_URL: _, ...without } = env;
    const { code, stderr } = await runCli(['ask', 'orders'], { env: without });
    assert.equal(code, 4);
    assert.match(stderr, /the local stack has not been started\n {2}next {2}oms up/);
  });

  test('a database without orders: zero, and why', async () => {
    const { askUrl, url } = await startTestDatabase();
    await grantReader(url, 'oms_ask');
    const { code, stdout } = await runCli(['ask', 'how many orders last week'], {
      env: { ...env, OMS_DATABASE_URL: askUrl },
    });
    assert.equal(code, 0);
    assert.match(stdout, /\nNote: there are no orders in this database yet; "oms seed" makes some\n$/);
  });

  test('a database without our tables: exit 5 with what to do', async () => {
    const { url } = await startTestDatabase(undefined, { migrate: false });
    const { code, stderr } = await runCli(['ask', 'orders'], { env: { ...env, OMS_DATABASE_URL: url } });
    assert.equal(code, 5);
    assert.match(stderr, /no tables of this version/);
  });
});

suite('oms ask without a question', () => {
  const lines = (...input: string[]) => ({ env, input: input.join('\n') });

  test('answers the lines of stdin over one connection, each may continue the one before', async () => {
    const { code, stdout, stderr } = await runCli(
      ['ask'],
      lines('# a remark', 'top 3 products last week', '', 'and the week before?', 'delete all orders', '\\sql'),
    );
    assert.equal(code, 3);
    const understood = stdout.split('\n').filter((line) => line.startsWith('Understood: '));
    assert.deepEqual(
      understood.map((line) => /, (\w+ \d+ \w+) -/.exec(line)?.[1]),
      ['Mon 11 May', 'Mon 4 May'],
    );
    assert.match(stdout, /\nSELECT [\s\S]*;\n$/);
    assert.match(stderr, /^Refused\. /);
  });

  test('--json is one envelope with a result for each', async () => {
    const { code, stdout, stderr } = await runCli(['ask', '--json'], lines('orders by channel', 'show me the numbers'));
    assert.deepEqual([code, stderr], [6, '']);
    const statuses = JSON.parse(stdout).result.map(({ status }: { status: string }) => status);
    assert.deepEqual(statuses, ['answer', 'clarify']);
  });

  test('a question that fails does not end the others, and is told of', async () => {
    const { code, stdout, stderr } = await runCli(['ask', '--json'], lines('x'.repeat(3_000), 'orders by channel'));
    assert.deepEqual([code, stderr], [2, '']);
    const { result } = JSON.parse(stdout);
    assert.deepEqual([result[0].status, result[0].code, result[1].status], ['failed', 'usage', 'answer']);
  });

  test('nothing to ask is a usage error', async () => {
    const { code, stderr } = await runCli(['ask'], lines(''));
    assert.equal(code, 2);
    assert.match(stderr, /there is no question/);
  });
});
