import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeedResult } from '../../../../../src/stages/seed/result.ts';
import { renderSeed } from '../../../../../src/stages/seed/view.ts';
import { createTerminal } from '../../../../../src/ui/terminal.ts';

const terminal = createTerminal({ json: false, quiet: false, input: false });
const RESULT: SeedResult = {
  state: 'seeded',
  products: 200,
  currency: 'USD',
  imported: null,
  written: { products: 200, orders: 20_000, refunds: 0 },
  orders: 20_000,
  history_until: '2026-11-21T12:00:00.000Z',
  seconds: 2.4,
  orders_per_second: 8_333,
};
const linesOf = (change: Partial<SeedResult>) => renderSeed({ ...RESULT, ...change }, terminal).split('\n');

test('what was written comes as a table, then the sum of it, then what to do next', () => {
  assert.deepEqual(linesOf({}), [
    'written     rows',
    '────────  ──────',
    'products     200',
    'orders    20,000',
    '',
    'seeded: 200 products in USD',
    '20,000 orders up to 2026-11-21 12:00 UTC',
    '2.4 s, 8,333 orders/s',
    'Next: oms simulate --rate 500 --duration 20s',
  ]);
});

test('a second time says that nothing was written', () => {
  const lines = linesOf({ state: 'already_seeded', written: {}, orders_per_second: null });
  assert.deepEqual(lines.slice(0, 3), [
    'already seeded: 200 products in USD',
    '20,000 orders up to 2026-11-21 12:00 UTC',
    'nothing was written',
  ]);
});

test('a catalogue of your own says what it changed', () => {
  const imported = { added: 1, changed: 2, unchanged: 3, restocked: 4 };
  const lines = linesOf({ imported, written: {}, history_until: null, orders_per_second: null });
  assert.deepEqual(lines.slice(0, 2), [
    'seeded: 200 products in USD',
    'catalogue: 1 added, 2 changed, 3 unchanged, stock set anew for 4',
  ]);
});
