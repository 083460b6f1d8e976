import { AmqpError, Condition } from './errors.ts';
import type { Encode } from './writer.ts';
import { Writer } from './writer.ts';

export const FrameType = { amqp: 0, sasl: 1 } as const;

/** Bytes of a frame's fixed header (part 2.3.1). */
export const FRAME_HEADER_BYTES = 8;
/** No peer may ask for less than this (part 2.7.1). */
export const MIN_MAX_FRAME_BYTES = 512;
/** Largest frame this hub takes, the same as the service's. */
export const MAX_FRAME_BYTES = 65_536;

/** A frame as it arrived; `body` is empty in a heartbeat. */
export interface Frame {
  type: number;
  channel: number;
  body: Buffer;
}

/** Cuts a stream of chunks into frames. Holds at most one frame that is not whole yet. */
export class FrameReader {
  #head: Buffer = Buffer.alloc(0);
  #frame: Buffer | null = null;
  #filled = 0;

  /**
   * Hands every frame that is now whole to `onFrame`, in order.
   * @throws {AmqpError} framing-error on a size or a header that cannot be
   */
  push(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    let at = this.#frame === null ? 0 : this.#fill(chunk, onFrame);
    let data = chunk;
    if (this.#frame === null && this.#head.length > 0) {
      data = Buffer.concat([this.#head, chunk.subarray(at)]);
      this.#head = Buffer.alloc(0);
      at = 0;
    }
    while (data.length - at >= 4) {
      const size = checkedSize(data.readUInt32BE(at));
      if (data.length - at < size) {
        this.#begin(data, at, size);
        return;
      }
      onFrame(parseFrame(data.subarray(at, at + size)));
      at += size;
    }
    if (this.#frame === null && at < data.length) this.#head = Buffer.from(data.subarray(at));
  }

  #begin(data: Buffer, at: number, size: number): void {
    this.#frame = Buffer.allocUnsafeSlow(size);
    this.#filled = data.copy(this.#frame, 0, at);
  }

  #fill(chunk: Buffer, onFrame: (frame: Frame) => void): number {
    const frame = this.#frame!;
    const copied = chunk.copy(frame, this.#filled);
    this.#filled += copied;
    if (this.#filled === frame.length) {
      this.#frame = null;
      onFrame(parseFrame(frame));
    }
    return copied;
  }
}

function checkedSize(size: number): number {
  if (size < FRAME_HEADER_BYTES || size > MAX_FRAME_BYTES) {
    throw new AmqpError(
      Condition.framingError,
      `frame of ${size} bytes; ${FRAME_HEADER_BYTES} to ${MAX_FRAME_BYTES} are possible`,
    );
  }
  return size;
}

function parseFrame(bytes: Buffer): Frame {
  const dataOffset = bytes[4]! * 4;
  const type = bytes[5]!;
  if (dataOffset < FRAME_HEADER_BYTES || dataOffset > bytes.length) {
    throw new AmqpError(Condition.framingError, `data offset ${dataOffset} in a frame of ${bytes.length} bytes`);
  }
  if (type !== FrameType.amqp && type !== FrameType.sasl) {
    throw new AmqpError(Condition.framingError, `unknown frame type ${type}`);
  }
  return { type, channel: type === FrameType.amqp ? bytes.readUInt16BE(6) : 0, body: bytes.subarray(dataOffset) };
}

/** A whole frame with one performative. */
export function encodeFrame(type: number, channel: number, performative: Encode): Buffer {
  const writer = new Writer();
  writer.raw(Buffer.alloc(FRAME_HEADER_BYTES));
  performative(writer);
  const bytes = writer.bytes;
  bytes.writeUInt32BE(bytes.length, 0);
  bytes[4] = FRAME_HEADER_BYTES / 4;
  bytes[5] = type;
  bytes.writeUInt16BE(channel, 6);
  return bytes;
}

/** A frame without a body, which only says that the sender is still there (part 2.4.5). */
export const HEARTBEAT: Buffer = Buffer.from([0, 0, 0, FRAME_HEADER_BYTES, 2, FrameType.amqp, 0, 0]);
