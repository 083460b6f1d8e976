import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { grantReader } from '../../../lib/database/grants.ts';
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
      'plan',
      'window',
      'columns',
      'units',
      'rows',
      'total_rows',
    ]);
    assert.deepEqual(result.window, {
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
    assert.deepEqual(JSON.parse(stdout).result.status, 'refuse_write');
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
});
