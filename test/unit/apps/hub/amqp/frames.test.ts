import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import {
  encodeFrame,
  type Frame,
  FrameReader,
  FrameType,
  HEARTBEAT,
  MAX_FRAME_BYTES,
} from '../../../../../apps/hub/amqp/frames.ts';

const frame = fc.record({
  channel: fc.integer({ min: 0, max: 0xffff }),
  body: fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
});

function cut(bytes: Buffer, lengths: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const end = at + Math.max(1, lengths[i % Math.max(1, lengths.length)] ?? 1);
    chunks.push(bytes.subarray(at, end));
    at = end;
  }
  return chunks;
}

test('however the stream is cut, the same frames come out', () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4000 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), lengths, (frames, sizes) => {
      const stream = Buffer.concat(
        frames.map(({ channel, body }) => encodeFrame(FrameType.amqp, channel, (writer) => writer.raw(body))),
      );
      const reader = new FrameReader();
      const seen: Frame[] = [];
      for (const chunk of cut(stream, sizes)) {
        reader.push(chunk, (found) => seen.push({ ...found, body: Buffer.from(found.body) }));
      }
      assert.deepEqual(
        seen,
        frames.map((expected) => ({ type: FrameType.amqp, ...expected })),
      );
    }),
  );
});

const header = (size: number, doff = 2, type = 0) =>
  Buffer.from([size >>> 24, size >>> 16, size >>> 8, size, doff, type, 0, 0]);

test('sizes and headers that cannot be are refused at once', () => {
  const bad = [
    header(0),
    header(7),
    header(MAX_FRAME_BYTES + 1),
    header(0xffff_ffff),
    header(8, 1),
    header(8, 3),
    header(8, 2, 2),
  ];
  for (const bytes of bad) {
    assert.throws(() => new FrameReader().push(bytes, () => {}), AmqpError, bytes.toString('hex'));
  }
});

test('an extended header is passed over', () => {
  const seen: Frame[] = [];
  new FrameReader().push(Buffer.from([0, 0, 0, 13, 3, 0, 0, 5, 9, 9, 9, 9, 42]), (found) => seen.push(found));
  assert.deepEqual(seen, [{ type: 0, channel: 5, body: Buffer.from([42]) }]);
});

test('a heartbeat is a frame without a body', () => {
  const seen: Frame[] = [];
  new FrameReader().push(HEARTBEAT, (found) => seen.push(found));
  assert.deepEqual(seen, [{ type: 0, channel: 0, body: Buffer.alloc(0) }]);
});
