import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { BATCH_FORMAT, readEventBatch } from '../../../../../apps/hub/amqp/event-batch.ts';
import { Section } from '../../../../../apps/hub/amqp/message.ts';
import { type AmqpMap, type Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import { type Encode, Writer } from '../../../../../apps/hub/amqp/writer.ts';
import { encodeBatch, RECORD_HEADER_BYTES, readBatch } from '../../../../../apps/hub/storage/record-batch.ts';

interface Message {
  header?: boolean;
  deliveryAnnotations?: Record<string, string>;
  annotations?: Record<string, string>;
  properties?: Record<string, string>;
  data: Buffer;
}

const strings = (entries: Record<string, string>): Record<string, Encode> =>
  Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, (writer: Writer) => writer.string(text)]));

function encode({ header, deliveryAnnotations, annotations, properties, data }: Message): Buffer {
  const writer = new Writer();
  if (header) writer.described(Section.header, (inner) => inner.list([(durable) => durable.boolean(true)]));
  if (deliveryAnnotations)
    writer.described(Section.deliveryAnnotations, (inner) => inner.symbolMap(strings(deliveryAnnotations)));
  if (annotations) writer.described(Section.messageAnnotations, (inner) => inner.symbolMap(strings(annotations)));
  if (properties) writer.described(Section.applicationProperties, (inner) => inner.stringMap(strings(properties)));
  writer.described(Section.data, (inner) => inner.binary(data));
  return writer.bytes;
}

function envelope(messages: Message[], annotations?: Record<string, string>): Buffer {
  const writer = new Writer();
  if (annotations) writer.described(Section.messageAnnotations, (inner) => inner.symbolMap(strings(annotations)));
  for (const message of messages) writer.described(Section.data, (inner) => inner.binary(encode(message)));
  return writer.bytes;
}

/** The sections of each event as a reader gets them. */
function delivered(payload: Buffer, format: number): Array<Map<number, unknown>> {
  const encoded = encodeBatch(readEventBatch(payload, format).events, 7, 1000, 123_456);
  const batch = readBatch(Buffer.concat([Buffer.alloc(3), encoded.buffer]), 3);
  assert.ok(batch !== null);
  return [...batch.starts].map((start) => {
    const reader = new Reader(
      batch.buffer,
      start + RECORD_HEADER_BYTES,
      start + RECORD_HEADER_BYTES + batch.buffer.readUInt32BE(start),
    );
    const sections = new Map<number, unknown>();
    while (reader.remaining > 0) {
      const { descriptor, value } = reader.value() as Described;
      sections.set(descriptor as number, value);
    }
    return sections;
  });
}

const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
const dictionary = fc.option(fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true }), { nil: undefined });
const message: fc.Arbitrary<Message> = fc.record({
  header: fc.boolean(),
  annotations: dictionary,
  properties: dictionary,
  data: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
}) as fc.Arbitrary<Message>;

test('every event of a batch comes out with its own sections and the place it got', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), (messages) => {
      const events = delivered(envelope(messages), BATCH_FORMAT);
      assert.equal(events.length, messages.length);
      for (const [i, sections] of events.entries()) {
        const { header, annotations, properties, data } = messages[i]!;
        const found = sections.get(Section.messageAnnotations) as AmqpMap;
        assert.equal(found.get('x-opt-sequence-number'), 7 + i);
        assert.equal(found.get('x-opt-enqueued-time'), 123_456);
        for (const [key, value] of Object.entries(annotations ?? {})) assert.equal(found.get(key), value);
        assert.equal(found.size, Object.keys(annotations ?? {}).length + 3);
        assert.equal(sections.has(Section.header), header);
        assert.deepEqual(sections.get(Section.data), data);
        if (properties)
          assert.deepEqual(Object.fromEntries(sections.get(Section.applicationProperties) as AmqpMap), properties);
      }
    }),
  );
});

test('a single message is an event as well', () => {
  const [event] = delivered(encode({ data: Buffer.from('x') }), 0);
  assert.deepEqual(event!.get(Section.data), Buffer.from('x'));
});

test('delivery annotations stay with the producer, its own place in another hub is dropped', () => {
  const annotations = { 'x-opt-offset': '5', mine: 'kept', 'x-opt-sequence-number': '9', 'x-opt-enqueued-time': '1' };
  const [event] = delivered(encode({ deliveryAnnotations: { secret: 'x' }, annotations, data: Buffer.alloc(0) }), 0);
  assert.equal(event!.has(Section.deliveryAnnotations), false);
  const found = event!.get(Section.messageAnnotations) as AmqpMap;
  assert.deepEqual(
    [found.get('mine'), found.get('x-opt-sequence-number'), found.get('x-opt-offset'), found.size],
    ['kept', 7, '1040', 4],
  );
});

test('the partition key of the envelope is that of its events, unless they have one', () => {
  const key = 'x-opt-partition-key';
  const messages = [{ data: Buffer.alloc(1) }, { annotations: { [key]: 'own' }, data: Buffer.alloc(1) }];
  const payload = envelope(messages, { [key]: 'shared' });
  assert.equal(readEventBatch(payload, BATCH_FORMAT).partitionKey, 'shared');
  const keys = delivered(payload, BATCH_FORMAT).map((event) =>
    (event.get(Section.messageAnnotations) as AmqpMap).get(key),
  );
  assert.deepEqual(keys, ['shared', 'own']);
});

test('the partition key may also come with the events alone', () => {
  const annotations = { 'x-opt-partition-key': 'k' };
  assert.equal(readEventBatch(envelope([{ annotations, data: Buffer.alloc(1) }]), BATCH_FORMAT).partitionKey, 'k');
  assert.equal(readEventBatch(encode({ annotations, data: Buffer.alloc(1) }), 0).partitionKey, 'k');
});

test('whatever bytes come, they are events or a decode error', () => {
  const good = envelope([{ header: true, annotations: { a: 'b' }, data: Buffer.from('x') }]);
  const mutated = fc.array(fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255) }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(mutated, fc.constantFrom(0, BATCH_FORMAT), (changes, format) => {
      const bytes = Buffer.from(good);
      for (const { at, byte } of changes) bytes[at] = byte;
      try {
        delivered(bytes, format);
      } catch (error) {
        assert.ok(error instanceof AmqpError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a batch without events is refused', () => {
  assert.throws(() => readEventBatch(envelope([], { a: 'b' }), BATCH_FORMAT), AmqpError);
});
