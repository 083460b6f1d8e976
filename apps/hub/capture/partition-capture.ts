import { setImmediate as nextTurn } from 'node:timers/promises';
import { backOff } from '../../../lib/runtime/backoff.ts';
import { DamagedLogError } from '../storage/errors.ts';
import { LogReader } from '../storage/log-reader.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import { lastSequence, RECORD_HEADER_BYTES, type RecordBatch } from '../storage/record-batch.ts';
import type { ArchiveContainer, ArchiveFile } from './archive-container.ts';
import { CaptureFile } from './capture-file.ts';
import { fileTimeAfter, floorToSecond, type WindowLimits, windowAfterTime } from './capture-window.ts';
import { readContent } from './captured-event.ts';
import { type CapturePlace, newPlace, readPlace, writePlace } from './place.ts';

/** What Capture tells of one partition. */
export interface CaptureObserver {
  written(file: string, events: number, bytes: number): void;
  /** So many events were gone before they could be captured. */
  missed(events: number): void;
  /** It is tried again. @param attempt 0 for the first failure in a row */
  failed(error: Error, attempt: number): void;
  /** After failures. */
  resumed(): void;
  /** Stored events cannot be read: this partition is not captured any more. */
  damaged(error: Error): void;
}

export interface PartitionCaptureOptions {
  log: PartitionLog;
  container: ArchiveContainer;
  limits: WindowLimits;
  skipEmpty: boolean;
  /** The file of a window, by the time it is named for. */
  nameOf(time: Date): string;
  observer: CaptureObserver;
}

/** Events read before others get their turn. */
const TURN_EVENTS = 256;
/** What is kept in memory of a file before it is sent. */
const PART_BYTES = 1024 * 1024;
/** After a first new event others are waited for, so that a trickle does not wake Capture for each. */
const GATHER_MS = 250;
/** The clock is looked at again after so long: it may have been set. */
const MAX_WAIT_MS = 60_000;

/**
 * Writes one partition to the archive, window after window, as a slow reader of its log. A window holds what was
 * enqueued before its end, as far as the size allows; its file has the name of its beginning. The place is noted after the
 * file is complete, and what follows from a place is always the same: after a crash in between, the same file is written
 * once more over itself.
 */
export class PartitionCapture {
  readonly #options: PartitionCaptureOptions;
  #place: CapturePlace;

  private constructor(options: PartitionCaptureOptions, place: CapturePlace) {
    this.#options = options;
    this.#place = place;
    options.log.heldFrom = place.next;
  }

  /** Goes on from the noted place; the first time, from the next event on. Retention spares what is not captured. */
  static async open(options: PartitionCaptureOptions): Promise<PartitionCapture> {
    const { log } = options;
    const known = readPlace(log.folder);
    const place = known ?? newPlace(log.nextSequence, floorToSecond(Date.now()));
    if (known === null) await writePlace(log.folder, place);
    return new PartitionCapture(options, place);
  }

  /** Events that are in no file yet. */
  get waitingEvents(): number {
    return this.#options.log.nextSequence - this.#place.next;
  }

  /** Milliseconds since the open window should have been closed. */
  behindMs(now: number): number {
    return Math.max(0, now - this.#place.windowStart - this.#options.limits.windowMs);
  }

  /** Captures until it is told to stop; what an open window holds by then is captured after the next start. */
  async run(signal: AbortSignal): Promise<void> {
    const { observer } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#captureWindow(signal);
        if (failures > 0) observer.resumed();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof DamagedLogError) return observer.damaged(error);
        observer.failed(error as Error, failures);
        await backOff(failures++, signal);
      }
    }
  }

  async #captureWindow(signal: AbortSignal): Promise<void> {
    const { container, nameOf, observer, log, skipEmpty } = this.#options;
    const name = nameOf(new Date(this.#place.fileTime));
    const file = new CaptureFile(name, this.#place.salt);
    const target = container.open(name, signal);
    const place = await this.#fill(file, target, signal);
    if (file.events > 0 || !skipEmpty) {
      await target.close(file.end());
      observer.written(name, file.events, file.bytes);
    }
    // A window without events needs no note: it leads to the same windows after it, whenever that is.
    if (file.events > 0) await writePlace(log.folder, place);
    this.#place = place;
    log.heldFrom = place.next;
  }

  /** Reads the window's events into the file and sends what is complete of it. Answers the place behind the window. */
  async #fill(file: CaptureFile, target: ArchiveFile, signal: AbortSignal): Promise<CapturePlace> {
    const { log, limits, observer } = this.#options;
    const { next, windowStart: start, fileTime } = this.#place;
    const end = start + limits.windowMs;
    const reader = new LogReader(log, next);
    if (reader.next > next) observer.missed(reader.next - next);
    const closed = (windowStart: number): CapturePlace => ({
      ...this.#place,
      next: reader.next,
      windowStart,
      fileTime: fileTimeAfter(fileTime, windowStart),
    });
    for (; ; signal.throwIfAborted()) {
      const batch = reader.batch();
      if (batch === null) {
        const now = Date.now();
        if (!reader.atEnd) await reader.load();
        else if (now >= end) return closed(windowAfterTime(start, limits, now));
        else await newEvents(log, end - now, signal);
        continue;
      }
      if (batch.enqueuedMs >= end) return closed(windowAfterTime(start, limits, batch.enqueuedMs));
      reader.advance(appendEvents(file, batch, reader.next, limits.sizeBytes));
      if (file.bytes >= limits.sizeBytes) return closed(floorToSecond(batch.enqueuedMs));
      const part = file.take(PART_BYTES);
      await (part === null ? nextTurn() : target.write(part));
    }
  }
}

/** Adds a turn's worth of events from `sequence` on and answers how many it were. */
function appendEvents(file: CaptureFile, batch: RecordBatch, sequence: number, sizeBytes: number): number {
  const last = Math.min(lastSequence(batch), sequence + TURN_EVENTS - 1);
  let next = sequence;
  while (next <= last && file.bytes < sizeBytes) {
    const record = batch.starts[next - batch.firstSequence]!;
    const start = record + RECORD_HEADER_BYTES;
    const content = readContent(batch.buffer, start, start + batch.buffer.readUInt32BE(record));
    file.append(next++, batch.baseOffset + record, batch.enqueuedMs, content);
  }
  return next - sequence;
}

/** Resolves when there are new events, at the latest after `ms` or when the signal says stop. */
function newEvents(log: PartitionLog, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const finish = () => {
    clearTimeout(timer);
    stop();
    signal.removeEventListener('abort', finish);
    resolve();
  };
  let timer = setTimeout(finish, Math.min(ms, MAX_WAIT_MS));
  const stop = log.onAppend(() => {
    stop();
    clearTimeout(timer);
    timer = setTimeout(finish, Math.min(ms, GATHER_MS));
  });
  signal.addEventListener('abort', finish, { once: true });
  return promise;
}
