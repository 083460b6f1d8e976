import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A pid alone is reused; with the start time it names one process for good. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since boot where there is /proc, a date as `ps` prints it elsewhere. */
  startTime: string;
}

const HAS_PROC = existsSync('/proc/self/stat');

/** Whether a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fields of /proc/PID/stat from the third on; the second, the name, may hold blanks and brackets. */
function readStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** When a process started; undefined when there is none, or when it has ended and only waits to be reaped. */
export function startTimeOf(pid: number): string | undefined {
  if (HAS_PROC) {
    const fields = readStat(pid);
    return fields && fields[0] !== 'Z' ? fields[19] : undefined;
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return isAlive(identity.pid) && startTimeOf(identity.pid) === identity.startTime;
}

function hasVariable(pid: string, assignment: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(assignment);
  } catch {
    return false;
  }
}

/**
 * Processes whose environment at their start held `name=value`; needs /proc, finds nothing elsewhere.
 * @returns `leader`: whether it leads a process group, as a detached child does and its own children do not.
 */
export function findByVariable(name: string, value: string): (ProcessIdentity & { leader: boolean })[] {
  if (!HAS_PROC) return [];
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids
    .filter((pid) => Number(pid) !== process.pid && hasVariable(pid, `${name}=${value}`))
    .flatMap((pid) => {
      const fields = readStat(Number(pid));
      if (!fields || fields[0] === 'Z') return [];
      return [{ pid: Number(pid), startTime: fields[19]!, leader: fields[2] === pid }];
    });
}
