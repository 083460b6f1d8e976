import { join } from 'node:path';
import { DiskFailedError } from '../storage/errors.ts';
import { type Disk, Flusher, type ObserveSync } from '../storage/flusher.ts';
import { Gate } from '../storage/gate.ts';
import { type LogOptions, PartitionLog } from '../storage/partition-log.ts';
import { Hub } from './hub.ts';
import { type HubConfig, hubFolder, type StoredHub, storeHubs } from './hub-config.ts';
import { Partition, type PartitionObserver } from './partition.ts';
import { ProducerStore } from './producer-store.ts';
import { Producers } from './producers.ts';

export interface BrokerOptions {
  dataDir: string;
  hubs: readonly HubConfig[];
  segmentBytes: number;
  /** Newest events kept in memory, over all partitions. */
  tailBytes: number;
  disk: Disk;
}

/** What the broker tells of its work. */
export interface BrokerObserver {
  appended(hub: string, events: number, seconds: number): void;
  synced: ObserveSync;
  /** A tail that was cut off at the start: an unfinished, never acknowledged write. */
  cut(hub: string, partition: string, bytes: number): void;
  /** The disk failed: nothing is acknowledged any more, the process has to end. */
  diskFailed(error: DiskFailedError): void;
}

/** Partitions that write and sync at once. One of libuv's four threads stays free for readers. */
const PARALLEL_SYNCS = 3;
const MIN_TAIL_BYTES = 1024 * 1024;

/** All hubs of a data folder. */
export class Broker {
  readonly hubs: readonly Hub[];
  readonly #byName: ReadonlyMap<string, Hub>;

  constructor(options: BrokerOptions, observer: BrokerObserver) {
    const stored = storeHubs(options.dataDir, options.hubs);
    const partitions = stored.reduce((sum, hub) => sum + hub.partitions, 0);
    const tailBytes = Math.max(MIN_TAIL_BYTES, Math.floor(options.tailBytes / Math.max(1, partitions)));
    const flusher = new Flusher(new Gate(PARALLEL_SYNCS), observer.synced, options.disk);
    const open = (hub: StoredHub) =>
      openHub(options.dataDir, hub, { segmentBytes: options.segmentBytes, tailBytes }, flusher, observer);
    this.hubs = stored.map(open);
    this.#byName = new Map(this.hubs.map((hub) => [hub.name.toLowerCase(), hub]));
  }

  hub(name: string): Hub | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** Resolves once everything that was accepted is durable or refused. */
  async idle(): Promise<void> {
    await Promise.all(this.#logs().map((log) => log.idle()));
  }

  #logs(): PartitionLog[] {
    return this.hubs.flatMap((hub) => hub.partitions.map((partition) => partition.log));
  }

  /** Waits until everything that was accepted is durable, then closes the files. */
  async close(): Promise<void> {
    await Promise.all(this.hubs.flatMap((hub) => hub.partitions.map((partition) => partition.close())));
  }
}

function openHub(dataDir: string, stored: StoredHub, log: LogOptions, flusher: Flusher, observer: BrokerObserver): Hub {
  const events: PartitionObserver = {
    appended: (count, seconds) => observer.appended(stored.name, count, seconds),
    failed: (error) => {
      if (error instanceof DiskFailedError) observer.diskFailed(error);
    },
  };
  const partitions = Array.from({ length: stored.partitions }, (_, number) => {
    const id = String(number);
    const folder = join(hubFolder(dataDir, stored.name), id);
    const opened = new PartitionLog(folder, log, flusher);
    if (opened.cutBytes > 0) observer.cut(stored.name, id, opened.cutBytes);
    return new Partition(id, opened, new Producers(new ProducerStore(folder, opened)), events);
  });
  return new Hub(stored.name, new Date(stored.createdAt), partitions, stored.consumerGroups);
}
