import { readFileSync } from 'node:fs';

/** The kernel counts in ticks of 10 ms. */
const TICK_MS = 10;

/** User and system time of a process so far, in ms. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU of several processes, by name, between two moments. */
export class CpuAccount {
  readonly #pids: ReadonlyMap<string, number>;
  readonly #start: Map<string, number>;

  constructor(pids: ReadonlyMap<string, number>) {
    this.#pids = pids;
    this.#start = this.#read();
  }

  /** Milliseconds by name since this was made. */
  spent(): Map<string, number> {
    return new Map([...this.#read()].map(([name, ms]) => [name, ms - this.#start.get(name)!]));
  }

  #read(): Map<string, number> {
    return new Map([...this.#pids].map(([name, pid]) => [name, cpuMs(pid)]));
  }
}
