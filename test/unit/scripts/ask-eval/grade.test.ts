import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { grade, type Outcome, type Reading } from '../../../../scripts/ask-eval/grade.ts';
import type { Cell, Expected, Question } from '../../../../scripts/ask-eval/question.ts';

const BY_BRAND: Question = {
  id: 'q1',
  question: 'top 3 brands',
  class: 'answer',
  metric: 'revenue',
  dimensions: ['brand'],
  filters: [],
  window: { start: null, end: '2026-01-01T00:00' },
  order: { by: 'revenue', dir: 'desc' },
  limit: 3,
  unit: 'USD',
};
const ROWS: Cell[][] = [
  ['Halden', 30],
  ['Ostra', 20],
  ['Mirelle', 10],
];
const EXPECTED: Expected = { columns: ['brand', 'revenue'], total: 4, rows: ROWS };

const answer = (rows: Cell[][], columns = ['brand', 'revenue']): Outcome => ({
  status: 'answer',
  understood: 'revenue by brand',
  columns,
  rows,
  total: rows.length,
  ms: 1,
});

function verdict(rows: Cell[][], change: Partial<Question> = {}, expected: Partial<Expected> = {}, columns?: string[]) {
  const meaning = { ...BY_BRAND, ...change };
  return grade(meaning, answer(rows, columns), [{ meaning, expected: { ...EXPECTED, ...expected } }]).verdict;
}

suite('rows', () => {
  test('are right as they are, a cent apart, and with columns nobody asked for', () => {
    assert.equal(verdict(ROWS), 'right');
    assert.equal(verdict(ROWS.map(([name, value]) => [name!, Number(value) + 0.01])), 'right');
    const more = ROWS.map(([name, value], index) => [index, value!, name!]);
    assert.equal(verdict(more, {}, {}, ['rank', 'revenue', 'brand']), 'right');
  });

  test('are wrong two cents apart, in another order, or one too many', () => {
    assert.equal(verdict(ROWS.map(([name, value]) => [name!, Number(value) + 0.02])), 'wrong');
    assert.equal(verdict(ROWS.toReversed()), 'wrong');
    assert.equal(verdict([...ROWS, ['Nord', 5]]), 'wrong');
    assert.equal(verdict(ROWS.slice(0, 2)), 'wrong');
  });

  test('count in any order where none was asked', () => {
    assert.equal(verdict(ROWS.toReversed(), { order: null, limit: null }, { total: 3 }), 'right');
  });

  test('that tie with the last one kept are interchangeable, others are not', () => {
    assert.equal(verdict([...ROWS.slice(0, 2), ['Nord', 10]]), 'right');
    assert.equal(verdict([['Nord', 30], ...ROWS.slice(1)]), 'wrong');
  });

  test('of an empty bucket of time may be there or not', () => {
    const monthly = { dimensions: ['month'], order: { by: 'month', dir: 'asc' }, limit: null };
    const expected = {
      columns: ['month', 'revenue'],
      total: 2,
      rows: [
        ['2026-01', 5],
        ['2026-03', 7],
      ],
    };
    const filled = [
      ['2026-01', 5],
      ['2026-02', 0],
      ['2026-03', 7],
    ];
    assert.equal(verdict(filled, monthly, expected, expected.columns), 'right');
    assert.equal(verdict(expected.rows, monthly, expected, expected.columns), 'right');
    assert.equal(verdict([['2026-01', 5], ['2026-02', 1], filled[2]!], monthly, expected, expected.columns), 'wrong');
  });

  test('of what has no member of the dimension are no rows of their own', () => {
    const rows = [['(unknown)', 50] as Cell[], ...ROWS];
    assert.equal(verdict(rows, { limit: null }, { total: 3 }), 'right');
  });

  test('of a list are the first of all there are, and all are counted', () => {
    const list = { limit: null, order: null };
    assert.equal(verdict(ROWS, list, { total: 4 }), 'wrong');
    assert.equal(verdict([...ROWS, ['Nord', 5]], list, { total: 4 }), 'right');
  });
});

test('a list cut without an order may show any, and says how many there are', () => {
  const meaning = { ...BY_BRAND, order: null };
  const graded = (total: number) =>
    grade(
      meaning,
      {
        ...answer([
          ['Nord', 5],
          ['Sud', 4],
          ['Halden', 30],
        ]),
        total,
      },
      [{ meaning, expected: EXPECTED }],
    );
  assert.equal(graded(4).verdict, 'right');
  assert.equal(graded(3).verdict, 'wrong');
});

suite('values', () => {
  const one = (unit: string, value: number, shown: number, metric = 'x') =>
    verdict(
      [[shown]],
      { metric, dimensions: [], order: null, limit: null, unit },
      { columns: [metric], rows: [[value]], total: 1 },
      [metric],
    );

  test('are held to the tolerance of their unit', () => {
    assert.equal(one('orders', 100, 101), 'wrong');
    assert.equal(one('ratio', 0.5, 0.5004), 'right');
    assert.equal(one('ratio', 0.5, 0.501), 'wrong');
    assert.equal(one('days', 1_000, 1_000.9), 'right');
    assert.equal(one('days', 1_000, 1_002), 'wrong');
    assert.equal(one('EUR/order', 12, 12.02), 'wrong');
  });

  test('are found under another name of what a transform adds', () => {
    const meaning = { dimensions: [], order: null, limit: null, transform: 'compare' };
    const expected = { columns: ['revenue', 'previous', 'delta', 'delta_pct'], rows: [[10, 5, 5, 1]], total: 1 };
    const columns = ['revenue', 'revenue_prev', 'revenue_delta', 'revenue_delta_pct'];
    assert.equal(verdict([[10, 5, 5, 1]], meaning, expected, columns), 'right');
  });
});

suite('readings', () => {
  const other: Reading = {
    meaning: { ...BY_BRAND, metric: 'units_sold', order: { by: 'units_sold', dir: 'desc' }, unit: 'units' },
    expected: { columns: ['brand', 'units_sold'], total: 3, rows: ROWS },
  };
  const first: Reading = { meaning: BY_BRAND, expected: EXPECTED };

  test('other than the one meant count when they are listed', () => {
    const outcome = answer(ROWS, ['brand', 'units_sold']);
    assert.equal(grade(BY_BRAND, outcome, [first, other]).verdict, 'right');
    assert.equal(grade(BY_BRAND, answer(ROWS.toReversed(), ['brand', 'units_sold']), [first, other]).verdict, 'wrong');
  });

  test('none known is no verdict on the answer', () => {
    assert.equal(grade(BY_BRAND, answer(ROWS), []).verdict, 'failed');
  });
});

suite('what is not answered', () => {
  const declined = (status: string, choices: string[] = []): Outcome => ({ status, message: 'no', choices, ms: 1 });
  const graded = (name: string, outcome: Outcome) => grade({ ...BY_BRAND, class: name }, outcome, []).verdict;

  test('is right when the class is the one meant', () => {
    assert.equal(graded('refuse_pii', declined('refuse_pii')), 'right');
    assert.equal(graded('clarify', declined('clarify', ['a', 'b'])), 'right');
    assert.equal(graded('a class of next year', declined('a class of next year')), 'right');
  });

  test('is told apart when it is another one', () => {
    assert.equal(graded('clarify', declined('clarify', ['a'])), 'asked back');
    assert.equal(graded('refuse_pii', declined('clarify', ['a', 'b'])), 'asked back');
    assert.equal(graded('refuse_pii', declined('out_of_scope')), 'refused');
    assert.equal(graded('refuse_pii', answer(ROWS)), 'wrong');
    assert.equal(graded('answer', declined('clarify', ['a', 'b'])), 'asked back');
    assert.equal(graded('answer', declined('refuse_write')), 'refused');
    assert.equal(graded('answer', declined('failed')), 'failed');
  });
});
