import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Value } from 'typebox/value';
import { openPool, type Pool } from '../../../lib/database/connect.ts';
import { SimulateResult } from '../../../src/stages/simulate/result.ts';
import { VerifyResult } from '../../../src/stages/verify/result.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { accept, type Posted, startFakeProducer } from '../../helpers/fake-producer.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { insertProducts, storeOrder, type TestProduct } from '../../helpers/stored-orders.ts';
import { until } from '../../helpers/until.ts';

const DEV = join(import.meta.dirname, '..', '..', '..', 'bin', 'dev.js');

suite('oms simulate and oms verify as commands', () => {
  let database: TestDatabase;
  let pool: Pool;
  let products: TestProduct[];
  let folder: string;

  before(async () => {
    database = await startTestDatabase();
    pool = openPool(database.url);
    products = await insertProducts(pool, 3);
    folder = await mkdtemp(join(tmpdir(), 'oms-command-'));
  });
  after(async () => {
    await pool?.end();
    await rm(folder, { recursive: true });
  });

  const shop = async (t: TestContext) => {
    const producer = await startFakeProducer(t, async (posted: Posted) => {
      const { totalMinor } = await storeOrder(pool, products, posted.request, posted.key);
      return { status: 202, body: { ...(accept(posted).body as object), total_minor: totalMinor } };
    });
    return {
      producer,
      env: { OMS_PRODUCER_URL: producer.url, OMS_DATABASE_URL: database.appUrl, OMS_DIR: join(folder, '.oms') },
    };
  };

  test('people get a report with the verdict on stdout and progress on stderr', async (t) => {
    const { env } = await shop(t);
    // So few that the last one may be half a second late before the rate is not kept.
    const simulated = await runCli(['simulate', '--rate', '2', '--duration', '2s'], { env });
    assert.match(simulated.stdout, /^run \d{8}T\d{6}-[a-z0-9]{4} {2}open loop, uniform 2\/s for 2\.0 s/);
    assert.match(simulated.stdout, /stored +4/);
    assert.match(simulated.stdout, /VERDICT (pass|generator limited)\n/);
    assert.match(simulated.stderr, /^sending [12] s \/ 2 s {2}asked \d+ {2}issued/m);
    assert.equal(simulated.code, simulated.stdout.includes('VERDICT pass') ? 0 : 1);

    const verified = await runCli(['verify', '--wait', '0s'], { env });
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /^lost +ok +.*\(4 of 4 accepted orders\)/m);
    assert.match(verified.stdout, /checks hold, 3 skipped: I1 M6 N4\n$/);
  });

  test('machines get one envelope and nothing else', async (t) => {
    const { env } = await shop(t);
    const simulated = await runCli(['simulate', '--orders', '10', '--json'], { env });
    assert.equal(simulated.stderr, '');
    const { status, result } = JSON.parse(simulated.stdout);
    assert.equal(status, simulated.code);
    assert.ok(Value.Check(SimulateResult, result), JSON.stringify(Value.Errors(SimulateResult, result)));
    assert.equal(result.counts.stored, 10);

    const verified = await runCli(['verify', '--run', result.run, '--wait', '0s', '--json'], { env });
    assert.equal(verified.stderr, '');
    const envelope = JSON.parse(verified.stdout);
    assert.equal(envelope.status, 0);
    assert.ok(Value.Check(VerifyResult, envelope.result));
    assert.deepEqual(envelope.result.runs, [result.run]);
  });

  test('a violated check ends in 1 and names the offender', async (t) => {
    const { env } = await shop(t);
    await runCli(['simulate', '--orders', '3', '--quiet'], { env });
    await pool.query("UPDATE orders SET status = 'confirmed' ORDER BY order_seq DESC LIMIT 1");
    const { code, stdout } = await runCli(['verify', '--wait', '0s', '--quiet'], { env });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /P3: the status of an order is that of its last step\n {2}first offender: order [0-9a-f]{32}: /,
    );
    await pool.query("UPDATE orders SET status = 'reserved'");
  });

  test('a run outlives whoever read its progress', async (t) => {
    const { env } = await shop(t);
    const child = spawn(process.execPath, [DEV, 'simulate', '--rate', '10', '--duration', '2200ms'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.once('data', () => child.stderr.destroy());
    await new Promise((resolve) => child.once('close', resolve));
    assert.match(stdout, /stored +22/);
  });

  test('a first Ctrl-C ends the run in order, with exit 130', async (t) => {
    const { env, producer } = await shop(t);
    const child = spawn(process.execPath, [DEV, 'simulate', '--rate', '50', '--duration', '1h', '--json'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    await until('orders arrive', () => producer.posts.length >= 5, 30_000);
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    assert.equal(await exited, 130);
    const { status, result } = JSON.parse(stdout);
    assert.deepEqual([status, result.verdict], [130, 'interrupted']);
    assert.equal(result.counts.stored, result.counts.issued);
  });
});
