import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { startProducer } from '../../../apps/producer/app.ts';
import { DatabaseAskDesk } from '../../../apps/producer/ask/ask-desk.ts';
import { ModelSeats } from '../../../apps/producer/ask/model-seats.ts';
import { connect } from '../../../lib/database/connect.ts';
import { grantReader } from '../../../lib/database/grants.ts';
import { type Answered, ask, type Declined } from '../../../lib/query/ask.ts';
import { Reader } from '../../../lib/query/execute.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectionString } from '../../helpers/hub.ts';
import { settingsOf, startAssistant, submit } from '../../helpers/model.ts';
import { ORDER, SECRETS, startTrial } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';
import type { ModelReply } from '../../standins/model/exchange.ts';
import { startModelStandin } from '../../standins/model/server.ts';

const now = new Date(FIXTURE_NOW).toISOString();
const READABLE = 'revenue by category last month';
/** The same in words that the rules do not have. */
const UNREADABLE = 'Umsatz nach Kategorie im letzten Monat';
const HANGS: ModelReply = { hang: true };

let database: TestDatabase;
/** What READABLE means, as a model submits it. */
let right: ModelReply;

before(async () => {
  database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
  const reader = await Reader.open(database.askUrl);
  const outcome = await ask(READABLE, reader, { clock: { now: FIXTURE_NOW, zone: 'UTC' }, dryRun: true });
  await reader.close();
  assert.ok(outcome.status === 'answer' && outcome.plan);
  right = submit(outcome.plan);
});

type Outcome = Pick<Answered, 'by' | 'understood'> & { status: (Answered | Declined)['status']; notes: string[] };

const asking = (url: string) => async (question: string) => {
  const answer = await fetch(`${url}/api/admin/ask`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRETS.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ question, now }),
  });
  assert.equal(answer.status, 200);
  return (await answer.json()) as Outcome;
};

async function start(t: TestContext, answer: () => ModelReply) {
  const { assistant, standin } = await startAssistant(t, { answer });
  const desk = new DatabaseAskDesk(database.askUrl, new ModelSeats(assistant));
  t.after(() => desk.close());
  const trial = await startTrial(t, { ask: desk });
  return { desk, trial, standin, ask: asking(trial.url) };
}

const isByRules = (why: string) => [`the model did not answer (${why}): answered by rules`];

suite('a language model behind POST /api/admin/ask', () => {
  test('it reads what the rules cannot, and the answer says who read it', async (t) => {
    const { ask, standin } = await start(t, () => right);
    const { by, notes, understood } = await ask(UNREADABLE);
    assert.match(understood, /^revenue by category, Wed 1 Apr - Thu 30 Apr 2026/);
    assert.deepEqual([by, notes], ['model', ['read by a language model alone: the rules were not sure']]);
    assert.deepEqual([(await ask(READABLE)).by, standin.requests.length], ['model', 2]);
  });

  test('what is refused or vague is never shown to it, nor is anything that looks personal', async (t) => {
    const { ask, standin } = await start(t, () => right);
    const statuses = [];
    for (const question of ['delete all orders', 'show me the numbers', 'orders of ann@example.com last week']) {
      statuses.push((await ask(question)).status);
    }
    assert.deepEqual([statuses.slice(0, 2), standin.requests.length], [['refuse_write', 'clarify'], 0]);
  });

  test('while two wait for it a third is answered by rules, orders are taken, and tables can be changed', async (t) => {
    const { ask, desk, trial, standin } = await start(t, () => HANGS);
    const waiting = [ask(READABLE), ask(READABLE)];
    await until('both wait', () => standin.requests.length === 2);
    assert.deepEqual((await ask(READABLE)).notes, isByRules('busy with other questions'));
    assert.equal((await trial.post(ORDER, 'k-1')).status, 202);
    const admin = await connect(database.url);
    await admin.query('SET lock_wait_timeout = 1');
    await admin.query("ALTER TABLE products COMMENT = 'changed'");
    await admin.end();
    await desk.close();
    for (const { by, notes } of await Promise.all(waiting)) {
      assert.deepEqual([by, notes], ['planner', isByRules('it was not waited for')]);
    }
  });

  test('the order API stops without waiting for it', async (t) => {
    const standin = await startModelStandin({ answer: () => HANGS });
    t.after(() => standin.close());
    const options = {
      namespace: { connectionString: connectionString(9) },
      ...{ ordersHub: 'orders', databaseUrl: database.appUrl, secrets: SECRETS },
      ask: { databaseUrl: database.askUrl, timeZone: 'UTC', model: settingsOf(standin) },
      http: { host: '127.0.0.1', port: 0 },
    };
    const { port, stop } = await startProducer(options, createLogger('producer', 'silent'));
    const waiting = asking(`http://127.0.0.1:${port}`)(READABLE);
    await until('it waits', () => standin.requests.length === 1);
    await stop();
    assert.deepEqual((await waiting).notes, isByRules('it was not waited for'));
  });
});
