import type { Connection, Pool, RowDataPacket } from './connect.ts';

/**
 * How far the database is: the last sequence number committed, by partition; partitions without one are left out.
 * @param hubCreatedAt identity of the hub: positions in a hub of that name that was made anew since say nothing
 */
export async function readPositions(
  database: Connection | Pool,
  hub: string,
  consumerGroup: string,
  hubCreatedAt: Date,
): Promise<Map<number, number>> {
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT partition_id, MAX(sequence_number) AS sequence_number FROM consumer_checkpoints
     WHERE hub = ? AND consumer_group = ? AND hub_created_at = ? GROUP BY partition_id`,
    [hub, consumerGroup, hubCreatedAt],
  );
  return new Map(rows.map((row) => [row.partition_id, Number(row.sequence_number)]));
}
