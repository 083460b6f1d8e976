import type { Hub } from './broker/hub.ts';
import type { Partition } from './broker/partition.ts';
import type { RetentionConfig } from './storage/retention.ts';

/** Somebody who reads a partition. */
export interface ReaderStatus {
  /** The consumer group. */
  group: string;
  /** The client's name for itself. */
  name: string;
  /** null when it does not claim the partition for itself. */
  ownerLevel: number | null;
  /** Events that are stored and have not been handed to it. */
  lag: number;
}

export interface PartitionStatus {
  id: string;
  /** -1 while a partition never had an event. */
  firstSequence: number;
  lastSequence: number;
  /** ISO 8601, UTC; null while there is no event. */
  lastEnqueuedAt: string | null;
  /** Events a second over the last ten seconds. */
  inPerSecond: number;
  outPerSecond: number;
  readers: number;
  links: ReaderStatus[];
}

/** One hub as GET /hubs tells of it. */
export interface HubStatus {
  name: string;
  /** ISO 8601, UTC; the hub's identity. */
  createdAt: string;
  consumerGroups: string[];
  /** How long events are kept; empty for ever. */
  retention: RetentionConfig;
  partitions: PartitionStatus[];
}

const partitionStatus = ({ id, log, readers, received, delivered }: Partition): PartitionStatus => ({
  id,
  firstSequence: log.lastSequence === -1 ? -1 : log.firstSequence,
  lastSequence: log.lastSequence,
  lastEnqueuedAt: log.lastSequence === -1 ? null : new Date(log.lastEnqueuedMs).toISOString(),
  inPerSecond: received.perSecond(),
  outPerSecond: delivered.perSecond(),
  readers: readers.length,
  links: readers.map(({ group, reader }) => ({
    group,
    name: reader.name,
    ownerLevel: reader.epoch === null ? null : Number(reader.epoch),
    lag: log.nextSequence - reader.next,
  })),
});

export const hubStatus = (hub: Hub): HubStatus => ({
  name: hub.name,
  createdAt: hub.createdAt.toISOString(),
  consumerGroups: hub.consumerGroups,
  retention: hub.settings.retention ?? {},
  partitions: hub.partitions.map(partitionStatus),
});
