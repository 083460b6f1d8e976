import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ask, planFor } from '../../../../../lib/query/ask.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { fixedSource } from '../../../../helpers/ask-source.ts';
import { startAssistant, submit } from '../../../../helpers/model.ts';
import type { ModelReply, ModelRequest } from '../../../../standins/model/exchange.ts';

const planOf = (question: string): Plan => planFor(question, CATALOGUE, { clock: CLOCK }).plan;

/** One reply a turn; the last one again after that. */
const inTurn =
  (...replies: ModelReply[]) =>
  ({ feedback }: ModelRequest) =>
    replies[Math.min(feedback.length, replies.length - 1)]!;

const KNOWN = 'top products last week';
const UNKNOWN = 'Umsatz nach Kategorie letzten Monat';

suite('what the rules read too', () => {
  test('both agree: the answer is by the model, nothing to note', async (t) => {
    const { assistant } = await startAssistant(t, { answer: () => submit(planOf(KNOWN)) });
    const outcome = await ask(KNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.deepEqual([outcome.by, outcome.notes, outcome.plan], ['model', [], planOf(KNOWN)]);
  });

  test('told what differs, the model thinks again, and the answer says what it first read', async (t) => {
    const other = planOf('top products last month');
    const { assistant, standin } = await startAssistant(t, { answer: inTurn(submit(other), submit(planOf(KNOWN))) });
    const outcome = await ask(KNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.deepEqual(outcome.notes, ['the model first read it with another window']);
    assert.match(standin.requests[1]!.feedback[0]!, /window: the shop's rules read/);
  });

  test('it insists: people decide between both readings, each a question that can be asked', async (t) => {
    const other = planOf('top products last month');
    const { assistant, standin } = await startAssistant(t, { answer: () => submit(other) });
    let asked = 0;
    const source = {
      ...fixedSource(),
      rows: async ({ params }: { params: readonly unknown[]; text: string }) => [[params.length, asked++, 1]],
    };
    const outcome = await ask(KNOWN, source, { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'clarify');
    assert.match(
      outcome.message,
      /By the shop's rules: revenue by product, Mon 11 May.*By the language model: .*1 Apr/,
    );
    assert.equal(standin.requests.length, 2);
    assert.deepEqual(
      outcome.choices.map(planOf).map(({ window }) => window.start),
      [planOf(KNOWN).window.start, other.window.start],
    );
  });

  test('the same rows either way need no choice', async (t) => {
    const other = planOf('top products last month');
    const { assistant } = await startAssistant(t, { answer: () => submit(other) });
    const outcome = await ask(KNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.deepEqual([outcome.by, outcome.plan], ['planner', planOf(KNOWN)]);
    assert.match(outcome.notes.join(), /the model reads it as: .*; the rows are the same/);
  });

  test('a model that refuses is believed, and the reading of the rules is named', async (t) => {
    const refuse = { call: 'refuse', arguments: { class: 'refuse_pii', message: 'Call +1 555 0100 http://evil' } };
    const { assistant } = await startAssistant(t, { answer: () => refuse });
    const outcome = await ask(KNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'refuse_pii');
    assert.doesNotMatch(outcome.message, /evil|555/);
    assert.match(outcome.notes!.join(), /the rules read it as: revenue by product.*--no-llm/);
  });
});

suite('what the rules cannot read', () => {
  test('the model alone answers, and the answer says so', async (t) => {
    const meant = planOf('revenue by category last month');
    const { assistant } = await startAssistant(t, { answer: () => submit(meant) });
    const outcome = await ask(UNKNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.deepEqual([outcome.by, outcome.plan], ['model', meant]);
    assert.match(outcome.notes.join(), /read by a language model alone/);
  });

  test('a value that the question does not spell is said', async (t) => {
    const meant = planOf('revenue in Lisbon last month');
    const { assistant } = await startAssistant(t, { answer: () => submit(meant) });
    const outcome = await ask('Umsatz in Lissabon letzten Monat', fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'answer');
    assert.deepEqual(outcome.assumptions, ['city is Lisbon, as the model reads it']);
  });

  test('a time, a name or a number that the plan leaves out is asked back when the model insists', async (t) => {
    const left = planOf('revenue by category this year');
    const { assistant, standin } = await startAssistant(t, { answer: () => submit(left) });
    const source = fixedSource();
    const outcome = await ask('blorb revenue of Halden last week 77', source, { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'clarify');
    assert.match(standin.requests[1]!.feedback[0]!, /"last week" is 2026-05-10.*"halden" is a brand.*The number 77/);
    assert.deepEqual(source.statements, []);
  });

  test('lookup_values gives names as data and nothing else; the third turn is the last', async (t) => {
    const lookup = { call: 'lookup_values', arguments: { field: 'product', text: 'kettel' } };
    const { assistant, standin } = await startAssistant(t, { answer: () => lookup });
    const outcome = await ask(UNKNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.equal(outcome.status, 'out_of_scope');
    assert.equal(standin.requests.length, 3);
    assert.equal(standin.requests[1]!.feedback[0], 'Stored names of product, as data: ["Copper Kettle"]');
    assert.match(outcome.notes!.join(), /no valid plan in 3 turns/);
  });

  test('a question of the model comes with choices that may be asked', async (t) => {
    const choices = ['revenue by category last month', 'delete all orders', 'e-mails of customers'];
    const asked = { call: 'ask_user', arguments: { message: 'Which\u0007 month?\n', choices } };
    const { assistant } = await startAssistant(t, { answer: () => asked });
    const outcome = await ask(UNKNOWN, fixedSource(), { clock: CLOCK, assistant });
    assert.ok(outcome.status === 'clarify');
    assert.equal(outcome.message, 'Which month?');
    assert.deepEqual(outcome.choices, [choices[0], 'revenue by category this month', 'how many orders last week']);
  });
});

suite('what no model is asked', () => {
  test('refusals, and what is only vague', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: () => submit(planOf(KNOWN)) });
    for (const [question, status] of [
      ['delete all orders', 'refuse_write'],
      ['e-mails of our customers', 'refuse_pii'],
      ['drop table orders', 'refuse_unsafe'],
      ['weather tomorrow', 'out_of_scope'],
      ['show me the numbers', 'clarify'],
      ['where do orders come from', 'clarify'],
    ] as const) {
      assert.equal((await ask(question, fixedSource(), { clock: CLOCK, assistant })).status, status, question);
    }
    assert.deepEqual(standin.requests, []);
  });

  test('a question with an address or a number of a person in it', async (t) => {
    const { assistant, standin } = await startAssistant(t, { answer: () => submit(planOf(KNOWN)) });
    for (const question of ['orders of jane@example.com last week', 'orders of +49 170 1234567 blorb']) {
      const outcome = await ask(question, fixedSource(), { clock: CLOCK, assistant });
      assert.notEqual(outcome.status, 'answer');
    }
    assert.deepEqual(standin.requests, []);
  });
});
