import { Code, LAYOUTS } from './codes.ts';
import { decodeError } from './errors.ts';

/** A value behind a descriptor, such as a performative, a section or a terminus. */
export class Described {
  readonly descriptor: AmqpValue;
  readonly value: AmqpValue;

  constructor(descriptor: AmqpValue, value: AmqpValue) {
    this.descriptor = descriptor;
    this.value = value;
  }
}

export type AmqpMap = Map<AmqpValue, AmqpValue>;

/**
 * A decoded value. Symbols become strings, timestamps milliseconds, uuids and decimals their bytes;
 * 64-bit integers beyond 2^53 become bigints.
 */
export type AmqpValue = null | boolean | number | bigint | string | Buffer | AmqpValue[] | AmqpMap | Described;

/** Deeper than any performative or message of a real client; keeps hostile nesting off the stack. */
const MAX_DEPTH = 32;
/** Elements of an array whose elements take no bytes cannot be bounded by the bytes there are. */
const MAX_EMPTY_ELEMENTS = 1024;

/** Reads AMQP values from bytes. Every length is held against the bytes at hand before anything is allocated. */
export class Reader {
  readonly buffer: Buffer;
  position: number;
  readonly end: number;

  constructor(buffer: Buffer, start = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves on by `length` bytes and answers where they start. */
  take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw decodeError(`${length} bytes announced, ${this.end - start} there`);
    this.position = start + length;
    return start;
  }

  uint8(): number {
    return this.buffer[this.take(1)]!;
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  /** The next value. */
  value(depth = 0): AmqpValue {
    const code = this.uint8();
    if (code !== Code.described) return this.#bare(code, depth);
    if (depth >= MAX_DEPTH) throw decodeError(`values nested deeper than ${MAX_DEPTH}`);
    const descriptor = this.value(depth + 1);
    return new Described(descriptor, this.value(depth + 1));
  }

  /** The descriptor of the next value, which must have one. Its value is left to read. */
  descriptor(): AmqpValue {
    if (this.uint8() !== Code.described) throw decodeError('a described value was expected');
    return this.value(MAX_DEPTH - 1);
  }

  /** Passes over the next value and checks it to its last byte without keeping any of it. */
  skip(depth = 0): void {
    const code = this.uint8();
    if (code !== Code.described) {
      this.#skipBare(code, depth);
      return;
    }
    if (depth >= MAX_DEPTH) throw decodeError(`values nested deeper than ${MAX_DEPTH}`);
    this.skip(depth + 1);
    this.skip(depth + 1);
  }

  /** Enters the next value, a list or a map, and answers how many values it holds and where it ends. */
  enter(kind: 'list' | 'map'): { count: number; end: number } {
    const code = this.uint8();
    if (kind === 'list' && code === Code.list0) return { count: 0, end: this.position };
    const [small, large] = kind === 'list' ? [Code.list8, Code.list32] : [Code.map8, Code.map32];
    if (code !== small && code !== large) throw decodeError(`a ${kind} was expected, not code 0x${code.toString(16)}`);
    const inner = this.#compound(code === small ? 1 : 4);
    if (kind === 'map' && inner.count % 2 !== 0) throw decodeError('a map with a key but no value');
    return inner;
  }

  #compound(width: 1 | 4): { count: number; end: number } {
    const size = width === 1 ? this.uint8() : this.uint32();
    if (size > this.remaining) throw decodeError(`${size} bytes announced, ${this.remaining} there`);
    const end = this.position + size;
    if (size < width) throw decodeError('a compound without its count');
    const count = width === 1 ? this.uint8() : this.uint32();
    if (count > end - this.position) throw decodeError(`${count} values announced in ${end - this.position} bytes`);
    return { count, end };
  }

  #array(width: 1 | 4): { count: number; end: number; code: number } {
    const size = width === 1 ? this.uint8() : this.uint32();
    if (size > this.remaining || size < width + 1) throw decodeError(`an array of ${size} bytes`);
    const end = this.position + size;
    const count = width === 1 ? this.uint8() : this.uint32();
    let code = this.uint8();
    if (code === Code.described) {
      this.skip(MAX_DEPTH - 1);
      code = this.uint8();
    }
    const room = LAYOUTS[code]?.width === 0 ? MAX_EMPTY_ELEMENTS : end - this.position;
    if (count > room) throw decodeError(`an array of ${count} elements in ${end - this.position} bytes`);
    return { count, end, code };
  }

  #bare(code: number, depth: number): AmqpValue {
    const layout = LAYOUTS[code];
    if (layout === undefined) throw decodeError(`unknown type 0x${code.toString(16)}`);
    if (layout.kind === 'fixed') return fixed(this.buffer, code, this.take(layout.width));
    if (layout.kind === 'variable') return this.#variable(code, layout.width);
    if (depth >= MAX_DEPTH) throw decodeError(`values nested deeper than ${MAX_DEPTH}`);
    if (layout.kind === 'array') return this.#elements(layout.width, depth);
    const { count, end } = this.#compound(layout.width);
    const values: AmqpValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    this.#mustEndAt(end);
    return code === Code.map8 || code === Code.map32 ? toMap(values) : values;
  }

  #elements(width: 1 | 4, depth: number): AmqpValue[] {
    const { count, end, code } = this.#array(width);
    const values: AmqpValue[] = [];
    for (let i = 0; i < count; i++) values.push(this.#bare(code, depth + 1));
    this.#mustEndAt(end);
    return values;
  }

  #variable(code: number, width: 1 | 4): string | Buffer {
    const length = width === 1 ? this.uint8() : this.uint32();
    const start = this.take(length);
    if (code === Code.binary8 || code === Code.binary32) return this.buffer.subarray(start, start + length);
    return this.buffer.toString(
      code === Code.string8 || code === Code.string32 ? 'utf8' : 'latin1',
      start,
      start + length,
    );
  }

  #skipBare(code: number, depth: number): void {
    const layout = LAYOUTS[code];
    if (layout === undefined) throw decodeError(`unknown type 0x${code.toString(16)}`);
    if (layout.kind === 'fixed') {
      this.take(layout.width);
    } else if (layout.kind === 'variable') {
      this.take(layout.width === 1 ? this.uint8() : this.uint32());
    } else {
      this.#skipMany(code, layout.kind, layout.width, depth);
    }
  }

  #skipMany(code: number, kind: 'compound' | 'array', width: 1 | 4, depth: number): void {
    if (depth >= MAX_DEPTH) throw decodeError(`values nested deeper than ${MAX_DEPTH}`);
    if (kind === 'array') {
      const array = this.#array(width);
      for (let i = 0; i < array.count; i++) this.#skipBare(array.code, depth + 1);
      this.#mustEndAt(array.end);
      return;
    }
    const { count, end } = this.#compound(width);
    if ((code === Code.map8 || code === Code.map32) && count % 2 !== 0)
      throw decodeError('a map with a key but no value');
    for (let i = 0; i < count; i++) this.skip(depth + 1);
    this.#mustEndAt(end);
  }

  #mustEndAt(end: number): void {
    if (this.position !== end)
      throw decodeError(`a compound of ${end - this.position} bytes more or less than announced`);
  }
}

function toMap(values: AmqpValue[]): AmqpMap {
  if (values.length % 2 !== 0) throw decodeError('a map with a key but no value');
  const map: AmqpMap = new Map();
  for (let i = 0; i < values.length; i += 2) map.set(values[i]!, values[i + 1]!);
  return map;
}

const safe = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

type FixedReader = (buffer: Buffer, at: number) => AmqpValue;

const FIXED: Partial<Record<number, FixedReader>> = {
  [Code.null]: () => null,
  [Code.true]: () => true,
  [Code.false]: () => false,
  [Code.boolean]: (buffer, at) => buffer[at] !== 0,
  [Code.uint0]: () => 0,
  [Code.ulong0]: () => 0,
  [Code.list0]: () => [],
  [Code.ubyte]: (buffer, at) => buffer[at]!,
  [Code.smallUint]: (buffer, at) => buffer[at]!,
  [Code.smallUlong]: (buffer, at) => buffer[at]!,
  [Code.byte]: (buffer, at) => buffer.readInt8(at),
  [Code.smallInt]: (buffer, at) => buffer.readInt8(at),
  [Code.smallLong]: (buffer, at) => buffer.readInt8(at),
  [Code.ushort]: (buffer, at) => buffer.readUInt16BE(at),
  [Code.short]: (buffer, at) => buffer.readInt16BE(at),
  [Code.uint]: (buffer, at) => buffer.readUInt32BE(at),
  [Code.char]: (buffer, at) => buffer.readUInt32BE(at),
  [Code.int]: (buffer, at) => buffer.readInt32BE(at),
  [Code.float]: (buffer, at) => buffer.readFloatBE(at),
  [Code.double]: (buffer, at) => buffer.readDoubleBE(at),
  [Code.ulong]: (buffer, at) => safe(buffer.readBigUInt64BE(at)),
  [Code.long]: (buffer, at) => safe(buffer.readBigInt64BE(at)),
  [Code.timestamp]: (buffer, at) => safe(buffer.readBigInt64BE(at)),
  [Code.decimal32]: (buffer, at) => buffer.subarray(at, at + 4),
  [Code.decimal64]: (buffer, at) => buffer.subarray(at, at + 8),
  [Code.decimal128]: (buffer, at) => buffer.subarray(at, at + 16),
  [Code.uuid]: (buffer, at) => buffer.subarray(at, at + 16),
};

const fixed = (buffer: Buffer, code: number, at: number): AmqpValue => FIXED[code]!(buffer, at);
