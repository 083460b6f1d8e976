import { join } from 'node:path';
import { DiskFailedError } from '../storage/errors.ts';
import { type Disk, Flusher, type ObserveSync } from '../storage/flusher.ts';
import { Gate } from '../storage/gate.ts';
import { type LogOptions, PartitionLog } from '../storage/partition-log.ts';
import { Hub } from './hub.ts';
import type { HubConfig, WantedHub } from './hub-config.ts';
import { Partition, type PartitionObserver } from './partition.ts';
import { ProducerStore } from './producer-store.ts';
import { Producers } from './producers.ts';
import { hubFolder, putStored, removeGroup, removeStored, type StoredHub, storeHubs } from './stored-hubs.ts';

export interface BrokerOptions {
  dataDir: string;
  hubs: readonly WantedHub[];
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
  readonly #options: BrokerOptions;
  readonly #observer: BrokerObserver;
  readonly #flusher: Flusher;
  readonly #byName = new Map<string, Hub>();

  constructor(options: BrokerOptions, observer: BrokerObserver) {
    this.#options = options;
    this.#observer = observer;
    this.#flusher = new Flusher(new Gate(PARALLEL_SYNCS), observer.synced, options.disk);
    const stored = storeHubs(options.dataDir, options.hubs);
    const partitions = stored.reduce((sum, hub) => sum + hub.partitions, 0);
    for (const hub of stored) this.#open(hub, partitions);
  }

  get hubs(): readonly Hub[] {
    return [...this.#byName.values()];
  }

  /** @param partitions of all hubs together, which share the memory for the newest events */
  #open(stored: StoredHub, partitions: number): Hub {
    const { dataDir, segmentBytes, tailBytes } = this.#options;
    const share = Math.max(MIN_TAIL_BYTES, Math.floor(tailBytes / Math.max(1, partitions)));
    const hub = openHub(dataDir, stored, { segmentBytes, tailBytes: share }, this.#flusher, this.#observer);
    this.#byName.set(stored.name.toLowerCase(), hub);
    return hub;
  }

  /** Makes a hub, or changes the one of that name. @throws {HubConfigError} for another number of partitions */
  put(config: HubConfig): Hub {
    const known = this.hub(config.name);
    const stored = putStored(this.#options.dataDir, config);
    if (known === undefined) {
      const others = this.#logs().length;
      return this.#open(stored, others + stored.partitions);
    }
    known.setGroups(stored.consumerGroups);
    return known;
  }

  removeGroup(hub: Hub, group: string): void {
    hub.setGroups(removeGroup(this.#options.dataDir, hub.name, group).consumerGroups);
  }

  /** Removes a hub and its events. Its links have to be ended by whoever calls this; nobody finds it from now on. */
  async remove(hub: Hub): Promise<void> {
    this.#byName.delete(hub.name.toLowerCase());
    await Promise.all(hub.partitions.map((partition) => partition.close()));
    removeStored(this.#options.dataDir, hub.name);
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
  const hub = new Hub(stored.name, new Date(stored.createdAt), partitions, stored.consumerGroups);
  hub.settings = stored;
  return hub;
}
