import { CLOUD_EVENT_CONTENT_TYPE } from '../domain/cloud-event.ts';
import { type BatchClient, HubConnection } from './hub-connection.ts';
import { partitionOf } from './partition-key.ts';
import { PartitionLane } from './partition-lane.ts';
import { BusyError, SendFailedError } from './send-errors.ts';

/** One event on its way out: `body` is the CloudEvent as UTF-8 JSON, `properties` travel beside it. */
export interface OutgoingEvent {
  partitionKey: string;
  body: Buffer;
  properties?: Record<string, string>;
}

/** Where apps hand their events in. The promise resolves when the hub has the event on its disk, never before. */
export interface EventSender {
  send(event: OutgoingEvent): Promise<void>;
}

/** What became of one batch: for metrics. */
export interface BatchOutcome {
  events: number;
  /** From the first event's arrival to the acknowledgement or the failure. */
  ms: number;
  error?: Error;
}

export interface SenderOptions {
  /** How long the first event waits for company; then every partition sends, so that one write carries all batches. */
  lingerMs: number;
  /** From an event's arrival to its failure. */
  deadlineMs: number;
  maxBatchEvents: number;
  /** Below the 1 MiB that Event Hubs takes, with room for the encoding. */
  maxBatchBytes: number;
  /** Events not yet acknowledged, over all partitions; more are refused. */
  maxPending: number;
  onBatch: (outcome: BatchOutcome) => void;
  /** The connection broke and is opened anew, for the log. */
  onLost: (cause: Error) => void;
}

const DEFAULTS: SenderOptions = {
  lingerMs: 5,
  deadlineMs: 2_000,
  maxBatchEvents: 200,
  maxBatchBytes: 900_000,
  maxPending: 5_000,
  onBatch: () => {},
  onLost: () => {},
};

/**
 * Gathers events by partition for a few milliseconds and sends each gathering as one batch: the SDK's own buffered
 * client costs four times the CPU for every event. The partition is computed from the key as the service does it.
 * A partition that is stuck never holds up another; a hub that was killed is found again by itself.
 */
export class BatchingSender implements EventSender {
  readonly #hub: HubConnection;
  readonly #options: SenderOptions;
  #lanes: PartitionLane[] = [];
  #flush: NodeJS.Timeout | undefined;
  #pending = 0;

  /** @param open opens a client of the hub that events go to; called again when its connection broke */
  constructor(open: () => Promise<BatchClient>, options: Partial<SenderOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#hub = new HubConnection(open, {
      connected: (partitions) => this.#connected(partitions),
      lost: this.#options.onLost,
    });
  }

  /** Events handed in and not yet settled. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * @throws {BusyError} at once when too many events wait already
   * @throws {SendFailedError} when the hub has not acknowledged within the deadline, refuses the event, or was never reached
   */
  async send(event: OutgoingEvent): Promise<void> {
    if (this.#pending >= this.#options.maxPending) {
      throw new BusyError(`${this.#pending} events wait for the hub's acknowledgement`);
    }
    if (event.body.length > this.#options.maxBatchBytes) {
      throw new SendFailedError(`an event of ${event.body.length} bytes is larger than a batch may be`);
    }
    const lane = this.#lanes[partitionOf(event.partitionKey, this.#lanes.length)];
    if (!lane) throw new SendFailedError('the hub has not been reached yet');
    this.#pending += 1;
    this.#flush ??= setTimeout(() => this.#sendGathered(), this.#options.lingerMs);
    try {
      await lane.add(
        { body: event.body, contentType: CLOUD_EVENT_CONTENT_TYPE, properties: event.properties ?? {} },
        event.body.length,
      );
    } finally {
      this.#pending -= 1;
    }
  }

  /** Resolves when the hub has been reached once and its partitions are known; until then every send fails. */
  async ready(): Promise<void> {
    await this.#hub.connected();
  }

  /** Asks the hub something: rejects with the reason when it does not answer within `timeoutMs`. */
  check(timeoutMs: number): Promise<void> {
    return this.#hub.check(timeoutMs);
  }

  /** Sends what was gathered, waits until everything is settled, closes the client. */
  async close(): Promise<void> {
    this.#sendGathered();
    await Promise.all(this.#lanes.map((lane) => lane.drain()));
    await this.#hub.close();
  }

  #sendGathered(): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    for (const lane of this.#lanes) lane.flush();
  }

  /** A hub that was made anew may have another number of partitions; batches under way keep theirs to their end. */
  #connected(partitions: number): void {
    for (const lane of this.#lanes) lane.resume();
    if (partitions === this.#lanes.length) return;
    this.#sendGathered();
    this.#lanes = Array.from(
      { length: partitions },
      (_none, partition) => new PartitionLane(this.#hub, String(partition), this.#options),
    );
  }
}
