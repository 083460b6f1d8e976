import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from '../../../../../src/adapters/exec/line-splitter.ts';

test('however the bytes are cut, the lines are the same', () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constant('\n'), fc.constant('é\n\n'));
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.nat(40)), fc.integer({ min: 1, max: 20 }), (pieces, cuts, maxBytes) => {
      const text = pieces.join('');
      const bytes = Buffer.from(text);
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line), maxBytes);
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        splitter.push(bytes.subarray(from, from + cut));
        from = Math.min(bytes.length, from + cut);
      }
      splitter.end();
      const expected = text.split('\n').filter(Boolean);
      const fits = (line: string) => Buffer.byteLength(line) <= maxBytes;
      assert.deepEqual(lines, expected.filter(fits));
      assert.equal(splitter.dropped, expected.filter((line) => !fits(line)).length);
    }),
  );
});
