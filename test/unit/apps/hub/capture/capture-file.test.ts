import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CAPTURE_SCHEMA, CaptureFile, usTime } from '../../../../../apps/hub/capture/capture-file.ts';
import type { CapturedContent } from '../../../../../apps/hub/capture/captured-event.ts';
import type { PropertyValue } from '../../../../../apps/hub/capture/property-values.ts';
import { type CapturedEvent, parseEnqueuedTime, readCaptureFile } from '../../../../../lib/archive/capture-file.ts';
import { asJson, readContainer } from '../../../../helpers/avro-reader.ts';
import { publishedSchema } from '../../../../helpers/capture-writer.ts';

const SALT = '00';
const NOTHING: CapturedContent = { systemProperties: [], properties: [], body: null };

async function readByOurReader(file: Buffer): Promise<CapturedEvent[]> {
  const events: CapturedEvent[] = [];
  for await (const event of readCaptureFile(file)) events.push(event);
  return events;
}

test('the schema is the published one, with null allowed for a property as in the files of the service', () => {
  assert.deepEqual(CAPTURE_SCHEMA.fields[4]!.type, {
    type: 'map',
    values: ['long', 'double', 'string', 'bytes', 'null'],
  });
  const withoutNull = structuredClone(CAPTURE_SCHEMA) as unknown as ReturnType<typeof publishedSchema>;
  withoutNull.fields[4]!.type = { type: 'map', values: ['long', 'double', 'string', 'bytes'] };
  assert.deepEqual(withoutNull, publishedSchema());
});

test('a file without events has the 508 bytes that those of the service have', async () => {
  const file = new CaptureFile('empty', SALT).end();
  assert.equal(file.length, 508);
  const { codec, records, schema } = await readContainer(file);
  assert.deepEqual([codec, records], ['null', []]);
  assert.equal(schema, JSON.stringify(CAPTURE_SCHEMA));
  assert.deepEqual(await readByOurReader(file), []);
});

test('an independent reader finds every field of every kind', async () => {
  const file = new CaptureFile('one', SALT);
  const time = Date.UTC(2026, 5, 12, 18, 32, 34, 567);
  file.append(7, 1234, time, {
    systemProperties: [['x-opt-partition-key', { type: 'string', value: 'o-1' }]],
    properties: [
      ['count', { type: 'long', value: 2n ** 62n }],
      ['ratio', { type: 'double', value: 2 }],
      ['name', { type: 'string', value: 'Bücher' }],
      ['raw', { type: 'bytes', value: Buffer.from([0, 1]) }],
      ['none', { type: 'null' }],
    ],
    body: Buffer.from('{"a":1}'),
  });
  file.append(8, 1300, time, NOTHING);
  const bytes = file.end();
  assert.equal(file.events, 2);
  assert.equal(file.bytes, bytes.length);
  const { records } = await readContainer(bytes);
  assert.deepEqual(asJson(records), [
    {
      SequenceNumber: '7',
      Offset: '1234',
      EnqueuedTimeUtc: '6/12/2026 6:32:34 PM',
      SystemProperties: { 'x-opt-partition-key': { string: 'o-1' } },
      Properties: {
        count: { long: String(2n ** 62n) },
        ratio: { double: 2 },
        name: { string: 'Bücher' },
        raw: { bytes: { type: 'Buffer', data: [0, 1] } },
        none: null,
      },
      Body: { bytes: { type: 'Buffer', data: [...Buffer.from('{"a":1}')] } },
    },
    {
      SequenceNumber: '8',
      Offset: '1300',
      EnqueuedTimeUtc: '6/12/2026 6:32:34 PM',
      SystemProperties: {},
      Properties: {},
      Body: null,
    },
  ]);
});

const value: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map((long) => ({ type: 'long' as const, value: long })),
  fc.double({ noNaN: true }).map((double) => ({ type: 'double' as const, value: double })),
  fc.string({ unit: 'binary' }).map((text) => ({ type: 'string' as const, value: text.toWellFormed() })),
  fc.uint8Array().map((bytes) => ({ type: 'bytes' as const, value: Buffer.from(bytes) })),
  fc.constant({ type: 'null' as const }),
);
const properties = fc
  .dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    value,
    { maxKeys: 5 },
  )
  .map((entries) => Object.entries(entries));
const body = fc.option(fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)));
const content: fc.Arbitrary<CapturedContent> = fc
  .record({ properties, body })
  .map((parts) => ({ ...parts, systemProperties: [] }));

const plain = (one: PropertyValue): unknown => {
  if (one.type === 'null') return null;
  if (one.type !== 'long') return one.value;
  return Number.isSafeInteger(Number(one.value)) ? Number(one.value) : one.value;
};

test('whatever is written, in whatever parts it is taken, the reader of archives gives it back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(content, { maxLength: 200 }),
      fc.integer({ min: 1, max: 50_000 }),
      async (contents, part) => {
        const file = new CaptureFile('any', SALT);
        const parts: Buffer[] = [];
        for (const [i, one] of contents.entries()) {
          file.append(i, i * 10, 1_000_000, one);
          const ready = file.take(part);
          if (ready !== null) parts.push(ready);
        }
        parts.push(file.end());
        const whole = Buffer.concat(parts);
        assert.equal(file.bytes, whole.length);
        const events = await readByOurReader(whole);
        assert.deepEqual(
          events.map((event) => [event.sequenceNumber, event.offset, event.properties, event.body]),
          contents.map((one, i) => [
            i,
            String(i * 10),
            Object.fromEntries(one.properties.map(([name, item]) => [name, plain(item)])),
            one.body,
          ]),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('blocks stay small, whatever the file grows to', async () => {
  const file = new CaptureFile('large', SALT);
  for (let i = 0; i < 100; i++) file.append(i, i, 0, { ...NOTHING, body: Buffer.alloc(20_000, i) });
  assert.ok(file.take(1_500_000)!.length > 1_500_000);
  assert.equal(file.take(1_500_000), null);
});

test('the same name, salt and events give the same bytes, another name or salt another marker', () => {
  const made = (name: string, salt = SALT) => {
    const file = new CaptureFile(name, salt);
    file.append(1, 2, 3, NOTHING);
    return file.end();
  };
  assert.deepEqual(made('a'), made('a'));
  assert.notDeepEqual(made('a'), made('b'));
  assert.notDeepEqual(made('a'), made('a', '01'));
});

test('times are written as the service does, and read back to the second', () => {
  const time = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(time, (date) => {
      assert.equal(parseEnqueuedTime(usTime(date.getTime())).getTime(), Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
  assert.equal(usTime(Date.UTC(2026, 10, 3, 0, 5, 9)), '11/3/2026 12:05:09 AM');
  assert.equal(usTime(Date.UTC(2026, 0, 31, 12, 0, 0)), '1/31/2026 12:00:00 PM');
});
