import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AvroWriter } from '../../../../../apps/hub/capture/avro-writer.ts';
import { Cursor } from '../../../../../lib/archive/avro-record.ts';

const written = (write: (writer: AvroWriter) => void): Buffer => {
  const writer = new AvroWriter();
  write(writer);
  return writer.take();
};

test('any long is read back, in as few bytes as Avro asks for', () => {
  const long = fc.oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.integer().map(BigInt),
    fc.maxSafeInteger().map(BigInt),
  );
  fc.assert(
    fc.property(long, (value) => {
      const number = Number(value);
      const bytes = written((writer) => writer.long(Number.isSafeInteger(number) ? number : value));
      assert.equal(BigInt(new Cursor(bytes).long()), value);
      const zigzag = value < 0n ? -value * 2n - 1n : value * 2n;
      assert.equal(bytes.length, Math.max(1, Math.ceil(zigzag.toString(2).length / 7)));
    }),
    { numRuns: 300 },
  );
});

test('the examples of the specification', () => {
  const examples: [number, string][] = [
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
  ];
  for (const [value, hex] of examples) assert.equal(written((writer) => writer.long(value)).toString('hex'), hex);
  assert.equal(written((writer) => writer.string('foo')).toString('hex'), '06666f6f');
});

test('it grows as needed and starts anew after what was taken', () => {
  const writer = new AvroWriter();
  const large = Buffer.alloc(300_000, 7);
  writer.raw(large);
  writer.raw(large);
  assert.equal(writer.length, 600_000);
  assert.deepEqual(writer.take(), Buffer.concat([large, large]));
  writer.double(1.5);
  assert.equal(writer.take().readDoubleLE(), 1.5);
});
