import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { isRunning, startTimeOf } from '../../../lib/runtime/process-identity.ts';
import type { Context } from '../../context.ts';
import { readRecord } from './read-record.ts';
import type { SitePaths } from './site.ts';

const Text = Type.String({ minLength: 1 });

/** Who holds the lock of a server: `lock/holder.json`. */
export const LockHolder = Type.Object({
  version: Type.Literal(1),
  /** user@machine */
  who: Text,
  since: Text,
  /** What was asked for, in the words of whoever asked. */
  why: Type.Union([Text, Type.Null()]),
  /** Name of the run: what its report and the lock have in common. */
  run: Type.String({ pattern: '^[A-Za-z0-9-]+$' }),
  /** The process of oms on `machine`; with its start time it is one process for good. */
  pid: Type.Integer({ minimum: 1 }),
  startTime: Type.Union([Text, Type.Null()]),
  machine: Text,
  /** Which start of that machine: many are called "ubuntu". A holder of an older oms does not say. */
  boot: Type.Optional(Type.Union([Text, Type.Null()])),
});
export type LockHolder = Static<typeof LockHolder>;

/** "anna@laptop", for locks, states and the audit trail. */
export const whoAmI = (): string => `${userInfo().username}@${hostname()}`;

/** One start of one machine, and no other; null where the system has no such thing. */
function thisBoot(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

export function newHolder(run: string, why: string | null, now: Date): LockHolder {
  return {
    version: 1,
    who: whoAmI(),
    since: now.toISOString(),
    why,
    run,
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? null,
    machine: hostname(),
    boot: thisBoot(),
  };
}

/** The holder in what a server's file says; undefined for what is none of ours, or is being written. */
export const readHolder = (text: string | null | undefined): LockHolder | undefined => readRecord(text, LockHolder);

/** Of a run's report, whatever else is in it. */
const RunEnd = Type.Object({ outcome: Text, endedAt: Type.Union([Text, Type.Null()]) });

export type HolderState = 'runs' | 'ended' | 'unknown';

/** Whether the run that holds a lock is still at work, as far as it can be told from this machine. */
export async function holderState(
  holder: LockHolder,
  paths: Pick<SitePaths, 'runs'>,
  { machine }: Pick<Context, 'machine'>,
): Promise<HolderState> {
  const report = await machine.readJson(join(paths.runs, holder.run, 'report.json'), RunEnd);
  if (report?.endedAt) return 'ended';
  // A machine of the same name, or this one before its last start: its processes are none of those here.
  const here = holder.machine === hostname() && (holder.boot ?? null) === thisBoot();
  if (!here || holder.startTime === null) return 'unknown';
  return isRunning({ pid: holder.pid, startTime: holder.startTime }) ? 'runs' : 'ended';
}

const clock = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** "anna@laptop since 2026-11-21 12:00 UTC ("spring offers"), and that run has ended". */
export function describeHolder(holder: LockHolder | undefined, state: HolderState = 'unknown'): string {
  if (!holder) return 'somebody who has left no name';
  const { who, since, why } = holder;
  const end = state === 'ended' ? ', and that run has ended' : state === 'runs' ? ', and that run is at work' : '';
  return `${who} since ${clock(since)}${why ? ` ("${why}")` : ''}${end}`;
}
