import { AmqpError, Condition } from '../amqp/errors.ts';
import type { EventBatch } from '../amqp/event-batch.ts';
import { DiskFullError } from '../storage/errors.ts';
import type { PartitionLog } from '../storage/partition-log.ts';
import type { Producers } from './producers.ts';
import { RateMeter } from './rate-meter.ts';
import { type Reader, Readers } from './readers.ts';

/** What a partition tells of its work. */
export interface PartitionObserver {
  /** @param seconds from the arrival of the events until they were durable */
  appended(events: number, seconds: number): void;
  /** An append that failed. */
  failed(error: Error): void;
}

/** One partition of a hub: its log and who reads it. */
export class Partition {
  readonly id: string;
  readonly log: PartitionLog;
  readonly producers: Producers;
  /** Events stored. */
  readonly received = new RateMeter();
  /** Events handed to readers, each counted for every one of them. */
  readonly delivered = new RateMeter();
  readonly #observer: PartitionObserver;
  readonly #readers = new Map<string, Readers>();
  #damage: Error | null = null;

  constructor(id: string, log: PartitionLog, producers: Producers, observer: PartitionObserver) {
    this.id = id;
    this.log = log;
    this.producers = producers;
    this.#observer = observer;
  }

  /** The readers of one consumer group. @param group lower case */
  readersOf(group: string): Readers {
    let readers = this.#readers.get(group);
    if (readers === undefined) {
      readers = new Readers();
      this.#readers.set(group, readers);
    }
    return readers;
  }

  /** Everybody who reads this partition, with the consumer group, lower case. */
  get readers(): Array<{ group: string; reader: Reader }> {
    return [...this.#readers].flatMap(([group, readers]) => [...readers].map((reader) => ({ group, reader })));
  }

  /** Why the partition does not do its work, or a part of it; null while all is well. */
  get trouble(): Error | null {
    return this.log.failed ?? this.#damage;
  }

  /** Notes that stored events could not be read; what can be read still is. */
  reportDamage(error: Error): AmqpError {
    this.#damage = error;
    return new AmqpError(Condition.internalError, 'Stored events of this partition are damaged and cannot be read.');
  }

  /** Stores a batch; `done` gets null once it is durable, else what to tell the producer. */
  append(batch: EventBatch, done: (error: AmqpError | null) => void): void {
    const start = performance.now();
    this.log.append(batch.events, (error) => {
      if (error === null) this.#stored(batch.events.length, (performance.now() - start) / 1000);
      else this.#observer.failed(error);
      done(error === null ? null : refusal(error));
    });
  }

  #stored(events: number, seconds: number): void {
    this.received.add(events);
    this.#observer.appended(events, seconds);
  }

  /** Waits for what was appended, then closes the files. */
  async close(): Promise<void> {
    await this.log.idle();
    await this.producers.close();
    await this.log.close();
  }
}

const refusal = (error: Error): AmqpError =>
  error instanceof DiskFullError
    ? new AmqpError(
        Condition.serverBusy,
        'The server is busy: the disk of the hub is full. Please retry the operation later.',
      )
    : new AmqpError(Condition.internalError, 'The events could not be stored.');
