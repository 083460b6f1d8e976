import { partitionOf } from '../../../lib/streaming/partition-key.ts';
import type { EventBatch } from '../amqp/event-batch.ts';
import type { HubSettings } from './hub-config.ts';
import type { Partition } from './partition.ts';

/** One event hub: a name, partitions, consumer groups. */
export class Hub {
  readonly name: string;
  readonly createdAt: Date;
  readonly partitions: readonly Partition[];
  /** How long its events are kept and where they are archived. */
  settings: HubSettings = {};
  #groups: ReadonlyMap<string, string> = new Map();
  #turn = 0;

  constructor(name: string, createdAt: Date, partitions: readonly Partition[], consumerGroups: readonly string[]) {
    this.name = name;
    this.createdAt = createdAt;
    this.partitions = partitions;
    this.setGroups(consumerGroups);
  }

  /** As they were spelled when they were made. */
  get consumerGroups(): string[] {
    return [...this.#groups.values()];
  }

  setGroups(consumerGroups: readonly string[]): void {
    this.#groups = new Map(consumerGroups.map((group) => [group.toLowerCase(), group]));
  }

  /** @param group lower case */
  hasGroup(group: string): boolean {
    return this.#groups.has(group);
  }

  /** undefined when there is no such partition. */
  partition(id: string): Partition | undefined {
    return /^\d{1,4}$/.test(id) ? this.partitions[Number(id)] : undefined;
  }

  /** Where a batch goes that names no partition: by its key, else to each partition in turn. */
  choose(batch: EventBatch): Partition {
    if (batch.partitionKey !== null) return this.partitions[partitionOf(batch.partitionKey, this.partitions.length)]!;
    this.#turn = (this.#turn + 1) % this.partitions.length;
    return this.partitions[this.#turn]!;
  }
}
