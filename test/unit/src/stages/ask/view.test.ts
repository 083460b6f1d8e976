import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answered } from '../../../../../lib/query/ask.ts';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { csvCell, formatCell } from '../../../../../src/stages/ask/cells.ts';
import { answerCsv, answerJson, answerText, declinedText } from '../../../../../src/stages/ask/view.ts';
import type { Terminal } from '../../../../../src/ui/terminal.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';

const view = { zone: 'Europe/Berlin', sql: false, explain: false };
const terminal = (width: number, live = false): Terminal => ({
  width,
  print() {},
  note() {},
  style: (_, text) => text,
  interactive: false,
  live,
  json: false,
  quiet: false,
});

const ANSWER: Answered = {
  status: 'answer',
  question: 'top products last week',
  understood: 'revenue by product, Mon 11 May - Sun 17 May 2026 (Europe/Berlin), sale orders, top 2',
  assumptions: ['ranked by revenue'],
  by: 'planner',
  plan: plan('top 2 products last week', buildLexicon(CATALOGUE), CLOCK).plan,
  sql: 'SELECT 1',
  columns: [
    { name: 'product', kind: 'dimension', unit: 'text' },
    { name: 'revenue', kind: 'metric', unit: 'money', currency: 'EUR' },
  ],
  rows: [
    ['Copper Kettle', 1234.5],
    ['=cmd|"x"', 617.25],
  ],
  total: 5,
  notes: [],
  followUps: ['and by brand?'],
};

suite('an answer in the terminal', () => {
  test('first how it was understood, then what was assumed, the table with bars, and what was cut', () => {
    assert.deepEqual(answerText(ANSWER, terminal(120), view).split('\n'), [
      `Understood: ${ANSWER.understood}`,
      'Assumed: ranked by revenue',
      '',
      'product          revenue',
      '─────────────  ─────────',
      `Copper Kettle  €1,234.50  ${'█'.repeat(30)}`,
      `=cmd|"x"         €617.25  ${'█'.repeat(15)}`,
      '3 more rows',
    ]);
  });

  test('a narrow terminal: nothing is wider, and the bars go', () => {
    const lines = answerText(ANSWER, terminal(30, true), view).split('\n');
    assert.ok(lines.every((line) => line.length <= 30));
    assert.ok(!lines.some((line) => line.includes('█')));
  });

  test('SQL and plan only when asked for', () => {
    const text = answerText(ANSWER, terminal(80), { ...view, sql: true, explain: true });
    assert.match(text, /SELECT 1;$/);
    assert.match(text, /"metrics"/);
    assert.doesNotMatch(answerText(ANSWER, terminal(80), view), /SELECT|"metrics"/);
  });

  test('without a chart, or with nothing but ASCII', () => {
    assert.doesNotMatch(answerText(ANSWER, terminal(120), { ...view, chart: false }), /█/);
    const ascii = answerText(ANSWER, { ...terminal(120), ascii: true }, view);
    assert.match(ascii, /^-+ {2}-+$[\s\S]*#{30}$/m);
    assert.doesNotMatch(ascii, /[█─]/);
  });

  test('values over time stand as columns above their rows', () => {
    const series: Answered = {
      ...ANSWER,
      plan: plan('orders per day last week', buildLexicon(CATALOGUE), CLOCK).plan,
      columns: [
        { name: 'day', kind: 'dimension', unit: 'text' },
        { name: 'orders_count', kind: 'metric', unit: 'count' },
      ],
      rows: [
        ['2026-05-11', 4],
        ['2026-05-12', 0],
        ['2026-05-13', 8],
      ],
      total: 3,
    };
    const text = answerText(series, terminal(80), view);
    assert.match(text, /\n8 ┤ +█████\n[\s\S]*\n0 ┤[\s\S]*2026-05-11 \.\. 2026-05-13\n\nday/);
    assert.doesNotMatch(answerText(series, terminal(80), { ...view, chart: false }), /┤/);
    const two = { ...series, rows: series.rows.slice(1) };
    assert.doesNotMatch(answerText(two, terminal(80), view), /┤/);
    assert.match(answerText(two, terminal(80), { ...view, chart: true }), /┤/);
  });

  test("colour is the terminal's to give", () => {
    const coloured = { ...terminal(120), style: (_: unknown, text: string) => `<${text}>` };
    assert.match(answerText(ANSWER, coloured, view), /<█+>/);
  });

  test('a dry run shows the statement, and says that nothing was run', () => {
    const dry: Answered = { ...ANSWER, rows: [], total: 0, dryRun: true };
    assert.match(answerText(dry, terminal(80), view), /\nnot run\n\nSELECT 1;$/);
  });

  test('notes are said', () => {
    assert.match(answerText({ ...ANSWER, notes: ['a note'] }, terminal(80), view), /\nNote: a note$/);
  });

  test('nothing found is said', () => {
    assert.match(answerText({ ...ANSWER, rows: [], total: 0 }, terminal(80), view), /no rows$/);
  });

  test('a refusal offers questions', () => {
    const text = declinedText({ status: 'clarify', question: 'x', message: 'Which?', choices: ['revenue', 'orders'] });
    assert.equal(text, 'Not sure what is meant. Which?\n  oms ask "revenue"\n  oms ask "orders"');
  });
});

suite('cells', () => {
  const column = (unit: Answered['columns'][number]['unit'], currency?: string) =>
    ({ name: 'x', kind: 'metric', unit, ...(currency && { currency }) }) as const;

  test('by unit', () => {
    const shown = (value: string | number | null, unit: Parameters<typeof column>[0], currency?: string) =>
      formatCell(value, column(unit, currency), 'Europe/Berlin');
    assert.equal(shown(12345, 'count'), '12,345');
    assert.equal(shown(0.1234, 'ratio'), '12.3 %');
    assert.equal(shown(2.819, 'days'), '2.82');
    assert.equal(shown(1500, 'money', 'JPY'), '¥1,500');
    assert.equal(shown('2026-05-19T22:30:00.000Z', 'timestamp'), '2026-05-20 00:30');
    assert.equal(shown(null, 'money', 'EUR'), '-');
  });

  test('marks that would rearrange the terminal are replaced', () => {
    assert.equal(formatCell('a\u202eb\u001b[31m', column('text'), 'UTC'), 'a�b�[31m');
  });

  test('a spreadsheet must not take text for a formula', () => {
    assert.equal(csvCell('=1+1'), "'=1+1");
    assert.equal(csvCell('-2'), "'-2");
    assert.equal(csvCell(-2), '-2');
    assert.equal(csvCell('a,"b"'), '"a,""b"""');
    assert.equal(answerCsv(ANSWER), `product,revenue\nCopper Kettle,1234.5\n"'=cmd|""x""",617.25`);
  });
});

suite('an answer as JSON', () => {
  test('columns, units and rows side by side; SQL only when asked for', () => {
    const json = answerJson(ANSWER, view) as Record<string, unknown>;
    assert.deepEqual(json.columns, ['product', 'revenue']);
    assert.deepEqual(json.units, ['text', 'EUR']);
    assert.equal(json.total_rows, 5);
    assert.ok(!('sql' in json));
    assert.ok('sql' in answerJson(ANSWER, { ...view, sql: true }));
  });
});
