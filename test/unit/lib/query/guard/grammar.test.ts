import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from '@guanmingchiu/sqlparser-ts';
import fc from 'fast-check';
import { guardSql, RefusedSql } from '../../../../../lib/query/guard/index.ts';

const TABLES = {
  orders: { columns: ['id', 'channel', 'total', 'placed_at'], withheld: ['secret'] },
  items: { columns: ['id', 'order_id', 'quantity'] },
};
/** A column, tables and functions that no statement that passes may use. */
const FORBIDDEN = ['secret', 'users', 'SLEEP', 'LOAD_FILE', 'BENCHMARK', 'GET_LOCK', 'seq_1_to_9', 'mysql'];

const name = fc.oneof(
  { weight: 16, arbitrary: fc.constant('id') },
  { weight: 3, arbitrary: fc.constantFrom('channel', 'total', 'quantity', 'n') },
  { weight: 1, arbitrary: fc.constantFrom(...FORBIDDEN.slice(0, 3)) },
);
const literal = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map(String),
  fc.string({ maxLength: 6 }).map((text) => `'${text.replaceAll("'", "''")}'`),
);
const { expression, query } = fc.letrec<{ expression: string; query: string }>((tie) => {
  const part = tie('expression');
  const inner = tie('query').map((sql) => `(${sql})`);
  const pair = (words: readonly string[]) =>
    fc.tuple(part, fc.constantFrom(...words), part).map(([left, word, right]) => `${left} ${word} ${right}`);
  const call = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('COUNT', 'SUM', 'IF', 'DATE', 'CONCAT') },
    { weight: 1, arbitrary: fc.constantFrom(...FORBIDDEN) },
  );
  const from = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('orders o', 'items x', 'orders') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'users',
        'mysql.user',
        'seq_1_to_9',
        'orders o, items x',
        'orders o JOIN items x ON x.order_id = o.id',
      ),
    },
    { weight: 1, arbitrary: inner.map((sql) => `${sql} x`) },
  );
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: name },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom('o', 'x', 'orders'), name).map((parts) => parts.join('.')) },
      { weight: 3, arbitrary: literal },
      { weight: 1, arbitrary: pair(['+', '-', '=', '<', 'AND', 'OR', 'LIKE', 'IN']) },
      { weight: 1, arbitrary: fc.tuple(call, part).map(([word, arg]) => `${word}(${arg})`) },
      {
        weight: 1,
        arbitrary: fc.oneof(
          inner,
          inner.map((sql) => `EXISTS ${sql}`),
          part.map((one) => `(${one})`),
        ),
      },
      { weight: 1, arbitrary: part.map((one) => `CASE WHEN ${one} THEN 1 END`) },
    ),
    query: fc
      .tuple(
        fc.array(fc.tuple(part, fc.option(name)), { minLength: 1, maxLength: 3 }),
        from,
        fc.option(part),
        fc.option(tie('query')),
      )
      .map(([items, source, where, more]) => {
        const list = items.map(([item, alias]) => (alias ? `${item} AS ${alias}` : item)).join(', ');
        return `SELECT ${list} FROM ${source}${where ? ` WHERE ${where}` : ''}${more ? ` UNION ALL ${more}` : ''}`;
      }),
  };
});

const PIECES = [
  '--',
  '/*',
  '*/',
  '/*!50000 ',
  '#',
  ';',
  '"',
  '`',
  "'",
  '\\',
  '@a',
  ':=',
  '\u0000',
  '\u00a0',
  '；',
  ' UNION SELECT secret FROM orders',
  " INTO OUTFILE '/tmp/x'",
  ' FOR UPDATE',
  '0x',
  '*',
  '(',
  ')',
  'users',
  'mysql.',
];
/** A statement with something put into it, taken out or doubled somewhere. */
const mutated = fc
  .tuple(query, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...PIECES, ''), fc.nat(3)), { minLength: 1, maxLength: 3 }))
  .map(([sql, changes]) =>
    changes.reduce((text, [at, piece, cut]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + cut);
    }, sql),
  );

/** Every name that the parser finds in a text, whatever the guard thought of it. */
function* namesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const part of value) yield* namesIn(part);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [key, part] of Object.entries(value)) {
    if (key === 'value' && 'span' in value && typeof part === 'string') yield part;
    else yield* namesIn(part);
  }
}

async function holds(sql: string): Promise<boolean> {
  let written: string;
  try {
    written = (await guardSql(sql, { tables: TABLES, maxRows: 5 })).sql;
  } catch (error) {
    assert.ok(error instanceof RefusedSql, `${sql}: ${(error as Error).stack}`);
    return false;
  }
  assert.equal((await guardSql(written, { tables: TABLES, maxRows: 5 })).sql, written, 'not taken again as it is');
  assert.ok(![...namesIn(parse(written, 'mysql'))].includes('secret'), written);
  const bare = written.replace(/'(?:[^'\\]|''|\\.)*'/g, "''");
  for (const [, called] of bare.matchAll(/([A-Z_]+)\(/g)) assert.ok(!FORBIDDEN.includes(called!), written);
  for (const [, table] of bare.matchAll(/(?:FROM|JOIN) `(\w+)`/g)) assert.ok(Object.hasOwn(TABLES, table!), written);
  assert.match(written, / LIMIT \d$/);
  return true;
}

test('statements of a grammar pass without anything forbidden, or not at all', async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(query, async (sql) => {
      if (await holds(sql)) passed += 1;
    }),
    { numRuns: 600, seed: 20 },
  );
  assert.ok(passed > 50, `only ${passed} passed: the property says little`);
});

test('nor do statements that were tampered with', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, async (sql) => {
      await holds(sql);
    }),
    { numRuns: 1_000, seed: 20 },
  );
});

test('a text of any letters is refused or written anew, never an error of another kind', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(expression, fc.string({ unit: 'grapheme' })), async ([start, text]) => {
      await holds(`SELECT ${start}${text}`);
    }),
    { numRuns: 500, seed: 20 },
  );
});
