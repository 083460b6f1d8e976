import { Code } from './codes.ts';
import { FRAME_HEADER_BYTES, FrameType } from './frames.ts';

// The hot path out: a transfer with every field in a fixed place, so that one is copied and patched for each event.
//   frame header 8 | 00 53 14 c0 size 0b | 70 handle | 70 delivery-id | a0 04 tag | 43 | settled | more | 40 40 42 42 42
const HANDLE_AT = 15;
const DELIVERY_ID_AT = 20;
const TAG_AT = 26;
const SETTLED_AT = 31;
const MORE_AT = 32;

/** Bytes of a transfer frame before its payload. */
export const TRANSFER_HEADER_BYTES = 38;

const TEMPLATE = Buffer.from([
  ...[0, 0, 0, 0, FRAME_HEADER_BYTES / 4, FrameType.amqp, 0, 0],
  ...[Code.described, Code.smallUlong, 0x14, Code.list8, TRANSFER_HEADER_BYTES - 13, 11],
  ...[Code.uint, 0, 0, 0, 0],
  ...[Code.uint, 0, 0, 0, 0],
  ...[Code.binary8, 4, 0, 0, 0, 0],
  ...[Code.uint0, Code.true, Code.false],
  ...[Code.null, Code.null, Code.false, Code.false, Code.false],
]);

/** The constant part of one link's transfers: message format 0, all eleven fields there. */
export function transferTemplate(channel: number, handle: number, settled: boolean): Buffer {
  const template = Buffer.from(TEMPLATE);
  template.writeUInt16BE(channel, 6);
  template.writeUInt32BE(handle, HANDLE_AT);
  template[SETTLED_AT] = settled ? Code.true : Code.false;
  return template;
}

/** Writes a transfer's frame header and performative; the payload of `payloadBytes` has to follow it. */
export function writeTransfer(
  target: Buffer,
  at: number,
  template: Buffer,
  deliveryId: number,
  payloadBytes: number,
  more: boolean,
): void {
  template.copy(target, at);
  target.writeUInt32BE(TRANSFER_HEADER_BYTES + payloadBytes, at);
  target.writeUInt32BE(deliveryId, at + DELIVERY_ID_AT);
  target.writeUInt32BE(deliveryId, at + TAG_AT);
  if (more) target[at + MORE_AT] = Code.true;
}
