import { type Static, Type } from 'typebox';
import { FileState } from './records.ts';

const Text = Type.String();
const Nullable = Type.Union([Text, Type.Null()]);

const facts = {
  name: Text,
  /** When it was done, UTC. */
  at: Text,
  release: Nullable,
  schemaVersion: Type.Integer(),
  /** Packed, as it lies there. */
  bytes: Type.Integer(),
  /** Orders in it. */
  orders: Type.Integer(),
};

export const BackupCreated = Type.Object({
  environment: Text,
  ...facts,
  seconds: Type.Number(),
  /** "server:/path" */
  where: Text,
  /** Path on this machine; null without --download. */
  downloaded: Nullable,
  /** Names of the backups that were too many. */
  removed: Type.Array(Text),
  report: Text,
});
export type BackupCreated = Static<typeof BackupCreated>;

export const BackupList = Type.Object({
  environment: Text,
  /** Why the server could not be asked; null as a rule. */
  away: Nullable,
  /** Since when a restore stands half done there. */
  restoring: Nullable,
  /** The newest first. */
  backups: Type.Array(
    Type.Object({
      ...facts,
      newestOrderAt: Nullable,
      /** Length against what was written; the checksum is compared before it is loaded. */
      file: FileState,
      where: Type.Array(Type.Enum(['server', 'here'])),
    }),
  ),
});
export type BackupList = Static<typeof BackupList>;

const Moment = Type.Object({ orders: Type.Integer(), newestOrderAt: Nullable, schemaVersion: Type.Integer() });

export const Restored = Type.Object({
  environment: Text,
  name: Text,
  before: Moment,
  backup: Moment,
  after: Moment,
  /** What was there, kept as a backup; null with --no-backup-first. */
  keptAs: Nullable,
  /** Events of the hub that are not yet stored again; null where this machine cannot ask the hub. */
  behind: Type.Union([Type.Integer(), Type.Null()]),
  seconds: Type.Number(),
  report: Text,
});
export type Restored = Static<typeof Restored>;
