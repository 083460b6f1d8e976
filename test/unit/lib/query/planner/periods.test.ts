import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const planned = (question: string) => planFor(question, CATALOGUE, { clock: CLOCK });

/** A time said twice, in an aside, in turn with others, or held against another. */
const READ: readonly (readonly [question: string, plan: string])[] = [
  ['revenue last month, I mean April, by brand', 'revenue by brand | 2026-04-01..2026-05-01 | -revenue'],
  ['revenue yesterday, Tuesday, by channel', 'revenue by channel | 2026-05-19..2026-05-20 | -revenue'],
  ['revenue this quarter, so since April 1, by month', 'revenue by month | 2026-04-01..2026-05-20T09:30 | +month'],
  ['year to date until the end of March, revenue', 'revenue | 2026-01-01..2026-04-01'],
  ['revenue 10 days ago until yesterday', 'revenue | 2026-05-10..2026-05-20'],
  ['revenue in February, March and April', 'revenue | 2026-02-01..2026-05-01'],
  ['revenue for March and April separately', 'revenue by month | 2026-03-01..2026-05-01 | +month'],
  ['revenue this month vs last year', 'revenue | 2026-05-01..2026-05-20T09:30 | vs 2025-05-01..2025-05-20T09:30'],
  [
    'revenue this quarter against the whole of last quarter',
    'revenue | 2026-04-01..2026-05-20T09:30 | vs 2026-01-01..2026-04-01',
  ],
  [
    'revenue so far this quarter against last quarter',
    'revenue | 2026-04-01..2026-05-20T09:30 | vs 2026-01-01..2026-02-20T09:30',
  ],
  ['ytd vs last ytd revenue', 'revenue | 2026-01-01..2026-05-20T09:30 | vs 2025-01-01..2025-05-20T09:30'],
  [
    'today vs same time yesterday orders',
    'orders_count | 2026-05-20..2026-05-20T09:30 | vs 2026-05-19..2026-05-19T09:30',
  ],
  [
    'revenue by month this year and the same for last year',
    'revenue by month | 2026-01-01..2026-05-20T09:30 | vs 2025-01-01..2025-05-20T09:30 | +month',
  ],
];

const ASKED_BACK = [
  'orders in Q1 and Q4',
  'revenue in both March and April',
  'second half of April revenue',
  'orders every Friday this month',
  'orders in the first week of May',
  'has the refund rate gone up since last quarter',
  'sales in the run-up to Black Friday',
];

suite('several periods in one question', () => {
  test('become the window they mean', () => {
    for (const [question, expected] of READ) {
      assert.deepEqual([question, summarise(planned(question).plan)], [question, expected]);
    }
  });

  test('are asked back about where they could be taken in two ways', () => {
    for (const question of ASKED_BACK) assert.throws(() => planned(question), AskBack, question);
  });
});
