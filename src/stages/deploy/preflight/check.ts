import type { Host, Site } from '../site.ts';
import type { HostFacts } from './facts.ts';

export type CheckState = 'ok' | 'warn' | 'fail';

/** One thing that has to be true before anything is changed, and what was found. */
export interface Check {
  /** Stable, for scripts: "disk". */
  id: string;
  title: string;
  /** Name of the server; null for what concerns the whole site. */
  host: string | null;
  state: CheckState;
  /** One sentence, without its full stop. */
  why: string;
  /** What to do about it, the most promising first. */
  next: readonly string[];
}

export type Verdict = Pick<Check, 'state' | 'why' | 'next'>;

export const ok = (why: string): Verdict => ({ state: 'ok', why, next: [] });
export const warn = (why: string, ...next: string[]): Verdict => ({ state: 'warn', why, next });
export const fail = (why: string, ...next: string[]): Verdict => ({ state: 'fail', why, next });

/** What is known when a server is judged. */
export interface HostInput {
  site: Site;
  host: Host;
  facts: HostFacts;
}

/** A check of one server; undefined where it does not concern it. */
export interface HostCheck {
  id: string;
  title: string;
  judge: (input: HostInput) => Verdict | undefined;
}
