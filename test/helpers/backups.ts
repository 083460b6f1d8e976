import type { BackupManifest, DatabaseNow, StoredBackup } from '../../src/stages/backup/records.ts';

/** When the backups of tests were made, and when their hub was. */
export const MADE_AT = '2026-11-21T02:30:04Z';
export const BORN = '2026-11-01T08:00:00.000Z';

/** A backup of one hundred orders, when each of two partitions was read up to number 49. */
export const aBackup = (parts: Partial<StoredBackup> = {}): StoredBackup => ({
  ...{ version: 1, name: '20261121T023000Z', at: MADE_AT, release: 'r-0123456789ab', schemaVersion: 8 },
  rows: { orders: { from: 100, to: 100 }, payments: { from: 90, to: 91 } },
  newestOrder: { id: '0195b0a0-0000-7000-8000-000000000001', placedAt: '2026-11-21T02:29:59.000000Z' },
  positions: [0, 1].map((partition) => ({ partition, hubCreatedAt: '2026-11-01T08:00:00.000000Z', sequence: 49 })),
  ...{ bytes: 2_048, unpackedBytes: 20_480, sha256: 'a'.repeat(64), seconds: 1.5, file: 'whole' },
  ...parts,
});

/** Without what a list adds. */
export const aManifest = (): BackupManifest => {
  const { file: _, ...manifest } = aBackup();
  return manifest;
};

/** The hub, with the events of each partition from `first` to number 79. */
export const aHub = (first = 0, createdAt = BORN): NonNullable<DatabaseNow['hub']> => ({
  createdAt,
  partitions: ['0', '1'].map((id) => ({ id, firstSequence: first, lastSequence: 79 })),
});

/** A database that has one hundred and sixty orders by now, and the backup of above. */
export const aDatabase = (parts: Partial<DatabaseNow> = {}): DatabaseNow => ({
  rows: { orders: 160, payments: 150 },
  newestOrder: { id: '0195b0a0-0000-7000-8000-000000000002', placedAt: '2026-11-21T11:59:00.000000Z' },
  positions: [0, 1].map((partition) => ({ partition, hubCreatedAt: '2026-11-01T08:00:00.000000Z', sequence: 79 })),
  ...{ schemaVersion: 8, problem: null, hub: aHub(), composeFiles: ['compose.yaml'], backups: [aBackup()] },
  restoring: null,
  ...parts,
});
