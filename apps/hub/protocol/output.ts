import type { Socket } from 'node:net';

const MIN_CHUNK_BYTES = 2 * 1024;
const MAX_CHUNK_BYTES = 128 * 1024;
/** More than this waiting for a slow peer, and its links stop reading from the log. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Gathers what a connection writes in one turn of the event loop into few large writes. */
export class Output {
  readonly #socket: Socket;
  readonly #beforeFlush: () => void;
  #chunk: Buffer = Buffer.alloc(0);
  #used = 0;
  #full: Buffer[] = [];
  #gathered = 0;
  #lastFlushBytes = 0;
  #scheduled = false;

  /** @param beforeFlush adds what was held back for this turn, such as dispositions */
  constructor(socket: Socket, beforeFlush: () => void) {
    this.#socket = socket;
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
    if (this.#used > 0) this.#full.push(this.#chunk.subarray(0, this.#used));
    const usual = Math.min(MAX_CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, this.#lastFlushBytes, this.#gathered));
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(length, usual));
    this.#used = 0;
  }

  flush(): void {
    this.#scheduled = true;
    this.#beforeFlush();
    this.#scheduled = false;
    this.#lastFlushBytes = this.#gathered;
    if (this.#gathered === 0 || this.#socket.destroyed) return;
    this.#full.push(this.#chunk.subarray(0, this.#used));
    this.#socket.cork();
    for (const bytes of this.#full) this.#socket.write(bytes);
    this.#socket.uncork();
    this.#full = [];
    // What is left of the chunk is used on: the socket has its own view of the part it sends.
    this.#chunk = this.#chunk.subarray(this.#used);
    this.#used = 0;
    this.#gathered = 0;
  }
}
