import { randomUUID } from 'node:crypto';
import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import type { Pool, ResultSetHeader, RowDataPacket } from './connect.ts';

const SAME_GROUP = 'namespace = ? AND hub = ? AND consumer_group = ?';

/** The times below are the database server's: owners on several machines then share one clock. */
const NOW_MS = 'CAST(UNIX_TIMESTAMP(modified_at) * 1000 AS UNSIGNED)';

/**
 * Who owns which partition, and where to start reading, in MySQL beside the orders.
 * Positions are written by the transaction that stores the orders, never by updateCheckpoint.
 */
export class MySqlCheckpointStore implements CheckpointStore {
  readonly #pool: Pool;
  readonly #hubCreatedAt: () => Promise<Date>;
  readonly #owner: string;
  #isFirstLook = true;

  /**
   * @param hubCreatedAt identity of the hub: positions taken from another hub of the same name are not used
   * @param owner the reader's name. What its last process owned when it died is up for grabs at once: otherwise the
   *   SDK would wait for the ownership to expire. Two processes of one name do no harm, writers are fenced.
   */
  constructor(pool: Pool, hubCreatedAt: () => Promise<Date>, owner: string) {
    this.#pool = pool;
    this.#hubCreatedAt = hubCreatedAt;
    this.#owner = owner;
  }

  async listOwnership(namespace: string, hub: string, group: string): Promise<PartitionOwnership[]> {
    if (this.#isFirstLook) await this.#giveUpFormer(namespace, hub, group);
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `SELECT partition_id, owner_id, etag, ${NOW_MS} AS modified_ms FROM partition_owners WHERE ${SAME_GROUP}`,
      [namespace, hub, group],
    );
    return rows.map((row) => ({
      fullyQualifiedNamespace: namespace,
      eventHubName: hub,
      consumerGroup: group,
      partitionId: String(row.partition_id),
      ownerId: row.owner_id,
      etag: row.etag,
      lastModifiedTimeInMs: Number(row.modified_ms),
    }));
  }

  /** Only what was won is returned; a partition that another owner took in between is left out, which is no error. */
  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    const claimed = await Promise.all(wanted.map((ownership) => this.#claim(ownership)));
    return claimed.filter((ownership) => ownership !== undefined);
  }

  async updateCheckpoint(_checkpoint: Checkpoint): Promise<void> {
    throw new Error('positions are written by the transaction that stores the orders');
  }

  async listCheckpoints(namespace: string, hub: string, group: string): Promise<Checkpoint[]> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `SELECT partition_id, sequence_number, event_offset FROM consumer_checkpoints
       WHERE ${SAME_GROUP} AND hub_created_at = ? AND sequence_number >= 0`,
      [namespace, hub, group, await this.#hubCreatedAt()],
    );
    return rows.map((row) => ({
      fullyQualifiedNamespace: namespace,
      eventHubName: hub,
      consumerGroup: group,
      partitionId: String(row.partition_id),
      sequenceNumber: row.sequence_number,
      offset: row.event_offset,
    }));
  }

  /** An empty owner is how the SDK writes "nobody's". */
  async #giveUpFormer(namespace: string, hub: string, group: string): Promise<void> {
    await this.#pool.query(`UPDATE partition_owners SET owner_id = '' WHERE ${SAME_GROUP} AND owner_id = ?`, [
      namespace,
      hub,
      group,
      this.#owner,
    ]);
    this.#isFirstLook = false;
  }

  async #claim(ownership: PartitionOwnership): Promise<PartitionOwnership | undefined> {
    const etag = randomUUID();
    const won = ownership.etag ? await this.#renew(ownership, etag) : await this.#create(ownership, etag);
    if (!won) return undefined;
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `SELECT ${NOW_MS} AS modified_ms FROM partition_owners WHERE ${SAME_GROUP} AND partition_id = ?`,
      this.#key(ownership),
    );
    return { ...ownership, etag, lastModifiedTimeInMs: Number(rows[0]?.modified_ms) };
  }

  async #renew(ownership: PartitionOwnership, etag: string): Promise<boolean> {
    const [result] = await this.#pool.query<ResultSetHeader>(
      `UPDATE partition_owners SET owner_id = ?, etag = ?, modified_at = UTC_TIMESTAMP(6)
       WHERE ${SAME_GROUP} AND partition_id = ? AND etag = ?`,
      [ownership.ownerId, etag, ...this.#key(ownership), ownership.etag],
    );
    return result.affectedRows === 1;
  }

  async #create(ownership: PartitionOwnership, etag: string): Promise<boolean> {
    const [result] = await this.#pool.query<ResultSetHeader>(
      `INSERT IGNORE INTO partition_owners (namespace, hub, consumer_group, partition_id, owner_id, etag, modified_at)
       VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))`,
      [...this.#key(ownership), ownership.ownerId, etag],
    );
    return result.affectedRows === 1;
  }

  #key(ownership: PartitionOwnership): unknown[] {
    const { fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId } = ownership;
    return [fullyQualifiedNamespace, eventHubName, consumerGroup, Number(partitionId)];
  }
}
