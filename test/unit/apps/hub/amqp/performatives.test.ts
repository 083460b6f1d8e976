import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeComposite, encodeComposite } from '../../../../../apps/hub/amqp/composites.ts';
import { AmqpError, Condition } from '../../../../../apps/hub/amqp/errors.ts';
import {
  Attach,
  Begin,
  decodePerformative,
  Flow,
  Open,
  Source,
  Transfer,
} from '../../../../../apps/hub/amqp/performatives.ts';
import { Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import {
  TRANSFER_HEADER_BYTES,
  transferTemplate,
  writeTransfer,
} from '../../../../../apps/hub/amqp/transfer-frames.ts';
import { encodeToBuffer, Writer } from '../../../../../apps/hub/amqp/writer.ts';

const uint = fc.option(fc.integer({ min: 0, max: 0xffff_ffff }));

test('a flow is read as it was written', () => {
  const fields = fc.record({
    nextIncomingId: uint,
    incomingWindow: fc.integer({ min: 0, max: 0xffff_ffff }),
    nextOutgoingId: fc.integer({ min: 0, max: 0xffff_ffff }),
    outgoingWindow: fc.integer({ min: 0, max: 0xffff_ffff }),
    handle: uint,
    deliveryCount: uint,
    linkCredit: uint,
    available: uint,
    drain: fc.option(fc.boolean()),
    echo: fc.option(fc.boolean()),
  });
  fc.assert(
    fc.property(fields, (flow) => {
      const bytes = encodeToBuffer(encodeComposite(Flow, flow));
      assert.deepEqual(decodePerformative(new Reader(bytes)), { type: 'flow', fields: { ...flow, properties: null } });
    }),
  );
});

test('every field is written, also those at the end that are null', () => {
  for (const [type, count] of [
    [Open, 10],
    [Begin, 8],
    [Attach, 14],
    [Flow, 11],
    [Transfer, 11],
  ] as const) {
    const value = new Reader(encodeToBuffer(encodeComposite(type as typeof Flow, {}))).value() as Described;
    assert.equal((value.value as unknown[]).length, count, type.name);
  }
});

test('fields that a client left out at the end are null', () => {
  const writer = new Writer();
  writer.described(Open.descriptor, (inner) => inner.list([(value) => value.string('me')]));
  const { fields } = decodePerformative(new Reader(writer.bytes)) as { fields: Record<string, unknown> };
  assert.equal(fields.containerId, 'me');
  assert.equal(fields.maxFrameSize, null);
});

test('a mandatory field that is missing is an invalid field', () => {
  const bytes = encodeToBuffer(encodeComposite(Attach, { name: 'link', handle: 0 }));
  assert.throws(
    () => decodePerformative(new Reader(bytes)),
    (error) => error instanceof AmqpError && error.condition === Condition.invalidField && /role/.test(error.message),
  );
});

test('a field of another type is a decode error', () => {
  const writer = new Writer();
  writer.described(Open.descriptor, (inner) => inner.list([(value) => value.uint(1)]));
  assert.throws(
    () => decodePerformative(new Reader(writer.bytes)),
    (error) =>
      error instanceof AmqpError && error.condition === Condition.decodeError && /container/.test(error.message),
  );
});

test('a performative may be named by its symbol', () => {
  const writer = new Writer();
  writer.uint8(0);
  writer.symbol('amqp:open:list');
  writer.list([(value) => value.string('me')]);
  assert.equal(decodePerformative(new Reader(writer.bytes)).type, 'open');
});

test('what is no performative, or none that a client sends, is refused', () => {
  for (const descriptor of [0x19, 0x40, 0x44, 0x70]) {
    const bytes = encodeToBuffer((writer) => writer.described(descriptor, (inner) => inner.list([])));
    assert.throws(() => decodePerformative(new Reader(bytes)), AmqpError);
  }
  assert.throws(() => decodePerformative(new Reader(Buffer.from([0x40]))), AmqpError);
});

test('a single symbol is taken for a list of one', () => {
  const writer = new Writer();
  writer.described(Source.descriptor, (inner) =>
    inner.list([...Array.from({ length: 10 }, () => (value: Writer) => value.null()), (value) => value.symbol('only')]),
  );
  const source = decodeComposite(Source, new Reader(writer.bytes).value());
  assert.deepEqual(source?.capabilities, ['only']);
});

test('a terminus of another kind is none', () => {
  assert.equal(decodeComposite(Source, null), null);
  assert.equal(decodeComposite(Source, new Described(0x29, [])), null);
});

test('the patched transfer is the transfer of the specification', () => {
  const target = Buffer.alloc(100, 0xaa);
  writeTransfer(target, 10, transferTemplate(7, 300, true), 0xfffffffe, 20, true);
  assert.equal(target.readUInt32BE(10), TRANSFER_HEADER_BYTES + 20);
  assert.deepEqual([...target.subarray(14, 18)], [2, 0, 0, 7]);
  const reader = new Reader(target, 18, 10 + TRANSFER_HEADER_BYTES);
  assert.deepEqual(decodePerformative(reader), {
    type: 'transfer',
    fields: {
      handle: 300,
      deliveryId: 0xfffffffe,
      deliveryTag: Buffer.from([0xff, 0xff, 0xff, 0xfe]),
      messageFormat: 0,
      settled: true,
      more: true,
      rcvSettleMode: null,
      state: null,
      resume: false,
      aborted: false,
      batchable: false,
    },
  });
  assert.equal(reader.remaining, 0);
});
