import * as sql from '../../lib/database/sql-text.ts';
import type { PartitionKey } from './batch.ts';

const whereCheckpoint = (key: PartitionKey) =>
  `namespace = ${sql.text(key.namespace)} AND hub = ${sql.text(key.hub)} AND ` +
  `consumer_group = ${sql.text(key.consumerGroup)} AND partition_id = ${sql.integer(key.partitionId)}`;

/** Locks the partition's position; whoever holds it is the only writer of that partition. */
export const lockCheckpoint = (key: PartitionKey) =>
  `SELECT generation, sequence_number, last_order_seq FROM consumer_checkpoints WHERE ${whereCheckpoint(key)} FOR UPDATE`;

/** Takes the partition over: writers of an earlier generation are refused from now on. */
export const takeOver = (key: PartitionKey) => `
  INSERT INTO consumer_checkpoints (namespace, hub, consumer_group, partition_id, hub_created_at, generation,
    sequence_number, event_offset, last_order_seq, updated_at)
  VALUES (${sql.text(key.namespace)}, ${sql.text(key.hub)}, ${sql.text(key.consumerGroup)}, ${key.partitionId},
    ${sql.time(key.hubCreatedAt.getTime())}, 1, -1, '', 0, UTC_TIMESTAMP(6))
  ON DUPLICATE KEY UPDATE generation = generation + 1,
    sequence_number = IF(hub_created_at = VALUES(hub_created_at), sequence_number, -1),
    event_offset = IF(hub_created_at = VALUES(hub_created_at), event_offset, ''),
    hub_created_at = VALUES(hub_created_at), updated_at = UTC_TIMESTAMP(6)`;

/** @param to undefined for `at` leaves the place in the hub as it is */
export const moveCheckpoint = (
  key: PartitionKey,
  to: { generation: number; lastOrderSeq: number; at: { sequenceNumber: number; offset: string } | undefined },
) =>
  `UPDATE consumer_checkpoints SET ${
    to.at ? `sequence_number = ${sql.integer(to.at.sequenceNumber)}, event_offset = ${sql.text(to.at.offset)},` : ''
  } last_order_seq = ${sql.integer(to.lastOrderSeq)}, updated_at = UTC_TIMESTAMP(6)
    WHERE ${whereCheckpoint(key)} AND generation = ${sql.integer(to.generation)};`;
