const INITIAL_BYTES = 1024;
/** A number in these bounds fits 32 bits after zigzag. */
const MAX_SMALL = 2 ** 30;

/** Writes Avro's binary form (Avro 1.11 specification, "Binary Encoding") into bytes that grow as needed. */
export class AvroWriter {
  #buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written; the writer is empty after it. */
  take(): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return bytes;
  }

  /** int and long alike: zigzag, seven bits a byte, the lowest first. */
  long(value: number | bigint): void {
    if (typeof value === 'number' && Math.abs(value) < MAX_SMALL) this.#varint((value << 1) ^ (value >> 31));
    else this.#bigVarint(BigInt(value));
  }

  #varint(zigzag: number): void {
    this.#reserve(5);
    let rest = zigzag;
    for (; rest > 0x7f; rest >>>= 7) this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
    this.#buffer[this.#length++] = rest;
  }

  #bigVarint(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
    for (; rest > 0x7fn; rest >>= 7n) this.#buffer[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#buffer[this.#length++] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
  }

  string(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.long(bytes);
    this.#reserve(bytes);
    this.#length += this.#buffer.write(text, this.#length, 'utf8');
  }

  bytes(value: Buffer): void {
    this.long(value.length);
    this.raw(value);
  }

  /** Bytes as they are, without their length. */
  raw(value: Buffer): void {
    this.#reserve(value.length);
    this.#length += value.copy(this.#buffer, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
