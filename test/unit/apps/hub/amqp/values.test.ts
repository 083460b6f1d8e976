import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { type AmqpValue, Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import { type Encode, encodeToBuffer, type Writer } from '../../../../../apps/hub/amqp/writer.ts';

/** How a value is written, and what it has to be when it is read. */
type Sample = { write: Encode; read: AmqpValue };

const uint = (max: number) => fc.integer({ min: 0, max });
const text = fc.string({ unit: 'grapheme', maxLength: 300 });
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 300 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const narrowed = (value: bigint): AmqpValue =>
  BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc.constant<Sample>({ write: (w) => w.null(), read: null }),
  fc.boolean().map((read) => ({ write: (w) => w.boolean(read), read }) as Sample),
  uint(0xff).map((read) => ({ write: (w) => w.ubyte(read), read }) as Sample),
  uint(0xffff).map((read) => ({ write: (w) => w.ushort(read), read }) as Sample),
  uint(0xffff_ffff).map((read) => ({ write: (w) => w.uint(read), read }) as Sample),
  fc.integer().map((read) => ({ write: (w) => w.int(read), read }) as Sample),
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map((value) => ({ write: (w) => w.ulong(value), read: narrowed(value) }) as Sample),
  int64.map((value) => ({ write: (w) => w.long(value), read: narrowed(value) }) as Sample),
  int64.map((value) => ({ write: (w) => w.timestamp(value), read: narrowed(value) }) as Sample),
  text.map((read) => ({ write: (w) => w.string(read), read }) as Sample),
  ascii.map((read) => ({ write: (w) => w.symbol(read), read }) as Sample),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => ({ write: (w) => w.binary(Buffer.from(bytes)), read: Buffer.from(bytes) }) as Sample),
  fc.array(ascii, { maxLength: 4 }).map((read) => ({ write: (w) => w.symbolArray(read), read }) as Sample),
  fc.array(text, { maxLength: 4 }).map((read) => ({ write: (w) => w.stringArray(read), read }) as Sample),
);

const { value: sample } = fc.letrec<{ value: Sample }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }).map((items) => ({
      write: (w: Writer) => w.list(items.map(({ write }) => write)),
      read: items.map(({ read }) => read),
    })),
    fc.dictionary(ascii, tie('value'), { maxKeys: 4, noNullPrototype: true }).map((entries) => ({
      write: (w: Writer) =>
        w.symbolMap(Object.fromEntries(Object.entries(entries).map(([key, { write }]) => [key, write]))),
      read: new Map(Object.entries(entries).map(([key, { read }]) => [key, read])),
    })),
    fc.tuple(uint(1000), tie('value')).map(([descriptor, inner]) => ({
      write: (w: Writer) => w.described(descriptor, inner.write),
      read: new Described(descriptor, inner.read),
    })),
  ),
}));

test('every value that is written is read back, and skipped to its last byte', () => {
  fc.assert(
    fc.property(sample, ({ write, read }) => {
      const bytes = encodeToBuffer(write);
      const reader = new Reader(bytes);
      assert.deepEqual(reader.value(), read);
      assert.equal(reader.remaining, 0);
      const skipping = new Reader(bytes);
      skipping.skip();
      assert.equal(skipping.remaining, 0);
    }),
    { numRuns: 500 },
  );
});

test('a value that is cut short anywhere is a decode error, for reading and for skipping', () => {
  fc.assert(
    fc.property(sample, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), ({ write }, fraction) => {
      const bytes = encodeToBuffer(write);
      const cut = bytes.subarray(0, Math.floor(bytes.length * fraction));
      assert.throws(() => new Reader(cut).value(), AmqpError);
      assert.throws(() => new Reader(cut).skip(), AmqpError);
    }),
  );
});

test('arbitrary bytes are a value or a decode error, and reading and skipping agree', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (array) => {
      const bytes = Buffer.from(array);
      const outcome = (read: (reader: Reader) => unknown) => {
        const reader = new Reader(bytes);
        try {
          read(reader);
          return reader.position;
        } catch (error) {
          assert.ok(error instanceof AmqpError, String(error));
          return error.condition;
        }
      };
      assert.equal(
        outcome((reader) => reader.value()),
        outcome((reader) => reader.skip()),
      );
    }),
    { numRuns: 3000 },
  );
});

const hostile: Array<[string, number[]]> = [
  ['a list of 2^32-1 items', [0xd0, 0, 0, 0, 8, 0xff, 0xff, 0xff, 0xff, 0x40, 0x40, 0x40, 0x40]],
  ['a map of 2^32-2 items', [0xd1, 0, 0, 0, 4, 0xff, 0xff, 0xff, 0xfe]],
  ['a map with a key but no value', [0xc1, 2, 1, 0x40]],
  ['an array of 2^32-1 nulls', [0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x40]],
  ['an array of 2^32-1 uints', [0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x70]],
  ['a string of 4 GB', [0xb1, 0xff, 0xff, 0xff, 0xff, 0x61]],
  ['a binary of 4 GB', [0xb0, 0xff, 0xff, 0xff, 0xff, 0x61]],
  ['a list that is shorter than announced', [0xc0, 5, 1, 0x40, 0, 0, 0]],
  ['a type that does not exist', [0x3f]],
  [
    'lists inside lists inside lists',
    Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 0xc0 : i % 3 === 1 ? 250 : 1)),
  ],
  ['descriptors of descriptors', Array.from({ length: 300 }, () => 0)],
];

for (const [name, bytes] of hostile) {
  test(`${name}: refused before anything is allocated`, () => {
    const before = process.memoryUsage().rss;
    assert.throws(() => new Reader(Buffer.from(bytes)).value(), AmqpError);
    assert.throws(() => new Reader(Buffer.from(bytes)).skip(), AmqpError);
    assert.ok(process.memoryUsage().rss - before < 20_000_000);
  });
}

test('every fixed width type is read as what it is', () => {
  const cases: Array<[number[], AmqpValue]> = [
    [[0x56, 1], true],
    [[0x51, 0xff], -1],
    [[0x54, 0x80], -128],
    [[0x55, 0xfe], -2],
    [[0x53, 200], 200],
    [[0x61, 0xff, 0xff], -1],
    [[0x72, 0x3f, 0x80, 0, 0], 1],
    [[0x82, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], 1],
    [[0x73, 0, 0, 0, 0x61], 0x61],
    [[0x74, 1, 2, 3, 4], Buffer.from([1, 2, 3, 4])],
    [[0x98, ...Array(16).fill(7)], Buffer.alloc(16, 7)],
    [[0x45], []],
  ];
  for (const [bytes, value] of cases) assert.deepEqual(new Reader(Buffer.from(bytes)).value(), value);
});
