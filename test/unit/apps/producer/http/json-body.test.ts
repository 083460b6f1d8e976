import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJsonBody } from '../../../../../apps/producer/http/json-body.ts';

test('any JSON up to 32 deep is read as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseJsonBody(Buffer.from(text)), JSON.parse(text));
    }),
    { seed: 6 },
  );
  const deepest = `${'['.repeat(32)}${']'.repeat(32)}`;
  assert.doesNotThrow(() => parseJsonBody(Buffer.from(deepest)));
  assert.throws(() => parseJsonBody(Buffer.from(`[${deepest}]`)), { code: 'json_depth' });
});

test('brackets and quotes inside of strings do not count', () => {
  const value = { [`${'['.repeat(50)}"\\`]: `\\"${'{'.repeat(50)}` };
  assert.deepEqual(parseJsonBody(Buffer.from(JSON.stringify(value))), value);
});

test('whatever bytes come, they are read or refused with a reason', () => {
  const codes = new Set(['body_required', 'body_encoding', 'json_depth', 'json_syntax']);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        parseJsonBody(Buffer.from(bytes));
      } catch (error) {
        assert.ok(codes.has((error as { code: string }).code));
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});
