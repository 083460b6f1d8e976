import { fdatasync, ftruncateSync, write } from 'node:fs';
import { DiskFailedError, DiskFullError } from './errors.ts';
import type { Gate } from './gate.ts';
import type { Segment } from './segment.ts';

/** The calls a flusher makes, so that a failing disk can be put in their place. */
export interface Disk {
  write(fd: number, bytes: Buffer, from: number, length: number, position: number, done: WriteDone): void;
  fdatasync(fd: number, done: (error: NodeJS.ErrnoException | null) => void): void;
  ftruncateSync(fd: number, length: number): void;
}
type WriteDone = (error: NodeJS.ErrnoException | null, written: number) => void;

export const fileSystem: Disk = { write, fdatasync, ftruncateSync };

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Measures each fdatasync, in seconds. */
export type ObserveSync = (seconds: number) => void;

/** Appends bytes to segments so that they survive a power cut, a bounded number of segments at once. */
export class Flusher {
  readonly #gate: Gate;
  readonly #observeSync: ObserveSync;
  readonly #disk: Disk;

  constructor(gate: Gate, observeSync: ObserveSync, disk: Disk) {
    this.#gate = gate;
    this.#observeSync = observeSync;
    this.#disk = disk;
  }

  /** Writes at the segment's end and syncs. `done` gets null once the bytes are durable; only then the size grows. */
  append(segment: Segment, bytes: Buffer, done: (error: DiskFullError | DiskFailedError | null) => void): void {
    this.#gate.enter(() => {
      this.#writeAll(segment, bytes, 0, (error) => {
        this.#gate.leave();
        if (error === null) segment.size += bytes.length;
        done(error === null ? null : this.#failure(segment, error));
      });
    });
  }

  #writeAll(segment: Segment, bytes: Buffer, from: number, done: (error: Error | null) => void): void {
    this.#disk.write(segment.fd, bytes, from, bytes.length - from, segment.size + from, (error, written) => {
      if (error !== null) return done(error);
      if (from + written < bytes.length) return this.#writeAll(segment, bytes, from + written, done);
      this.#sync(segment, done);
    });
  }

  #sync(segment: Segment, done: (error: Error | null) => void): void {
    const start = performance.now();
    this.#disk.fdatasync(segment.fd, (error) => {
      this.#observeSync((performance.now() - start) / 1000);
      // After a failed sync the kernel may have dropped the pages: trying again would report a success that is none.
      done(error === null ? null : new DiskFailedError(`${segment.path}: ${error.message}`));
    });
  }

  #failure(segment: Segment, error: Error): DiskFullError | DiskFailedError {
    if (error instanceof DiskFailedError) return error;
    if (!NO_ROOM.has((error as NodeJS.ErrnoException).code ?? ''))
      return new DiskFailedError(`${segment.path}: ${error.message}`);
    try {
      this.#disk.ftruncateSync(segment.fd, segment.size);
    } catch (truncation) {
      return new DiskFailedError(`${segment.path}: ${String(truncation)}`);
    }
    return new DiskFullError(`no space left for ${segment.path}`);
  }
}
