import type { Duplex } from 'node:stream';

const MIN_CHUNK_BYTES = 2 * 1024;
const MAX_CHUNK_BYTES = 128 * 1024;
/** More than this waiting for a slow peer, and its links stop reading from the log. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Chunks kept for reuse by all connections: memory that is new for every write costs page faults and collections. */
const POOLED_CHUNKS = 32;

/** Chunks of the largest size that are free to be written to. */
export class ChunkPool {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(MAX_CHUNK_BYTES);
  }

  give(chunk: Buffer): void {
    if (this.#free.length < POOLED_CHUNKS) this.#free.push(chunk);
  }
}

/** A piece of a chunk that is ready to be sent; after its last piece the chunk may be used again. */
interface Piece {
  bytes: Buffer;
  lastOf: Buffer | null;
}

/** Gathers what a connection writes in one turn of the event loop into few large writes. */
export class Output {
  readonly #socket: Duplex;
  readonly #beforeFlush: () => void;
  readonly #pool: ChunkPool;
  /** What is left of `whole`. */
  #chunk: Buffer = Buffer.alloc(0);
  /** The chunk from the pool, if it is one of those. */
  #whole: Buffer | null = null;
  #used = 0;
  #full: Piece[] = [];
  #gathered = 0;
  #lastFlushBytes = 0;
  #scheduled = false;

  /** @param beforeFlush adds what was held back for this turn, such as dispositions */
  constructor(socket: Duplex, pool: ChunkPool, beforeFlush: () => void) {
    this.#socket = socket;
    this.#pool = pool;
    this.#beforeFlush = beforeFlush;
  }

  /** The peer takes less than it is sent. */
  get congested(): boolean {
    return this.#gathered + this.#socket.writableLength > HIGH_WATER_BYTES;
  }

  /** Makes sure that a flush comes, even if nothing is written. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  write(bytes: Buffer): void {
    const at = this.reserve(bytes.length);
    bytes.copy(this.#chunk, at);
  }

  /** Makes room for `length` bytes in `chunk` and answers where. They have to be filled before the next call. */
  reserve(length: number): number {
    this.schedule();
    if (this.#used + length > this.#chunk.length) this.#newChunk(length);
    const at = this.#used;
    this.#used += length;
    this.#gathered += length;
    return at;
  }

  get chunk(): Buffer {
    return this.#chunk;
  }

  #newChunk(length: number): void {
    if (this.#used > 0) this.#full.push({ bytes: this.#chunk.subarray(0, this.#used), lastOf: this.#whole });
    const usual = Math.max(MIN_CHUNK_BYTES, this.#lastFlushBytes, this.#gathered, length);
    this.#whole = usual >= MAX_CHUNK_BYTES / 2 ? this.#pool.take() : null;
    this.#chunk = this.#whole ?? Buffer.allocUnsafeSlow(usual);
    this.#used = 0;
  }

  flush(): void {
    this.#scheduled = true;
    this.#beforeFlush();
    this.#scheduled = false;
    this.#lastFlushBytes = this.#gathered;
    if (this.#gathered === 0 || this.#socket.destroyed) return;
    this.#full.push({ bytes: this.#chunk.subarray(0, this.#used), lastOf: null });
    this.#socket.cork();
    for (const piece of this.#full) this.#send(piece);
    this.#socket.uncork();
    this.#full = [];
    // What is left of the chunk is used on: the socket has its own view of the part it sends.
    this.#chunk = this.#chunk.subarray(this.#used);
    this.#used = 0;
    this.#gathered = 0;
  }

  #send({ bytes, lastOf }: Piece): void {
    if (lastOf === null) this.#socket.write(bytes);
    else this.#socket.write(bytes, (error) => error ?? this.#pool.give(lastOf));
  }
}
