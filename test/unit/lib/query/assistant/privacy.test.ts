import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ask, planFor } from '../../../../../lib/query/ask.ts';
import { isGrounded } from '../../../../../lib/query/assistant/prose.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { fixedSource } from '../../../../helpers/ask-source.ts';
import { startAssistant } from '../../../../helpers/model.ts';
import type { ModelReply, ModelRequest } from '../../../../standins/model/exchange.ts';

const QUESTION = 'top customers last week';
/** Values that only rows hold. */
const ROWS = [
  ['cust-canary-7', 918_273, 2],
  ['cust-canary-8', 645_500, 2],
];

const { plan } = planFor(QUESTION, CATALOGUE, { clock: CLOCK });
const { start, end } = plan.window;
const submitted: ModelReply = { call: 'submit_plan', arguments: { ...plan, window: { start, end } } };

const answering =
  (sentence: string) =>
  ({ form, body }: ModelRequest): ModelReply =>
    body.messages.length === 2 && form === 'text' ? { say: sentence } : submitted;

suite('what leaves the machine', () => {
  test('the moment, the zone and the windows; no row, no name of the shop, no plan of SQL', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: () => submitted });
    await ask(QUESTION, fixedSource(ROWS), { clock: CLOCK, assistant });
    const [request] = standin.requests;
    assert.equal(standin.requests.length, 1);
    assert.match(request!.system, /Now: 2026-05-20T07:30:00.000Z. Time zone of the shop: Europe\/Berlin/);
    assert.ok(request!.system.includes(JSON.stringify({ start, end })), 'the window of "last week"');
    assert.doesNotMatch(request!.text, /canary|918|Copper Kettle|Halden|Lisbon|SPRING15|SELECT|order_items/);
  });

  test('every request is in a form that strict decoding takes', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: () => submitted });
    await ask(QUESTION, fixedSource(ROWS), { clock: CLOCK, assistant });
    const { strict, schema } = standin.requests[0]!.body.response_format!.json_schema!;
    assert.equal(strict, true);
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node && 'required' in node) {
        assert.deepEqual(Object.keys(node.properties as object), node.required);
        assert.equal((node as { additionalProperties?: boolean }).additionalProperties, false);
      }
      Object.values(node).forEach(visit);
    };
    visit(schema);
    assert.doesNotMatch(JSON.stringify(schema), /"(pattern|minItems|maxLength|minimum)":/);
  });

  test('rows only with leave to share them, and then for one sentence', async (t) => {
    const sentence = 'cust-canary-7 leads with 9,182.73.';
    const { assistant, standin } = await startAssistant(t, { answer: answering(sentence) }, { shareRows: true });
    const outcome = await ask(QUESTION, fixedSource(ROWS), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.equal(outcome.prose, sentence);
    assert.doesNotMatch(standin.requests[0]!.text, /canary/);
    assert.match(standin.requests[1]!.text, /canary/);
  });

  for (const [name, sentence] of [
    ['a number that no row has', 'Sales rose by 12 % to 9,182.73.'],
    ['a link', 'See https://example.com for more.'],
    ['a novel', 'Well. '.repeat(100)],
    ['nothing', ' '],
  ] as const) {
    test(`a sentence with ${name} is dropped, and that is said`, async (t) => {
      const { assistant } = await startAssistant(t, { answer: answering(sentence) }, { shareRows: true });
      const outcome = await ask(QUESTION, fixedSource(ROWS), { clock: CLOCK, assistant });
      assert.ok(outcome.status === 'answer');
      assert.equal(outcome.prose, undefined);
      assert.match(outcome.notes.join(), /left out/);
    });
  }
});

suite('numbers of a sentence', () => {
  const shown = {
    question: 'top 3 brands by revenue and refund rate',
    understood: 'revenue by brand, 9 Nov - 15 Nov 2026',
    columns: [],
    rows: [['Ostra 7', 26_544.1, 0.1046]],
  };

  test('as they are, rounded, in percent, of the question or of a name', () => {
    for (const text of [
      'Ostra 7 made 26,544.10',
      'about 26544',
      '10.5 % were refunded',
      'the top 3 of 9 Nov',
      'no number at all',
    ]) {
      assert.ok(isGrounded(text, shown), text);
    }
  });

  test('nothing else', () => {
    for (const text of ['26,545', '11 %', 'Ostra 8', 'twice the 13,272.05 of before']) {
      assert.ok(!isGrounded(text, shown), text);
    }
  });
});
