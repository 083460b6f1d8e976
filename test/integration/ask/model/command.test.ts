import assert from 'node:assert/strict';
import { before, suite, type TestContext, test } from 'node:test';
import { modelEnv } from '../../../helpers/model.ts';
import { startModelShop } from '../../../helpers/model-shop.ts';
import { runCli } from '../../../helpers/run-cli.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { GOLD_CLOCK, oracle } from '../../../standins/model/oracle.ts';
import { type ModelStandinOptions, startModelStandin } from '../../../standins/model/server.ts';

const QUESTION = 'top products last week';
const KEY = 'sk-canary-0123456789';
let databaseUrl: string;

before(async () => {
  databaseUrl = (await startModelShop()).askUrl;
});

async function setUp(t: TestContext, options: ModelStandinOptions = { answer: oracle }) {
  const standin = await startModelStandin(options);
  t.after(() => standin.close());
  const env = {
    ...modelEnv(standin),
    OMS_AI_API_KEY: KEY,
    OMS_DATABASE_URL: databaseUrl,
    OMS_DIR: tempFolder(t),
    OMS_NOW: new Date(GOLD_CLOCK.now).toISOString(),
    OMS_TIMEZONE: GOLD_CLOCK.zone,
  };
  const oms = (args: readonly string[], more: Record<string, string> = {}) =>
    runCli(['ask', ...args], { env: { ...env, ...more } });
  return { standin, oms };
}

suite('oms ask with a language model', () => {
  test('the configured model reads the question; --json says who read it', async (t) => {
    const { standin, oms } = await setUp(t);
    const { code, stdout } = await oms([QUESTION, '--json']);
    const { result } = JSON.parse(stdout);
    assert.deepEqual([code, result.by, result.notes, standin.requests.length], [0, 'model', [], 1]);
    assert.ok(result.rows.length > 0);
  });

  test('--no-llm asks no model', async (t) => {
    const { standin, oms } = await setUp(t);
    const { stdout } = await oms([QUESTION, '--no-llm', '--json']);
    assert.deepEqual([JSON.parse(stdout).result.by, standin.requests.length], ['planner', 0]);
  });

  test('a refused question never reaches it: the exit code is that of the rules', async (t) => {
    const { standin, oms } = await setUp(t);
    assert.equal((await oms(['delete all orders'])).code, 3);
    assert.deepEqual(standin.requests, []);
  });

  test('a model that is down: the answer by rules, and a note', async (t) => {
    const { oms } = await setUp(t, { answer: () => ({ status: 500 }) });
    const { code, stdout } = await oms([QUESTION]);
    assert.equal(code, 0);
    assert.match(stdout, /\nNote: the model did not answer \(500\): answered by rules/);
  });

  test('--provider names it; what it lacks is a wrong call that says which variable', async (t) => {
    const { oms } = await setUp(t);
    const { code, stderr } = await oms([QUESTION, '--provider', 'azure'], { OMS_AI_BASE_URL: '' });
    assert.equal(code, 2);
    assert.match(stderr, /OMS_AI_BASE_URL is missing[\s\S]*--no-llm/);
    assert.equal((await oms([QUESTION, '--provider', 'nobody'])).code, 2);
  });

  test('the key is in no output, whatever goes wrong and however much is said', async (t) => {
    const { oms, standin } = await setUp(t, { answer: () => ({ status: 401, message: `Incorrect key ${KEY}` }) });
    for (const args of [[QUESTION], [QUESTION, '--json'], [QUESTION, '--explain', '--sql']]) {
      const { stdout, stderr } = await oms(args, { DEBUG: '*', OPENAI_LOG: 'debug' });
      assert.doesNotMatch(stdout + stderr, /canary/);
    }
    assert.match(standin.requests[0]!.headers.authorization!, /canary/);
  });

  test('rows are sent for a sentence only with --share-rows', async (t) => {
    const sentence = 'Here is a sentence without numbers.';
    const { oms, standin } = await setUp(t, {
      answer: (request) => (request.form === 'text' ? { say: sentence } : oracle(request)),
    });
    assert.doesNotMatch((await oms([QUESTION])).stdout, /sentence/);
    assert.match((await oms([QUESTION, '--share-rows'])).stdout, new RegExp(`\n${sentence}\n`));
    assert.equal(standin.requests.length, 3);
  });
});
