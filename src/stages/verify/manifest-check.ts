import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { placedEventId, uuidToBytes } from '../../../lib/domain/ids.ts';
import { formatCount } from '../../ui/format.ts';
import { type ManifestEntry, readManifest } from '../runs/manifest.ts';
import { conclude, Faults, type Offender } from './check.ts';
import type { CheckResult } from './result.ts';

const BATCH = 1_000;
/** Lost orders kept by name, to look for them again and for their dead letters; further ones are only counted. */
const MOST_LOST = 10_000;

export const MANIFEST_CHECKS = {
  lost: { name: 'lost', sentence: 'every accepted order is stored' },
  duplicated: { name: 'duplicated', sentence: 'no order of the run is stored twice' },
  altered: { name: 'altered', sentence: 'what is stored is what was asked for and quoted' },
  refused: { name: 'refused', sentence: 'no order that was refused is stored' },
  invented: { name: 'invented', sentence: 'nothing is stored under the keys of the run that it did not send' },
} as const;

interface StoredRow extends RowDataPacket {
  order_id: Buffer;
  request_hash: Buffer;
  total_minor: number;
  stored_at: Date;
  /** The customer took less than was ordered, and pays less. */
  amended: number;
}

const nameOf = (entry: ManifestEntry) => `order ${entry.order_id} (${entry.key})`;

/** Compares a manifest with the orders table; holds a batch at a time, and the orders that are missing. */
export class ManifestCheck {
  readonly counts = { accepted: 0, failed: 0, unknown: 0, unknownStored: 0, stored: 0 };
  /** Accepted and not stored, the first ten thousand. */
  readonly lost = new Map<string, ManifestEntry>();
  private lostCount = 0;
  private readonly duplicated = new Faults();
  private readonly altered = new Faults();
  private readonly refused = new Faults();
  private readonly pool: Pool;
  private readonly startedAt = performance.now();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  /** Reads the manifest once, in batches, the next being parsed while the database looks up the last. */
  async compare(file: string, onBatch: (entries: readonly ManifestEntry[]) => void = () => {}): Promise<void> {
    let pending: Promise<void> = Promise.resolve();
    for await (const entries of readManifest(file, BATCH)) {
      await pending;
      pending = this.compareBatch(entries);
      // A failure is thrown where it is awaited next; until then nobody listens.
      pending.catch(() => {});
      onBatch(entries);
    }
    await pending;
  }

  /** Looks for the lost orders once more: without a hub to ask nobody knows whether they are still on their way. */
  async lookAgain(): Promise<void> {
    for (const entries of chunks([...this.lost.values()], BATCH)) {
      const stored = await this.findRows(entries);
      for (const entry of entries) {
        const rows = stored.get(entry.order_id);
        if (!rows) continue;
        this.lost.delete(entry.order_id);
        this.lostCount--;
        this.compareEntry(entry, rows);
      }
    }
  }

  async results(): Promise<CheckResult[]> {
    const { counts, startedAt } = this;
    const { unknown, unknownStored } = counts;
    const unknowns = unknown > 0 ? `, ${formatCount(unknownStored)} of ${formatCount(unknown)} with no answer` : '';
    const seen = `${formatCount(counts.stored)} of ${formatCount(counts.accepted)} accepted orders${unknowns}`;
    return [
      conclude(MANIFEST_CHECKS.lost, { first: await this.nameFirstLost(), count: this.lostCount }, startedAt, seen),
      conclude(MANIFEST_CHECKS.duplicated, this.duplicated, startedAt),
      conclude(MANIFEST_CHECKS.altered, this.altered, startedAt),
      conclude(MANIFEST_CHECKS.refused, this.refused, startedAt, `${formatCount(counts.failed)} refused`),
    ];
  }

  private async compareBatch(entries: readonly ManifestEntry[]): Promise<void> {
    const stored = await this.findRows(entries);
    for (const entry of entries) {
      this.counts[entry.outcome]++;
      this.compareEntry(entry, stored.get(entry.order_id) ?? []);
    }
  }

  private compareEntry(entry: ManifestEntry, rows: readonly StoredRow[]): void {
    const [row] = rows;
    if (rows.length > 1) this.duplicated.add(nameOf(entry), `stored ${rows.length} times`);
    if (entry.outcome === 'failed') this.compareFailed(entry, row);
    else if (row) this.compareStored(entry, row);
    else if (entry.outcome === 'accepted') this.addLost(entry);
  }

  private compareFailed(entry: ManifestEntry, row: StoredRow | undefined): void {
    // A recorded order may have been taken by an earlier replay under the same key.
    if (row && row.stored_at >= new Date(entry.planned_at))
      this.refused.add(nameOf(entry), `refused as ${entry.reason}`);
  }

  private compareStored(entry: ManifestEntry, row: StoredRow): void {
    if (entry.outcome === 'accepted') this.counts.stored++;
    else this.counts.unknownStored++;
    if (row.request_hash.toString('hex') !== entry.hash) this.altered.add(nameOf(entry), 'its request hash is another');
    else if (!row.amended && entry.total_minor !== null && row.total_minor !== entry.total_minor) {
      this.altered.add(nameOf(entry), `total ${row.total_minor}, quoted ${entry.total_minor}`);
    }
  }

  private addLost(entry: ManifestEntry): void {
    this.lostCount++;
    if (this.lost.size < MOST_LOST) this.lost.set(entry.order_id, entry);
  }

  private async nameFirstLost(): Promise<Offender | undefined> {
    const [first] = this.lost.values();
    if (!first) return undefined;
    const [rows] = await this.pool.query<({ reason: string; detail: string } & RowDataPacket)[]>(
      'SELECT reason, detail FROM dead_letters WHERE event_id = ? LIMIT 1',
      [placedEventId(first.order_id, first.hash)],
    );
    const letter = rows[0] ? `dead letter, ${rows[0].reason}: ${rows[0].detail}` : 'neither stored nor a dead letter';
    return { offender: nameOf(first), detail: letter };
  }

  private async findRows(entries: readonly ManifestEntry[]): Promise<Map<string, StoredRow[]>> {
    const names = new Map(entries.map((entry) => [entry.order_id.replaceAll('-', ''), entry.order_id]));
    const [rows] = await this.pool.query<StoredRow[]>(
      `SELECT order_id, request_hash, total_minor, stored_at,
              EXISTS (SELECT 1 FROM order_history h
                       WHERE h.order_seq = orders.order_seq AND h.trigger_name = 'order.amended') AS amended
         FROM orders WHERE order_id IN (?)`,
      [[...names.values()].map(uuidToBytes)],
    );
    return Map.groupBy(rows, (row) => names.get(row.order_id.toString('hex'))!);
  }
}

function* chunks<Value>(values: readonly Value[], size: number): Generator<Value[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}
