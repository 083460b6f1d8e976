import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { type AskDesk, DatabaseAskDesk } from '../../../apps/producer/ask/ask-desk.ts';
import { grantReader } from '../../../lib/database/grants.ts';
import { QueryTimeout, ResultTooLarge } from '../../../lib/query/execute.ts';
import { AskResult } from '../../../lib/query/result.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { SECRETS, startTrial } from '../../helpers/producer.ts';

const now = new Date(FIXTURE_NOW).toISOString();
const isResult = Compile(AskResult);

let database: TestDatabase;

before(async () => {
  database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
});

async function start(t: TestContext, ask?: AskDesk) {
  const { url } = await startTrial(t, ask ? { ask } : {});
  return async (body: unknown, token = SECRETS.admin) => {
    const answer = await fetch(`${url}/api/admin/ask`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  };
}

function databaseDesk(t: TestContext): AskDesk {
  const desk = new DatabaseAskDesk(database.askUrl);
  t.after(() => desk.close());
  return desk;
}

suite('POST /api/admin/ask', () => {
  test('an answer is what oms ask --json gives, at the clock and in the zone that are asked for', async (t) => {
    const ask = await start(t, databaseDesk(t));
    const question = 'revenue by category last month';
    const { status, headers, body } = await ask({ question, now, timezone: 'Europe/Berlin', sql: true });
    assert.deepEqual([status, headers.get('cache-control'), body.status], [200, 'no-store', 'answer']);
    assert.deepEqual(isResult.Errors(body), []);
    assert.match(body.understood as string, /Wed 1 Apr - Thu 30 Apr 2026 \(Europe\/Berlin\)/);
    assert.match(body.sql as string, /^SELECT /);
    assert.ok((body.rows as unknown[]).length > 1);
  });

  test('a plan that is sent along is continued', async (t) => {
    const ask = await start(t, databaseDesk(t));
    const { body: first } = await ask({ question: 'revenue by category last month', now });
    const { body } = await ask({ question: 'and by brand?', now, previous: first.plan, limit: 2 });
    assert.match(body.understood as string, /^revenue by brand, /);
    assert.equal((body.rows as unknown[]).length, 2);
  });

  test('what is declined is an answer too, and reaches no database', async (t) => {
    const ask = await start(t);
    const statuses = {
      'delete all orders': 'refuse_write',
      'e-mails of our customers': 'refuse_pii',
      'drop table orders': 'refuse_unsafe',
      'show me the numbers': 'clarify',
      'weather tomorrow': 'out_of_scope',
    };
    for (const [question, expected] of Object.entries(statuses)) {
      const { status, body } = await ask({ question });
      assert.deepEqual([status, body.status], [200, expected], question);
      assert.ok(isResult.Check(body));
    }
  });

  test('without the account it says what to set, and without the token nothing', async (t) => {
    const ask = await start(t);
    const { status, body } = await ask({ question: 'revenue last month' });
    assert.deepEqual([status, body.code], [503, 'ask_not_configured']);
    assert.equal((await ask({ question: 'revenue last month' }, 'another-token')).status, 401);
  });

  test('what is no question is refused with the field at fault', async (t) => {
    const ask = await start(t);
    const bad: [body: object, status: number, pointer: string][] = [
      [{}, 422, '/question'],
      [{ question: '' }, 422, '/question'],
      [{ question: 'x'.repeat(2_001) }, 422, '/question'],
      [{ question: 'orders\u0007today' }, 422, '/question'],
      [{ question: 'orders', timezone: 'Middle/Earth' }, 422, '/timezone'],
      [{ question: 'orders', now: 'soon' }, 422, '/now'],
      [{ question: 'orders', limit: 0 }, 422, '/limit'],
      [{ question: 'orders', previous: { metrics: ['secrets'] } }, 422, '/previous'],
      [{ question: 'orders', provider: 'x' }, 422, '/provider'],
    ];
    for (const [body, status, pointer] of bad) {
      const answer = await ask(body);
      assert.equal(answer.status, status, JSON.stringify(body).slice(0, 80));
      const [first] = answer.body.errors as { pointer: string }[];
      assert.ok(first!.pointer.startsWith(pointer), `${first!.pointer} is not ${pointer}`);
    }
    const blank = await start(t, databaseDesk(t));
    assert.equal((await blank({ question: '   ' })).status, 422);
  });

  test('a database that is away, and an answer that takes too long or is too large, are said to be so', async (t) => {
    const away = await start(t, new DatabaseAskDesk('mysql://oms_ask@127.0.0.1:9/oms'));
    const { status, body } = await away({ question: 'revenue last month' });
    assert.deepEqual([status, body.code], [503, 'database_unavailable']);
    const slow = await start(t, { ask: () => Promise.reject(new QueryTimeout('4 s')), close: async () => {} });
    const late = await slow({ question: 'revenue last month' });
    assert.deepEqual([late.status, late.body.code], [422, 'question_too_slow']);
    const large = await start(t, { ask: () => Promise.reject(new ResultTooLarge('8 MB')), close: async () => {} });
    const dropped = await large({ question: 'revenue last month' });
    assert.deepEqual([dropped.status, dropped.body.code], [422, 'answer_too_large']);
  });

  test('more than four at a time have to wait', async (t) => {
    const held = Promise.withResolvers<never>();
    let asked = 0;
    const desk: AskDesk = {
      ask() {
        asked += 1;
        return held.promise;
      },
      close: async () => {},
    };
    const ask = await start(t, desk);
    const all = Array.from({ length: 5 }, () => ask({ question: 'revenue last month' }));
    const refused = await Promise.race(all);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
    assert.equal(asked, 4);
    held.reject(new QueryTimeout('4 s'));
    assert.deepEqual((await Promise.all(all)).map(({ status }) => status).sort(), [422, 422, 422, 422, 429]);
  });

  test('one connection answers one question after the other', async (t) => {
    const desk = databaseDesk(t);
    const options = { clock: { now: FIXTURE_NOW, zone: 'UTC' } };
    for (let round = 0; round < 3; round++)
      assert.equal((await desk.ask('orders by channel', options)).status, 'answer');
    await assert.rejects(desk.ask(' ', options), { name: 'BadQuestion' });
    assert.equal((await desk.ask('orders by channel', options)).status, 'answer');
  });
});
