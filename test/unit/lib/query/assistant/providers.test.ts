import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { ask, planFor } from '../../../../../lib/query/ask.ts';
import { openModel } from '../../../../../lib/query/assistant/openai.ts';
import { describeModel, readModelSettings } from '../../../../../lib/query/assistant/settings.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { fixedSource } from '../../../../helpers/ask-source.ts';
import { modelEnv } from '../../../../helpers/model.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import type { ModelReply } from '../../../../standins/model/exchange.ts';
import { type ModelStandinOptions, startModelStandin } from '../../../../standins/model/server.ts';

const KEY = 'sk-canary-0123456789';
const QUESTION = 'top products last week';
const { plan } = planFor(QUESTION, CATALOGUE, { clock: CLOCK });
const { start, end } = plan.window;
const submitted: ModelReply = { call: 'submit_plan', arguments: { ...plan, window: { start, end } } };

async function askWith(env: Record<string, string>) {
  const settings = readModelSettings(env)!;
  const assistant = { model: openModel(settings), timeoutMs: settings.timeoutMs };
  const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
  assert.ok(outcome.status === 'answer');
  return outcome;
}

async function standinFor(t: TestContext, options: Partial<ModelStandinOptions> = {}) {
  const standin = await startModelStandin({ answer: () => submitted, ...options });
  t.after(() => standin.close());
  return standin;
}

suite('providers', () => {
  test('OpenAI: the key as a bearer token, the model in the body', async (t) => {
    const standin = await standinFor(t);
    const outcome = await askWith({
      OMS_AI_PROVIDER: 'openai',
      OMS_AI_BASE_URL: standin.url,
      OMS_AI_MODEL: 'gpt-x',
      OMS_AI_API_KEY: KEY,
    });
    assert.equal(outcome.by, 'model');
    const [request] = standin.requests;
    assert.deepEqual(
      [request!.path, request!.headers.authorization, request!.body.model, request!.body.temperature],
      ['/v1/chat/completions', `Bearer ${KEY}`, 'gpt-x', 0],
    );
  });

  test('Azure OpenAI: deployment and version in the path, the key in its own header', async (t) => {
    const standin = await standinFor(t);
    const outcome = await askWith({
      OMS_AI_PROVIDER: 'azure',
      OMS_AI_BASE_URL: standin.origin,
      OMS_AI_MODEL: 'shop-model',
      OMS_AI_API_KEY: KEY,
    });
    assert.equal(outcome.by, 'model');
    const [request] = standin.requests;
    assert.equal(request!.path, '/openai/deployments/shop-model/chat/completions?api-version=2024-10-21');
    assert.deepEqual([request!.headers['api-key'], request!.headers.authorization], [KEY, undefined]);
  });

  test('Azure OpenAI without a key: a token of Entra', async (t) => {
    const standin = await standinFor(t);
    const settings = readModelSettings({
      OMS_AI_PROVIDER: 'azure',
      OMS_AI_BASE_URL: `${standin.origin}/openai/`,
      OMS_AI_MODEL: 'shop-model',
      OMS_AI_API_VERSION: '2025-01-01-preview',
    })!;
    const answer = async (signIn: () => Promise<string>) => {
      const assistant = { model: openModel(settings, signIn), timeoutMs: settings.timeoutMs };
      const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
      return outcome.notes;
    };
    assert.deepEqual(await answer(async () => 'entra-token'), []);
    const [request] = standin.requests;
    assert.deepEqual([request!.headers.authorization, request!.headers['api-key']], ['Bearer entra-token', undefined]);
    assert.equal(request!.path, '/openai/deployments/shop-model/chat/completions?api-version=2025-01-01-preview');
    const away = await answer(async () => {
      throw new Error('no credential of canary');
    });
    assert.deepEqual(away, ['the model did not answer (nobody is signed in at Microsoft Entra): answered by rules']);
    const slow = { model: openModel(settings, () => new Promise<string>(() => {})), timeoutMs: 20 };
    const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant: slow });
    assert.deepEqual(outcome.notes, ['the model did not answer (too slow): answered by rules']);
  });

  test('a compatible server needs no key', async (t) => {
    const standin = await standinFor(t);
    assert.equal((await askWith(modelEnv(standin))).by, 'model');
    assert.equal(standin.requests[0]!.headers.authorization, 'Bearer none');
  });

  test('forms that a server does not know are left alone after the first time', async (t) => {
    const standin = await standinFor(t, { forms: [], temperature: false });
    const settings = readModelSettings(modelEnv(standin))!;
    const assistant = { model: openModel(settings), timeoutMs: settings.timeoutMs };
    for (let time = 0; time < 2; time++) {
      const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
      assert.ok(outcome.status === 'answer');
      assert.equal(outcome.by, 'model');
    }
    assert.deepEqual(
      standin.requests.map(({ form }) => form),
      ['schema', 'tools', 'text', 'text', 'text'],
    );
    assert.match(standin.requests.at(-1)!.system, /"metrics"/);
  });

  test('questions asked at the same time find out together what a server does not know', async (t) => {
    const standin = await standinFor(t, { forms: [], temperature: false });
    const settings = readModelSettings(modelEnv(standin))!;
    const assistant = { model: openModel(settings), timeoutMs: settings.timeoutMs };
    const one = () => ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
    for (const outcome of await Promise.all([one(), one(), one()])) {
      assert.ok(outcome.status === 'answer');
      assert.deepEqual([outcome.by, outcome.notes], ['model', []]);
    }
  });

  test('variables of the package itself change nothing', async (t) => {
    const standin = await standinFor(t);
    const before = { ...process.env };
    t.after(() => {
      process.env = before;
    });
    Object.assign(process.env, {
      OPENAI_API_KEY: 'sk-other',
      OPENAI_BASE_URL: 'http://127.0.0.1:9',
      OPENAI_ORG_ID: 'org',
      AZURE_OPENAI_API_KEY: 'other',
    });
    assert.equal((await askWith(modelEnv(standin))).by, 'model');
    assert.deepEqual(
      [standin.requests[0]!.headers.authorization, standin.requests[0]!.headers['openai-organization']],
      ['Bearer none', undefined],
    );
  });
});

suite('settings', () => {
  const base = { OMS_AI_PROVIDER: 'compatible', OMS_AI_BASE_URL: 'http://127.0.0.1:1/v1', OMS_AI_MODEL: 'm' };

  test('no provider: no model, whatever else is set', () => {
    assert.equal(readModelSettings({ OMS_AI_MODEL: 'm', OMS_AI_API_KEY: KEY }), undefined);
  });

  test('what is missing or unsafe is named, never repeated', () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ OMS_AI_PROVIDER: 'openai', OMS_AI_MODEL: 'm' }, /OMS_AI_API_KEY is missing/],
      [{ OMS_AI_PROVIDER: 'openai', OMS_AI_API_KEY: KEY }, /OMS_AI_MODEL is missing/],
      [{ OMS_AI_PROVIDER: 'azure', OMS_AI_MODEL: 'm' }, /OMS_AI_BASE_URL is missing/],
      [{ OMS_AI_PROVIDER: 'gpt', OMS_AI_MODEL: 'm' }, /OMS_AI_PROVIDER/],
      [{ ...base, OMS_AI_BASE_URL: 'http://models.example.com/v1', OMS_AI_API_KEY: KEY }, /must be https/],
      [{ ...base, OMS_AI_PROVIDER: 'azure', OMS_AI_BASE_URL: 'http://shop.openai.azure.com' }, /must be https/],
      [{ ...base, OMS_AI_BASE_URL: `https://user:${KEY}@models.example.com` }, /holds a password/],
      [{ ...base, OMS_AI_BASE_URL: 'file:///etc/passwd' }, /no http/],
      [{ ...base, OMS_AI_TIMEOUT_SECONDS: '0' }, /OMS_AI_TIMEOUT_SECONDS/],
      [{ ...base, OMS_AI_CASSETTE: 'keep' }, /OMS_AI_CASSETTE/],
    ];
    for (const [env, message] of wrong) {
      assert.throws(
        () => readModelSettings(env),
        (error: Error) => message.test(error.message) && !error.message.includes(KEY),
        JSON.stringify(env),
      );
    }
  });

  test('a model on this machine or without a key may be http', () => {
    assert.equal(readModelSettings({ ...base, OMS_AI_API_KEY: KEY })!.apiKey, KEY);
    assert.ok(readModelSettings({ ...base, OMS_AI_BASE_URL: 'http://gpu.lan:8000/v1' }));
  });

  test('the key is in no print of the settings', () => {
    const settings = readModelSettings({ ...base, OMS_AI_API_KEY: KEY })!;
    for (const text of [inspect(settings), JSON.stringify(settings), describeModel(settings)]) {
      assert.doesNotMatch(text, /canary/);
    }
  });
});

suite('recordings', () => {
  test('a run is kept without its key, and answers again without any network', async (t) => {
    const folder = tempFolder(t);
    const standin = await standinFor(t);
    const env = { ...modelEnv(standin), OMS_AI_API_KEY: KEY };
    const recorded = await askWith({ ...env, OMS_AI_CASSETTE: `record:${folder}` });
    await standin.close();
    const files = await readdir(folder);
    assert.equal(files.length, 1);
    assert.doesNotMatch(await readFile(`${folder}/${files[0]}`, 'utf8'), /canary/);
    assert.deepEqual(await askWith({ ...env, OMS_AI_CASSETTE: `replay:${folder}` }), recorded);
    assert.equal(recorded.by, 'model');
  });

  test('what was never recorded is answered by rules, and said', async (t) => {
    const standin = await standinFor(t);
    const outcome = await askWith({ ...modelEnv(standin), OMS_AI_CASSETTE: `replay:${tempFolder(t)}` });
    assert.deepEqual(outcome.notes, ['the model did not answer (no recording of this request): answered by rules']);
    assert.deepEqual(standin.requests, []);
  });
});
