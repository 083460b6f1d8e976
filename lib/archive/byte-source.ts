import { ArchiveFileError } from './archive-error.ts';

/** Bytes of a file, in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A long takes at most ten bytes of seven bits each. */
const MAX_LONG_BYTES = 10;

/** Takes exactly as many bytes of a stream as are asked for, and keeps no more than a piece beyond them. */
export class ByteSource {
  /** Bytes taken so far. */
  position = 0;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: Chunks) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  /** Whether nothing is left. */
  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#pull())) return true;
    return false;
  }

  /** @throws {ArchiveFileError} when the file ends before */
  async take(length: number, what: string): Promise<Buffer> {
    const parts = [this.#rest];
    for (let held = this.#rest.length; held < length; held += this.#rest.length) {
      if (!(await this.#pull())) throw this.#truncated(what, length, held);
      parts.push(this.#rest);
    }
    const bytes = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = bytes.subarray(length);
    this.position += length;
    return bytes.subarray(0, length);
  }

  /** A long in Avro's form: zigzag, seven bits a byte, the lowest first. */
  async takeLong(what: string): Promise<number> {
    let value = 0n;
    for (let index = 0; index < MAX_LONG_BYTES; index++) {
      const [byte] = await this.take(1, what);
      value |= BigInt(byte! & 0x7f) << BigInt(7 * index);
      if (byte! < 0x80) return Number((value >> 1n) ^ -(value & 1n));
    }
    throw new ArchiveFileError(`${what} at byte ${this.position} is no number`);
  }

  /** Lets go of the file before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #pull(): Promise<boolean> {
    const { done, value } = await this.#chunks.next();
    if (done) return false;
    this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return true;
  }

  #truncated(what: string, wanted: number, held: number): ArchiveFileError {
    return new ArchiveFileError(
      `the file is cut off in ${what}: ${wanted} bytes are due at byte ${this.position}, ${held} are left`,
    );
  }
}
