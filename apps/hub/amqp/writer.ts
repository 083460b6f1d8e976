import { Code } from './codes.ts';

/** Writes one value. */
export type Encode = (writer: Writer) => void;

/** Writes AMQP values into a buffer that grows. */
export class Writer {
  #buffer = Buffer.allocUnsafe(256);
  #length = 0;

  /** What was written. Valid until the next write. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(count: number): number {
    const at = this.#length;
    if (at + count > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, at + count));
      this.#buffer.copy(larger, 0, 0, at);
      this.#buffer = larger;
    }
    this.#length = at + count;
    return at;
  }

  uint8(value: number): void {
    const at = this.#reserve(1);
    this.#buffer[at] = value;
  }

  raw(bytes: Buffer): void {
    const at = this.#reserve(bytes.length);
    bytes.copy(this.#buffer, at);
  }

  null(): void {
    this.uint8(Code.null);
  }

  boolean(value: boolean): void {
    this.uint8(value ? Code.true : Code.false);
  }

  ubyte(value: number): void {
    this.uint8(Code.ubyte);
    this.uint8(value);
  }

  ushort(value: number): void {
    this.uint8(Code.ushort);
    const at = this.#reserve(2);
    this.#buffer.writeUInt16BE(value, at);
  }

  short(value: number): void {
    this.uint8(Code.short);
    const at = this.#reserve(2);
    this.#buffer.writeInt16BE(value, at);
  }

  uint(value: number): void {
    if (value === 0) {
      this.uint8(Code.uint0);
      return;
    }
    if (value <= 255) {
      this.uint8(Code.smallUint);
      this.uint8(value);
      return;
    }
    this.uint8(Code.uint);
    const at = this.#reserve(4);
    this.#buffer.writeUInt32BE(value, at);
  }

  int(value: number): void {
    this.uint8(Code.int);
    const at = this.#reserve(4);
    this.#buffer.writeInt32BE(value, at);
  }

  ulong(value: number | bigint): void {
    if (value >= 0 && value <= 255) {
      this.uint8(Code.smallUlong);
      this.uint8(Number(value));
      return;
    }
    this.uint8(Code.ulong);
    const at = this.#reserve(8);
    this.#buffer.writeBigUInt64BE(BigInt(value), at);
  }

  long(value: number | bigint): void {
    this.#int64(Code.long, value);
  }

  /** @param ms milliseconds since 1970, UTC */
  timestamp(ms: number | bigint): void {
    this.#int64(Code.timestamp, ms);
  }

  #int64(code: number, value: number | bigint): void {
    this.uint8(code);
    const at = this.#reserve(8);
    this.#buffer.writeBigInt64BE(BigInt(value), at);
  }

  string(text: string): void {
    this.#variable(Code.string8, Code.string32, Buffer.from(text, 'utf8'));
  }

  symbol(text: string): void {
    this.#variable(Code.symbol8, Code.symbol32, Buffer.from(text, 'latin1'));
  }

  binary(bytes: Buffer): void {
    this.#variable(Code.binary8, Code.binary32, bytes);
  }

  #variable(small: number, large: number, bytes: Buffer): void {
    if (bytes.length <= 255) {
      this.uint8(small);
      this.uint8(bytes.length);
    } else {
      this.uint8(large);
      const at = this.#reserve(4);
      this.#buffer.writeUInt32BE(bytes.length, at);
    }
    this.raw(bytes);
  }

  list(values: readonly Encode[]): void {
    this.#compound(Code.list32, values);
  }

  /** A map with symbols for keys. */
  symbolMap(entries: Record<string, Encode>): void {
    this.#compound(
      Code.map32,
      keysAndValues(entries, (key) => (writer) => writer.symbol(key)),
    );
  }

  /** A map with strings for keys. */
  stringMap(entries: Record<string, Encode>): void {
    this.#compound(
      Code.map32,
      keysAndValues(entries, (key) => (writer) => writer.string(key)),
    );
  }

  stringArray(values: readonly string[]): void {
    this.#array(
      Code.string32,
      values.map((text) => Buffer.from(text, 'utf8')),
    );
  }

  symbolArray(values: readonly string[]): void {
    this.#array(
      Code.symbol32,
      values.map((text) => Buffer.from(text, 'latin1')),
    );
  }

  described(descriptor: number, value: Encode): void {
    this.uint8(Code.described);
    this.ulong(descriptor);
    value(this);
  }

  #compound(code: number, values: readonly Encode[]): void {
    this.uint8(code);
    const at = this.#reserve(8);
    for (const value of values) value(this);
    this.#buffer.writeUInt32BE(this.#length - at - 4, at);
    this.#buffer.writeUInt32BE(values.length, at + 4);
  }

  #array(code: number, elements: readonly Buffer[]): void {
    this.uint8(Code.array32);
    const at = this.#reserve(9);
    for (const element of elements) {
      const length = this.#reserve(4);
      this.#buffer.writeUInt32BE(element.length, length);
      this.raw(element);
    }
    this.#buffer.writeUInt32BE(this.#length - at - 4, at);
    this.#buffer.writeUInt32BE(elements.length, at + 4);
    this.#buffer[at + 8] = code;
  }
}

const keysAndValues = (entries: Record<string, Encode>, key: (name: string) => Encode): Encode[] =>
  Object.entries(entries).flatMap(([name, value]) => [key(name), value]);

/** The bytes that `encode` writes. */
export function encodeToBuffer(encode: Encode): Buffer {
  const writer = new Writer();
  encode(writer);
  return writer.bytes;
}
