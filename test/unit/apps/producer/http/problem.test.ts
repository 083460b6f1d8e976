import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Problem, problemBody } from '../../../../../apps/producer/http/problem.ts';

test('a problem never takes more than 2 KB, whatever is wrong', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\u0001', '\u{1f600}', '"'), maxLength: 2_000 });
  const errors = fc.array(fc.record({ pointer: text, code: fc.constant('unknown_field'), message: text }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(text, errors, text, (detail, fields, path) => {
      const problem = new Problem('validation_failed', detail, { errors: fields });
      assert.ok(Buffer.byteLength(problemBody(problem, encodeURI(path), 'f'.repeat(32))) <= 2_048);
    }),
    { seed: 8, numRuns: 100 },
  );
});

test('every 503 says when to come back', () => {
  assert.equal(new Problem('hub_busy', 'x').headers['retry-after'], '1');
  assert.equal(new Problem('not_found', 'x').headers['retry-after'], undefined);
});
