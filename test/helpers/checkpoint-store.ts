import { randomUUID } from 'node:crypto';
import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';

/** A checkpoint store for one process, as strict about claims as one in a database. */
export class InMemoryCheckpointStore implements CheckpointStore {
  readonly #ownership = new Map<string, PartitionOwnership>();
  readonly #checkpoints = new Map<string, Checkpoint>();

  async listOwnership(): Promise<PartitionOwnership[]> {
    return [...this.#ownership.values()].map((ownership) => ({ ...ownership }));
  }

  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    return wanted.flatMap((claim) => {
      const current = this.#ownership.get(claim.partitionId);
      if (current !== undefined && current.etag !== claim.etag) return [];
      const won = { ...claim, etag: randomUUID(), lastModifiedTimeInMs: Date.now() };
      this.#ownership.set(claim.partitionId, won);
      return [{ ...won }];
    });
  }

  async updateCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.#checkpoints.set(checkpoint.partitionId, checkpoint);
  }

  async listCheckpoints(): Promise<Checkpoint[]> {
    return [...this.#checkpoints.values()];
  }
}
