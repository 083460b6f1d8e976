import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code } from '../../../../../apps/hub/amqp/codes.ts';
import { Section } from '../../../../../apps/hub/amqp/message.ts';
import { type Encode, Writer } from '../../../../../apps/hub/amqp/writer.ts';
import { readContent } from '../../../../../apps/hub/capture/captured-event.ts';

function message(...sections: [number, Encode][]): Buffer {
  const writer = new Writer();
  for (const [section, value] of sections) writer.described(section, value);
  return Buffer.from(writer.bytes);
}

const contentOf = (...sections: [number, Encode][]) => {
  const bytes = message(...sections);
  return readContent(bytes, 0, bytes.length);
};

/** A value of one type, byte by byte. */
const bare =
  (code: number, ...bytes: number[]): Encode =>
  (writer) =>
    writer.raw(Buffer.from([code, ...bytes]));

test('annotations and properties become system properties, what the sender added becomes properties', () => {
  const content = contentOf(
    [Section.header, (writer) => writer.list([(inner) => inner.boolean(true)])],
    [
      Section.messageAnnotations,
      (writer) =>
        writer.symbolMap({
          'x-opt-partition-key': (inner) => inner.string('o-1'),
          'x-opt-nothing': (inner) => inner.null(),
          'x-opt-sequence-number': (inner) => inner.long(5),
          'x-opt-offset': (inner) => inner.string('40'),
          'x-opt-enqueued-time': (inner) => inner.timestamp(1),
        }),
    ],
    [
      Section.properties,
      (writer) =>
        writer.list([
          (inner) => inner.string('id-1'),
          (inner) => inner.null(),
          (inner) => inner.null(),
          (inner) => inner.null(),
          (inner) => inner.null(),
          (inner) => inner.ulong(9),
          (inner) => inner.symbol('application/json'),
        ]),
    ],
    [Section.applicationProperties, (writer) => writer.stringMap({ type: (inner) => inner.string('order.placed') })],
    [Section.data, (writer) => writer.binary(Buffer.from('a'))],
    [Section.data, (writer) => writer.binary(Buffer.from('b'))],
    [Section.footer, (writer) => writer.symbolMap({})],
  );
  assert.deepEqual(content, {
    systemProperties: [
      ['x-opt-partition-key', { type: 'string', value: 'o-1' }],
      ['message-id', { type: 'string', value: 'id-1' }],
      ['correlation-id', { type: 'long', value: 9 }],
      ['content-type', { type: 'string', value: 'application/json' }],
    ],
    properties: [['type', { type: 'string', value: 'order.placed' }]],
    body: Buffer.from('ab'),
  });
});

test('every type of AMQP has a place among long, double, string, bytes and null', () => {
  const uuid = Array.from({ length: 16 }, (_, i) => i);
  const values: Record<string, [Encode, unknown]> = {
    none: [(writer) => writer.null(), { type: 'null' }],
    yes: [(writer) => writer.boolean(true), { type: 'string', value: 'true' }],
    byte: [bare(Code.byte, 0xff), { type: 'long', value: -1 }],
    int: [(writer) => writer.int(-70_000), { type: 'long', value: -70_000 }],
    long: [(writer) => writer.long(2n ** 60n), { type: 'long', value: 2n ** 60n }],
    ulong: [(writer) => writer.ulong(2n ** 64n - 1n), { type: 'string', value: String(2n ** 64n - 1n) }],
    float: [bare(Code.float, 0x40, 0, 0, 0), { type: 'double', value: 2 }],
    double: [bare(Code.double, 0x40, 0, 0, 0, 0, 0, 0, 0), { type: 'double', value: 2 }],
    char: [bare(Code.char, 0, 0, 0, 65), { type: 'string', value: 'A' }],
    time: [(writer) => writer.timestamp(1_000), { type: 'string', value: '1970-01-01T00:00:01.000Z' }],
    never: [(writer) => writer.timestamp(2n ** 62n), { type: 'string', value: String(2n ** 62n) }],
    uuid: [bare(Code.uuid, ...uuid), { type: 'string', value: '00010203-0405-0607-0809-0a0b0c0d0e0f' }],
    bytes: [(writer) => writer.binary(Buffer.from([1])), { type: 'bytes', value: Buffer.from([1]) }],
    list: [(writer) => writer.list([(inner) => inner.int(1)]), { type: 'string', value: '[1]' }],
    map: [
      (writer) => writer.stringMap({ a: (inner) => inner.binary(Buffer.from([1])) }),
      { type: 'string', value: '{"a":"AQ=="}' },
    ],
    described: [(writer) => writer.described(0x70, (inner) => inner.string('x')), { type: 'string', value: '"x"' }],
  };
  const encoders = Object.fromEntries(Object.entries(values).map(([name, [encode]]) => [name, encode]));
  const { properties } = contentOf([Section.applicationProperties, (writer) => writer.stringMap(encoders)]);
  assert.deepEqual(
    properties,
    Object.entries(values).map(([name, [, expected]]) => [name, expected]),
  );
});

test('an event without a data section has no body', () => {
  assert.equal(contentOf([Section.value, (writer) => writer.string('text')]).body, null);
});

test('sections of other types than they should be leave the body alone', () => {
  const content = contentOf(
    [Section.applicationProperties, (writer) => writer.string('no map')],
    [Section.data, (writer) => writer.binary(Buffer.from('kept'))],
    [Section.data, (writer) => writer.string('no bytes')],
  );
  assert.deepEqual(content, { systemProperties: [], properties: [], body: Buffer.from('kept') });
});
