import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { grantReader } from '../../../lib/database/grants.ts';
import { migrate } from '../../../lib/database/migrate.ts';
import { askQuestion } from '../../../src/stages/ask/ask.ts';
import { seed } from '../../../src/stages/seed/seed.ts';
import { withSiteDatabase } from '../../../src/stages/site/database.ts';
import { verify } from '../../../src/stages/verify/verify.ts';
import { siteAccountStatements } from '../../../src/tools/site-accounts.ts';
import { startTestServer, type TestServer } from '../../helpers/database-server.ts';
import { deployedSite, SITE_PASSWORDS } from '../../helpers/deployed-site.ts';
import { SEED_NOW } from '../../helpers/seed-history.ts';
import { rowsOf } from '../../helpers/seeding.ts';
import { aSite } from '../../helpers/sites.ts';

let server: TestServer;

before(async () => {
  const statements = () => siteAccountStatements(SITE_PASSWORDS, ['127.0.0.1']);
  server = await startTestServer({ schema: 'oms', passwords: SITE_PASSWORDS, statements });
});
after(() => server.remove());

const now = new Date(SEED_NOW).toISOString();
const request = { reset: false, yes: false, now, environment: 'demo', orders: 30, products: 5 };
const context = (t: TestContext, parts: Parameters<typeof deployedSite>[1] = {}) =>
  deployedSite(t, { port: server.port, ...parts });

suite('the database of a deployed site', () => {
  test('before its migrations it is not touched', async (t) => {
    await assert.rejects(seed(request, context(t)), {
      code: 'database_schema',
      message: 'the database of demo is not of this version of oms',
    });
    assert.deepEqual(await rowsOf(server.url('admin'), 'SHOW TABLES'), []);
    await assert.rejects(askQuestion('revenue', { environment: 'demo', continue: false }, context(t)), {
      message: 'the database of demo refuses oms_ask',
    });
  });

  test('it is filled, asked and checked, each by its own account', async (t) => {
    await migrate(server.url('admin'));
    await grantReader(server.url('admin'), 'oms_ask', '127.0.0.1');
    const here = context(t);
    const filled = await seed(request, here);
    assert.deepEqual([filled.state, filled.products, filled.orders], ['seeded', 5, 30]);
    assert.equal((await seed(request, here)).state, 'already_seeded');
    const question = 'number of orders in the last 12 months';
    const answer = await askQuestion(question, { environment: 'demo', now, continue: false }, here);
    assert.equal(answer.status, 'answer');
    const options = { run: undefined, manifest: undefined, all: false, waitMs: 0, lateMs: 60_000, hubEvents: 1 };
    const checked = await verify({ ...options, environment: 'demo' }, here);
    assert.deepEqual([checked.ok, checked.runs], [true, []]);
  });

  test('another seed is refused without a word of emptying tables', async (t) => {
    await assert.rejects(seed({ ...request, products: 6 }, context(t)), {
      code: 'refused',
      next: ['oms seed --env demo with the values that are there'],
    });
  });

  test('questions cannot write', async (t) => {
    const write = (url: string) => rowsOf(url, 'DELETE FROM products');
    await assert.rejects(withSiteDatabase(aSite(), 'ask', context(t), write), {
      code: 'database_unreachable',
      message: 'the database of demo refuses oms_ask',
    });
  });

  test('a password that is not the one it runs with', async (t) => {
    const other = context(t, { secrets: { 'mysql-admin-password': 'another-password' } });
    const error = await seed(request, other).catch((thrown: unknown) => thrown as Error & { next?: string[] });
    assert.equal((error as Error).message, 'the database of demo refuses oms_admin');
    assert.doesNotMatch(JSON.stringify([error, (error as Error).message]), /another-password/);
  });
});
