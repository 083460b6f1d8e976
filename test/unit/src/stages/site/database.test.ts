import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { connect } from '../../../../../lib/database/connect.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { askQuestion } from '../../../../../src/stages/ask/ask.ts';
import { seed } from '../../../../../src/stages/seed/seed.ts';
import { withSiteDatabase } from '../../../../../src/stages/site/database.ts';
import { withBooks } from '../../../../../src/stages/verify/books.ts';
import { deployedSite, SITE_PASSWORDS } from '../../../../helpers/deployed-site.ts';
import { aSite } from '../../../../helpers/sites.ts';

const DEMO = aSite();

/** What a call for the database of "demo" fails with. */
async function failure(t: TestContext, parts: Parameters<typeof deployedSite>[1]): Promise<OmsError> {
  const use = async (url: string) => (await connect(url)).end();
  const error = await withSiteDatabase(DEMO, 'ask', deployedSite(t, parts), use).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof OmsError, String(error));
  return error;
}

suite("a site's database", () => {
  test('is handed over at a port of this machine, with the account that was asked for', async (t) => {
    const seen = await withSiteDatabase(DEMO, 'ask', deployedSite(t), async (url) => new URL(url));
    assert.deepEqual(
      [seen.username, seen.password, seen.hostname, seen.pathname],
      ['oms_ask', SITE_PASSWORDS.ask, '127.0.0.1', '/oms'],
    );
    assert.notEqual(seen.port, '3306');
  });

  test('nobody has deployed it from here', async (t) => {
    const here = deployedSite(t);
    const unknown = { environment: 'other' };
    const calls = [
      () => seed({ ...unknown, reset: false, yes: false }, here),
      () => askQuestion('orders today', { ...unknown, continue: false }, here),
      () => withBooks(unknown, here, async () => undefined),
    ];
    for (const call of calls) {
      await assert.rejects(call, { code: 'not_deployed', message: 'nothing is known of a site other' });
    }
  });

  test('its password is not here', async (t) => {
    const error = await failure(t, { secrets: {} });
    assert.equal(error.code, 'credential_missing');
    assert.match(error.why ?? '', /there is no .*demo\/secrets\/mysql-ask-password/);
  });

  test('it has no container', async (t) => {
    const error = await failure(t, { containers: [] });
    assert.deepEqual([error.code, error.message], ['not_deployed', 'demo has no database yet']);
    assert.equal(error.why, 'there is no container oms-mysql-1 on shop-1');
  });

  test('its container has ended', async (t) => {
    const error = await failure(t, { containers: [{ service: 'mysql', state: 'exited', address: '' }] });
    assert.deepEqual([error.code, error.message], ['database_unreachable', 'the database of demo does not run']);
    assert.equal(error.why, 'the container oms-mysql-1 on shop-1 is exited');
    assert.deepEqual(error.next, ['oms logs mysql --env demo', 'oms status --env demo']);
  });

  test('its container is not in the network of the database', async (t) => {
    const error = await failure(t, { containers: [{ service: 'mysql', address: '' }] });
    assert.match(error.why ?? '', /is running, and not in the network oms_data$/);
  });

  test('Docker does not answer', async (t) => {
    const error = await failure(t, { docker: 'echo "Cannot connect to the Docker daemon" >&2; exit 1' });
    assert.deepEqual([error.code, error.why], ['deploy_failed', 'Cannot connect to the Docker daemon']);
  });

  test('nobody listens there', async (t) => {
    const error = await failure(t, { port: 1 });
    assert.deepEqual([error.code, error.message], ['database_unreachable', 'the database of demo does not answer']);
    assert.match(error.why ?? '', /^no way through shop-1 to it: .*ECONNREFUSED/);
    assert.deepEqual(error.next, ['oms status --env demo']);
  });

  test('a Ctrl-C is told as one, whatever the database says of it', async (t) => {
    const stop = new AbortController();
    const context = { ...deployedSite(t), signal: stop.signal };
    const cut = withSiteDatabase(DEMO, 'ask', context, async () => {
      stop.abort(new OmsError('interrupted', 'interrupted by SIGINT'));
      throw Object.assign(new Error('lost'), { code: 'PROTOCOL_CONNECTION_LOST' });
    });
    await assert.rejects(cut, { code: 'interrupted' });
  });

  test('where real money is taken, nothing is invented', async (t) => {
    const context = deployedSite(t, { site: { payments: 'stripe' } });
    const request = { reset: false, yes: false, environment: 'demo' };
    for (const parts of [{}, { catalogueFile: 'a.csv', orders: 5 }, { catalogueFile: 'a.csv', customers: 5 }]) {
      await assert.rejects(seed({ ...request, ...parts }, context), {
        code: 'refused',
        next: ['oms seed --env demo --catalogue FILE.csv'],
      });
    }
  });
});
