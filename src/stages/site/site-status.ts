import { type Static, Type } from 'typebox';
import { AuditEntry, Deploying, HostState } from '../deploy/release.ts';
import { MaintenanceRecord } from '../maintenance/record.ts';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const OrNull = <S extends Parameters<typeof Type.Union>[0][number]>(schema: S) => Type.Union([schema, Type.Null()]);

/** A container as Docker tells of it; templates/server/status.sh asks. */
export const Container = Type.Object({
  name: Text,
  service: Text,
  /** Docker's word: running, restarting, exited ... */
  state: Text,
  /** starting, healthy, unhealthy; null without a health check. */
  health: OrNull(Text),
  startedAt: Text,
  exitCode: Type.Integer(),
  restarts: Count,
  outOfMemory: Type.Boolean(),
  image: Text,
  /** What is wrong with it, in a few words. */
  problem: OrNull(Text),
});
export type Container = Static<typeof Container>;

export const HostStatus = Type.Object({
  name: Text,
  address: Text,
  groups: Type.Array(Text),
  /** Why it could not be asked; null when it answered. Everything else is empty then. */
  away: OrNull(Text),
  /** Why Docker there says nothing. */
  dockerProblem: OrNull(Text),
  state: OrNull(HostState),
  deploying: OrNull(Deploying),
  /** While the shop is closed: who closed it, since when, what visitors read. */
  maintenance: OrNull(MaintenanceRecord),
  /** Who holds the lock, in a few words. */
  lock: OrNull(Text),
  containers: Type.Array(Container),
  diskFreeBytes: OrNull(Count),
  /** Events that its consumers have not stored yet. */
  backlog: OrNull(Count),
  /** The last few, the oldest first. */
  audit: Type.Array(AuditEntry),
});
export type HostStatus = Static<typeof HostStatus>;

export const SiteStatus = Type.Object({
  environment: Text,
  health: Type.Enum(['healthy', 'degraded', 'down']),
  /** What an operator has to know, and what to do. */
  sentence: Text,
  release: OrNull(Text),
  since: OrNull(Text),
  hosts: Type.Array(HostStatus),
  /** Of all consumers together; null when none told. */
  backlog: OrNull(Count),
  /** What the shop shows on its first domain; null when it shows none. */
  certificate: OrNull(Type.Object({ domain: Text, issuer: Text, validTo: Text })),
});
export type SiteStatus = Static<typeof SiteStatus>;
