import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const HAS_PROC = existsSync('/proc/self/status');
const KIB = 1_024;

/** Resident memory of a process in bytes; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kib = HAS_PROC
      ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return kib ? Number(kib) * KIB : undefined;
  } catch {
    return undefined;
  }
}
