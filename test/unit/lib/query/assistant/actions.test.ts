import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BadReply, LOOKUP_FIELDS, readAction, toolsFor } from '../../../../../lib/query/assistant/actions.ts';

const TOOLS = toolsFor({ sql: false });
const WINDOW = { start: null, end: '2026-05-20T07:30:00.000Z' };
const PLAN = { metrics: ['revenue'], window: WINDOW };
const WHOLE = {
  dimensions: [],
  filters: [],
  having: [],
  compare: null,
  transform: 'none',
  order: null,
  limit: null,
  per: null,
  cohort: null,
  allMembers: false,
  ...PLAN,
};

const inText = (text: string) => readAction({ text }, TOOLS);
const called = (name: string, value: unknown) =>
  readAction({ call: { id: '1', name, arguments: JSON.stringify(value) }, text: '' }, TOOLS);
const complaint = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof BadReply) return error.message;
    throw error;
  }
  return assert.fail('it was taken');
};

suite('what a model wants', () => {
  test('a call of a tool; parts that say nothing may be missing, null or false', () => {
    const submitted = { name: 'submit_plan', arguments: WHOLE };
    assert.deepEqual(called('submit_plan', PLAN), submitted);
    assert.deepEqual(called('submit_plan', { ...PLAN, filters: null, count: false, averagePer: null }), submitted);
  });

  test('the same as an object, in a fence, among words, or the plan alone', () => {
    const call = JSON.stringify({ call: { name: 'submit_plan', arguments: PLAN } });
    const texts = [call, `Sure:\n\`\`\`json\n${call}\n\`\`\`\nDone.`, `I say ${call} now`, JSON.stringify(PLAN)];
    for (const text of texts) assert.deepEqual(inText(text).arguments, WHOLE, text);
  });

  test('a slip in a name is put right by naming the nearest', () => {
    assert.match(
      complaint(() => called('submit_plan', { ...PLAN, metrics: ['revenuee'] })),
      /did you mean revenue\?/,
    );
  });

  test('no metric and no window are never filled in', () => {
    assert.match(
      complaint(() => called('submit_plan', { window: WINDOW })),
      /metrics/,
    );
    assert.match(
      complaint(() => called('submit_plan', { metrics: ['revenue'] })),
      /window/,
    );
    assert.match(
      complaint(() => called('submit_plan', { ...PLAN, window: null })),
      /window/,
    );
  });

  test('other tools, other parts and no JSON are named', () => {
    assert.match(
      complaint(() => called('run_sql', { sql: 'SELECT 1' })),
      /There is no tool "run_sql". There are: submit_plan/,
    );
    assert.match(
      complaint(() => called('submit_plan', { ...PLAN, mood: 'good' })),
      /mood/,
    );
    assert.match(
      complaint(() => called('ask_user', { message: 'What?', choices: ['one'] })),
      /choices/,
    );
    assert.match(
      complaint(() => inText('I would rather talk.')),
      /exactly one of the tools/,
    );
    assert.match(
      complaint(() => readAction({ call: { id: '', name: 'refuse', arguments: '{' }, text: '' }, TOOLS)),
      /JSON/,
    );
  });

  test('SQL is offered only where it is allowed, and customers are never looked up', () => {
    assert.equal(
      TOOLS.some(({ name }) => name === 'run_sql'),
      false,
    );
    assert.equal(
      toolsFor({ sql: true }).some(({ name }) => name === 'run_sql'),
      true,
    );
    assert.ok(LOOKUP_FIELDS.includes('product') && !LOOKUP_FIELDS.includes('customer'));
  });
});
