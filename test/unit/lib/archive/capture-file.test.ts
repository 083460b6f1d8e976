import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import avsc from 'avsc';
import fc from 'fast-check';
import { ArchiveFileError } from '../../../../lib/archive/archive-error.ts';
import { type CapturedEvent, parseEnqueuedTime, readCaptureFile } from '../../../../lib/archive/capture-file.ts';
import { publishedSchema, writeCaptureFile, writeContainer } from '../../../helpers/capture-writer.ts';

async function readAll(file: Parameters<typeof readCaptureFile>[0]): Promise<CapturedEvent[]> {
  const events: CapturedEvent[] = [];
  for await (const event of readCaptureFile(file)) events.push(event);
  return events;
}

/** A long that avsc writes exactly. */
const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  ...{ fromJSON: BigInt, toJSON: Number, isValid: (value: unknown) => typeof value === 'bigint', compare: () => 0 },
});

/** A file in pieces, as it comes from a network. */
function* pieces(file: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

const bodies = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ sequenceNumber: 1_000 + index, body: Buffer.from(`event ${index}`) }));

const fails = (file: Parameters<typeof readCaptureFile>[0], message: RegExp) =>
  assert.rejects(readAll(file), (error: Error) => {
    assert.ok(error instanceof ArchiveFileError, `${error.name}: ${error.message}`);
    assert.match(error.message, message);
    return true;
  });

suite('a capture file', () => {
  for (const codec of ['null', 'deflate'] as const) {
    test(`gives back what was written with codec ${codec}, in order`, async () => {
      const file = await writeCaptureFile(bodies(500), { codec, blockSize: 1_024 });
      const events = await readAll(file);
      assert.deepEqual(
        events.map(({ sequenceNumber, body }) => [sequenceNumber, body?.toString()]),
        bodies(500).map(({ sequenceNumber, body }) => [sequenceNumber, body.toString()]),
      );
    });
  }

  test('has everything that Capture knows of an event', async () => {
    const file = await writeCaptureFile([
      {
        sequenceNumber: 66,
        offset: '14280',
        enqueuedTime: '6/12/2020 12:05:09 AM',
        systemProperties: { 'x-opt-partition-key': { string: 'o-1' }, 'x-opt-sequence-number-epoch': { long: -1 } },
        properties: { ratio: { double: 2 }, raw: { bytes: Buffer.from([1, 2]) } },
        body: null,
      },
    ]);
    assert.deepEqual(await readAll(file), [
      {
        sequenceNumber: 66,
        offset: '14280',
        enqueuedTime: new Date('2020-06-12T00:05:09Z'),
        systemProperties: { 'x-opt-partition-key': 'o-1', 'x-opt-sequence-number-epoch': -1 },
        properties: { ratio: 2, raw: Buffer.from([1, 2]) },
        body: null,
      },
    ]);
  });

  test('may allow null for a property, and have fields that are not known yet', async () => {
    const schema = publishedSchema(['long', 'double', 'string', 'bytes', 'null']);
    schema.fields.push({ name: 'Later', type: 'string' });
    const record = { Offset: '1', EnqueuedTimeUtc: '2026-06-12T18:32:34.5Z', SystemProperties: {}, Body: null };
    const file = await writeContainer(
      [{ ...record, SequenceNumber: 1, Properties: { none: null }, Later: 'x' }],
      schema,
    );
    const [event] = await readAll(file);
    assert.deepEqual(event?.properties, { none: null });
    assert.equal(event?.enqueuedTime.toISOString(), '2026-06-12T18:32:34.500Z');
  });

  test('keeps a number exact that JavaScript cannot', async () => {
    const properties = {
      big: { long: 2n ** 62n + 1n },
      least: { long: -(2n ** 63n) },
      even: { long: -(2n ** 40n) },
      small: { long: 7n },
    };
    const record = { Offset: '1', EnqueuedTimeUtc: '6/12/2026 6:32:34 PM', SystemProperties: {}, Body: null };
    const schema = avsc.Type.forSchema(
      publishedSchema() as never,
      { wrapUnions: 'always', registry: { long } } as never,
    );
    const file = await writeContainer([{ ...record, SequenceNumber: 1n, Properties: properties }], schema);
    assert.deepEqual((await readAll(file))[0]?.properties, {
      ...{ big: 2n ** 62n + 1n, least: -(2n ** 63n), even: -(2 ** 40), small: 7 },
    });
  });

  test('of an empty window has no events', async () => {
    assert.deepEqual(await readAll(await writeCaptureFile([])), []);
  });

  test('reads the same in pieces of any size', async () => {
    const file = await writeCaptureFile(bodies(40), { codec: 'deflate', blockSize: 200 });
    const whole = await readAll(file);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: file.length }), async (size) => {
        assert.deepEqual(await readAll(pieces(file, size)), whole);
      }),
      { numRuns: 50 },
    );
  });

  test('lets go of its stream when nobody reads on', async () => {
    const file = await writeCaptureFile(bodies(100), { blockSize: 200 });
    let open = true;
    async function* stream() {
      try {
        yield* pieces(file, 300);
      } finally {
        open = false;
      }
    }
    for await (const event of readCaptureFile(stream())) if (event.sequenceNumber === 1_010) break;
    assert.equal(open, false);
  });
});

suite('a capture file that is none', () => {
  test('cut off anywhere is an error, except between two blocks, where Avro cannot tell', async () => {
    const file = await writeCaptureFile(bodies(30), { blockSize: 256 });
    const whole = (await readAll(file)).length;
    let unnoticed = 0;
    for (let length = 0; length < file.length; length++) {
      const events = await readAll(file.subarray(0, length)).catch((error: Error) => {
        assert.ok(error instanceof ArchiveFileError, error.stack);
        return undefined;
      });
      if (events) assert.ok(++unnoticed <= 10 && events.length < whole);
    }
    assert.ok(unnoticed > 0);
  });

  test('with any byte turned is read, or is a clear error; it never hangs and never throws anything else', async () => {
    // A property makes a map of each event: counts of maps are where a reader could count for ever.
    const events = bodies(20).map((event) => ({ ...event, properties: { 'Diagnostic-Id': { string: '00-1' } } }));
    for (const codec of ['null', 'deflate'] as const) {
      const file = await writeCaptureFile(events, { codec, blockSize: 256 });
      await fc.assert(
        fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), async (at, turn) => {
          const damaged = Buffer.from(file);
          damaged[at]! ^= turn;
          await readAll(damaged).catch((error: Error) => assert.ok(error instanceof ArchiveFileError, error.stack));
        }),
        { numRuns: 400 },
      );
    }
  });

  test('says what is wrong', async () => {
    const file = await writeCaptureFile(bodies(3));
    const schemaless = Buffer.from(file.toString('latin1').replace('avro.schema', 'avro.nothin'), 'latin1');
    const notJson = Buffer.from(file.toString('latin1').replace('{"type":"record"', '("type":"record"'), 'latin1');
    const snappy = Buffer.from(
      (await writeCaptureFile([], { codec: 'deflate' })).toString('latin1').replace('deflate', 'snappy!'),
      'latin1',
    );
    await fails(Buffer.from('a text, and no file of Capture'), /no Avro container file/);
    await fails(Buffer.alloc(0), /cut off in the header/);
    await fails(file.subarray(0, -1), /cut off in a block: 16 bytes are due at byte \d+, 15 are left/);
    await fails(schemaless, /names no schema/);
    await fails(notJson, /is no JSON/);
    await fails(snappy, /codec "snappy!" is not known, only null and deflate are/);
    // A map of 2^59 entries, each with an empty name and 512 KiB of zeros.
    const entry = Buffer.concat([Buffer.from('00808040', 'hex'), Buffer.alloc(524_288)]);
    const endless = [Buffer.from('Obj\x01'), Buffer.from('808080808080808010', 'hex'), entry, entry, entry];
    await fails(Buffer.concat(endless), /the header has no end/);
    const sync = Buffer.from(file);
    sync[file.length - 1]! ^= 1;
    await fails(sync, /the block at byte \d+ is damaged: its sync marker/);
  });

  test('of another schema is refused before a record is read', async () => {
    const holds = /does not hold what Event Hubs Capture writes/;
    const fields = publishedSchema().fields.map((field) =>
      field.name === 'Body' ? { ...field, type: 'string' } : field,
    );
    await fails(await writeContainer([], { ...publishedSchema(), fields }), /Body is of type string, not bytes/);
    const five = publishedSchema().fields.slice(1);
    await fails(await writeContainer([], { ...publishedSchema(), fields: five }), /SequenceNumber is missing/);
    await fails(
      await writeContainer([], { ...publishedSchema(), namespace: 'another' }),
      /it holds another\.EventData/,
    );
    await fails(await writeContainer([1], 'long'), holds);
    const later = { ...publishedSchema(), fields: [...publishedSchema().fields, { name: 'x', type: 'long' }] };
    const written = (await writeContainer([], later)).toString('latin1');
    const gone = written.replace('{"name":"x","type":"long"}', 'null'.padEnd(26));
    await fails(Buffer.from(gone, 'latin1'), /type undefined in the schema is not known/);
  });
});

suite('the time of a captured event', () => {
  test('is read in the form of Capture and in ISO 8601', () => {
    const cases = [
      ['6/12/2020 6:32:34 PM', '2020-06-12T18:32:34.000Z'],
      ['12/31/2026 12:00:00 AM', '2026-12-31T00:00:00.000Z'],
      ['1/2/2026 12:59:59 PM', '2026-01-02T12:59:59.000Z'],
      ['2019-09-26T17:46:09.8870000Z', '2019-09-26T17:46:09.887Z'],
      ['2019-09-26T17:46:09', '2019-09-26T17:46:09.000Z'],
    ] as const;
    for (const [text, expected] of cases) assert.equal(parseEnqueuedTime(text).toISOString(), expected);
    assert.throws(() => parseEnqueuedTime('yesterday'), /"yesterday" is no time of Capture/);
  });
});
