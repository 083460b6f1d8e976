import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ask } from '../../../../../lib/query/ask.ts';
import { CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { fixedSource } from '../../../../helpers/ask-source.ts';
import { startAssistant } from '../../../../helpers/model.ts';
import type { ModelReply } from '../../../../standins/model/exchange.ts';

const QUESTION = 'top products last week';
const UNREADABLE = 'revenue by flibbertigibbet last week';

const FAULTS: [name: string, reply: ModelReply, note: RegExp][] = [
  ['429', { status: 429 }, /\(429\)/],
  ['500', { status: 500 }, /\(500\)/],
  ['401', { status: 401, message: 'bad key sk-canary' }, /\(401: the key was not accepted\)/],
  ['no answer', { hang: true }, /\(too slow\)/],
  ['a line that is cut', { cut: true }, /\(no connection, or it was cut\)/],
  ['a page instead of JSON', { raw: '<html>proxy</html>' }, /the model (did not answer \(|gave no valid plan)/],
  ['JSON of another kind', { raw: '{"hello":1}' }, /\(its answer could not be read\)/],
  ['an answer without an end', { raw: `{"pad":"${'x'.repeat(1_100_000)}"}` }, /\(its answer was too long\)/],
  ['nothing but talk', { say: 'I am not sure.' }, /gave no valid plan in 3 turns/],
];

suite('a model that cannot be reached or makes no sense', () => {
  for (const [name, reply, note] of FAULTS) {
    test(`${name}: the rules answer and say so`, async (t) => {
      const patience = 'hang' in reply ? { timeoutMs: 500 } : {};
      const { assistant } = await startAssistant(t, { answer: () => reply }, patience);
      const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
      assert.ok(outcome.status === 'answer');
      assert.equal(outcome.by, 'planner');
      assert.match(outcome.notes.join(), note);
      assert.match(outcome.notes.join(), /: answered by rules$/);
      assert.doesNotMatch(JSON.stringify(outcome), /canary/);
    });
  }

  test('a port where nothing listens', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: () => ({ hang: true }) });
    await standin.close();
    const outcome = await ask(QUESTION, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.match(outcome.notes.join(), /no connection/);
  });

  test('what the rules cannot read is asked back, with the reason of the model beside it', async (t) => {
    const { assistant } = await startAssistant(t, { answer: () => ({ status: 503 }) });
    const source = fixedSource();
    const outcome = await ask(UNREADABLE, source, { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'clarify');
    assert.deepEqual(outcome.notes, ['the model did not answer (503)']);
    assert.deepEqual(source.statements, []);
  });

  test('Ctrl-C ends the wait at once', async (t) => {
    const controller = new AbortController();
    const answer = () => {
      controller.abort(new Error('interrupted'));
      return { hang: true } as const;
    };
    const { assistant } = await startAssistant(t, { answer }, { signal: controller.signal });
    await assert.rejects(ask(QUESTION, fixedSource(), { clock: CLOCK, assistant }), { message: 'interrupted' });
  });
});
