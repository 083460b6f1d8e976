import { type Static, Type } from 'typebox';

const Text = Type.String({ minLength: 1 });
const Count = Type.Integer({ minimum: 0 });

/** A backup is called by the moment it was begun, UTC. */
export const BACKUP_NAME = /^\d{8}T\d{6}Z$/;

const StoredOrder = Type.Union([Type.Object({ id: Text, placedAt: Text }), Type.Null()]);

/** How far the consumers had stored what is in the orders hub; a hub that was made anew has another birth. */
const Position = Type.Object({ partition: Count, hubCreatedAt: Text, sequence: Type.Integer({ minimum: -1 }) });
export type Position = Static<typeof Position>;

/** `NAME.json` beside `NAME.sql.gz`: what is in it and what it has to weigh. */
export const BackupManifest = Type.Object({
  version: Type.Literal(1),
  name: Type.String({ pattern: BACKUP_NAME.source }),
  at: Text,
  release: Type.Union([Text, Type.Null()]),
  /** Newest migration in it. */
  schemaVersion: Count,
  /** By table, counted before and after the dump. */
  rows: Type.Record(Text, Type.Object({ from: Count, to: Count })),
  /** A backup of an older oms has none. */
  newestOrder: Type.Optional(StoredOrder),
  positions: Type.Optional(Type.Array(Position)),
  bytes: Count,
  unpackedBytes: Count,
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  seconds: Type.Number({ minimum: 0 }),
});
export type BackupManifest = Static<typeof BackupManifest>;

/** Whether the file has the length it was written with. */
export const FileState = Type.Enum(['whole', 'cut', 'missing']);
export type FileState = Static<typeof FileState>;

export const StoredBackup = Type.Intersect([BackupManifest, Type.Object({ file: FileState })]);
export type StoredBackup = Static<typeof StoredBackup>;

export const HostBackups = Type.Object({ backups: Type.Array(StoredBackup) });

/** What `oms-backup now` says of a server. */
export const DatabaseNow = Type.Object({
  rows: Type.Record(Text, Count),
  newestOrder: StoredOrder,
  positions: Type.Array(Position),
  schemaVersion: Count,
  /** Why none of the above could be told. */
  problem: Type.Union([Text, Type.Null()]),
  /** The orders hub of a site without a cloud; -1 stands for a partition that never had an event. */
  hub: Type.Union([
    Type.Object({
      createdAt: Text,
      partitions: Type.Array(Type.Object({ id: Text, firstSequence: Type.Integer(), lastSequence: Type.Integer() })),
    }),
    Type.Null(),
  ]),
  /** Of the release that runs. */
  composeFiles: Type.Array(Text),
  backups: Type.Array(StoredBackup),
  /** There when a restore was cut off between the swap and its end. */
  restoring: Type.Union([Type.Object({ at: Text }), Type.Null()]),
});
export type DatabaseNow = Static<typeof DatabaseNow>;
