import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import type { Site } from '../deploy/site.ts';
import { HUBS } from '../provision/topology.ts';
import type { BackupManifest, DatabaseNow } from './records.ts';

/** What the hub still has of everything since a backup. */
export type SinceBackup =
  | { kind: 'all'; why: string }
  | { kind: 'unknown'; why: string }
  /** Events that nobody can store again; their number where it is known. */
  | { kind: 'gone'; why: string; events: number | null };

type Hub = NonNullable<DatabaseNow['hub']>;

const HOUR_MS = 3_600_000;
const RETENTION_HOURS = HUBS.find(({ name }) => name === ORDERS_HUB)!.retentionHours;

/** An age of hours in days; whoever restores thinks in days. */
const days = (hours: number) => `${(hours / 24).toFixed(1)} days`;

/** Each partition is read again from its position: what is there must begin no later than behind it. */
function bySequence(positions: NonNullable<BackupManifest['positions']>, hub: Hub): SinceBackup {
  const born = Date.parse(hub.createdAt);
  const strangers = positions.filter(({ hubCreatedAt }) => Date.parse(hubCreatedAt) !== born);
  if (strangers.length > 0) {
    const why = `the hub was made anew at ${hub.createdAt.slice(0, 16).replace('T', ' ')} UTC, after the backup`;
    return { kind: 'gone', why, events: null };
  }
  const stored = new Map(positions.map(({ partition, sequence }) => [partition, sequence]));
  const missing = hub.partitions.map(({ id, firstSequence }) =>
    Math.max(0, firstSequence - ((stored.get(Number(id)) ?? -1) + 1)),
  );
  const events = missing.reduce((sum, one) => sum + one, 0);
  if (events === 0) return { kind: 'all', why: 'the hub has every event since' };
  return { kind: 'gone', why: 'the hub has dropped them by age', events };
}

/** A namespace drops events by age, read or not; this machine cannot ask it for its first ones. */
function byAge({ at }: BackupManifest, now: Date): SinceBackup {
  const hours = (now.getTime() - Date.parse(at)) / HOUR_MS;
  if (hours < RETENTION_HOURS) return { kind: 'all', why: `the hub keeps events for ${days(RETENTION_HOURS)}` };
  const why = `the backup is ${days(hours)} old, and the hub keeps events for ${days(RETENTION_HOURS)}`;
  return { kind: 'gone', why, events: null };
}

/**
 * Whether every order since a backup can be stored again. A restored database has the consumers' positions of then, so
 * that they read on from there; what the hub has dropped in between is in no place any more but the archive.
 */
export function sinceBackup(
  manifest: BackupManifest,
  hub: DatabaseNow['hub'],
  site: Pick<Site, 'events'>,
  now: Date,
): SinceBackup {
  if (site.events.kind === 'azure') return byAge(manifest, now);
  if (!hub) return { kind: 'unknown', why: 'the hub does not answer' };
  if (!manifest.positions) return { kind: 'unknown', why: 'the backup does not say how far the consumers were' };
  return bySequence(manifest.positions, hub);
}

/** Events that are in the hub and not in the database; null where the hub cannot be asked. */
export function eventsBehind({ hub, positions }: Pick<DatabaseNow, 'hub' | 'positions'>): number | null {
  if (!hub) return null;
  const born = Date.parse(hub.createdAt);
  const stored = new Map(
    positions
      .filter(({ hubCreatedAt }) => Date.parse(hubCreatedAt) === born)
      .map(({ partition, sequence }) => [partition, sequence]),
  );
  const behind = hub.partitions.map(({ id, lastSequence }) =>
    Math.max(0, lastSequence - (stored.get(Number(id)) ?? -1)),
  );
  return behind.reduce((sum, one) => sum + one, 0);
}
