import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts';

const HEALTHS = ['healthy', 'degraded', 'down'] as const;
export type Health = (typeof HEALTHS)[number];

/** One process of the stack as `oms status` shows it. */
export interface ProcessHealth {
  name: string;
  /** What the supervisor last wrote, "gone" for a process that has ended since, "external" for your own database. */
  status: string;
  /** When that status began; ISO 8601 UTC. */
  since: string | null;
  pid: number | null;
  port: number | null;
  uptimeMs: number | null;
  restarts: number;
  memoryBytes: number | null;
  lastError: string | null;
  /** What is wrong with it now, in a few words; null when nothing is. */
  problem: string | null;
}

/** Events the hub holds and the database has not. */
export interface Backlog {
  events: number;
  deadLetters: number;
}

export interface Verdict {
  health: Health;
  /** What an operator has to know, and what to do. */
  sentence: string;
}

const clock = (iso: string) => iso.slice(11, 19);
const list = (problems: readonly ProcessHealth[]) =>
  problems.map(({ name, problem }) => `${name} ${problem}`).join('; ');
const earliest = (processes: readonly ProcessHealth[]) =>
  processes
    .flatMap(({ since }) => since ?? [])
    .sort()
    .at(0);

function judgeDown(processes: readonly ProcessHealth[]): Verdict {
  if (processes.length === 0) {
    return { health: 'down', sentence: 'Down: the local stack has not been started. Next: oms up' };
  }
  const stopped = processes.every(({ status }) => status === 'stopped');
  const since = stopped ? earliest(processes) : undefined;
  const what = stopped ? 'the local stack was stopped' : 'nothing runs, though nobody stopped it';
  return { health: 'down', sentence: `Down${since ? ` since ${clock(since)} UTC` : ''}: ${what}. Next: oms up` };
}

function judgeDegraded(troubled: readonly ProcessHealth[], supervised: boolean): Verdict {
  // What runs and does not answer, or has just gone, has no record of when that began.
  const since = earliest(troubled.filter(({ status }) => status !== 'ready' && status !== 'gone'));
  const nobody = supervised ? [] : ['the supervisor is gone, so nothing that ends is started again'];
  const reasons = [...(troubled.length > 0 ? [list(troubled)] : []), ...nobody].join('; ');
  const next = supervised ? `oms logs ${troubled[0]?.name ?? ''}`.trimEnd() : 'oms up';
  return {
    health: 'degraded',
    sentence: `Degraded${since ? ` since ${clock(since)} UTC` : ''}: ${reasons}. Next: ${next}`,
  };
}

function judgeHealthy(processes: readonly ProcessHealth[], backlog: Backlog | null, diskFree: number | null): Verdict {
  const youngest = Math.min(...processes.flatMap(({ uptimeMs }) => uptimeMs ?? []));
  const parts = [
    `${processes.length} processes up${Number.isFinite(youngest) ? ` for ${formatDuration(youngest)}` : ''}`,
    ...(backlog ? [`${formatCount(backlog.events)} events waiting`] : []),
    ...(backlog?.deadLetters ? [`${formatCount(backlog.deadLetters)} events could not be used (dead_letters)`] : []),
    ...(diskFree === null ? [] : [`${formatBytes(diskFree)} disk free`]),
  ];
  return { health: 'healthy', sentence: `Healthy: ${parts.join(', ')}.` };
}

/** One word and one sentence from what was found. */
export function judge(found: {
  processes: readonly ProcessHealth[];
  supervised: boolean;
  backlog: Backlog | null;
  diskFreeBytes: number | null;
}): Verdict {
  const { processes, supervised, backlog, diskFreeBytes } = found;
  if (!processes.some(({ pid }) => pid !== null)) return judgeDown(processes);
  const troubled = processes.filter(({ problem }) => problem !== null);
  if (troubled.length > 0 || !supervised) return judgeDegraded(troubled, supervised);
  return judgeHealthy(processes, backlog, diskFreeBytes);
}
