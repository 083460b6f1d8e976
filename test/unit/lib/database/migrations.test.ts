import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  inOrder,
  type Migration,
  MigrationError,
  parsePhase,
  readMigrations,
} from '../../../../lib/database/migrations.ts';

test('a header says the phase of a migration', () => {
  assert.deepEqual(parsePhase('012_a.sql', '-- phase: expand\n-- More.\nCREATE TABLE a'), { phase: 'expand' });
  assert.deepEqual(parsePhase('012_a.sql', '-- Why.\n-- phase: contract after 011\nDROP TABLE a'), {
    phase: 'contract',
    after: 11,
  });
});

test('the first migrations have no header and expand', () => {
  assert.deepEqual(parsePhase('008_notifier.sql', 'CREATE TABLE a'), { phase: 'expand' });
});

for (const [what, sql] of [
  ['no header', 'CREATE TABLE a'],
  ['a phase that is none', '-- phase: remove\nDROP TABLE a'],
  ['contracting after nothing', '-- phase: contract\nDROP TABLE a'],
  ['contracting after itself', '-- phase: contract after 009\nDROP TABLE a'],
] as const) {
  test(`a later migration with ${what} is refused by name`, () => {
    assert.throws(
      () => parsePhase('009_a.sql', sql),
      (error: Error) => error instanceof MigrationError && /009_a\.sql/.test(error.message),
    );
  });
}

test('all that expands comes before all that contracts', () => {
  const make = (version: number, after?: number) =>
    ({ version, ...(after ? { phase: 'contract', after } : { phase: 'expand' }) }) as Migration;
  const order = inOrder([make(1), make(2, 1), make(3), make(4, 3)]);
  assert.deepEqual(
    order.map(({ version }) => version),
    [1, 3, 2, 4],
  );
});

test('every migration of this version says its phase, and their numbers have no gap', async () => {
  const migrations = await readMigrations();
  assert.deepEqual(
    migrations.map(({ version }) => version),
    migrations.map((_, index) => index + 1),
  );
});
