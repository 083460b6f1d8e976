import type { Context } from '../../../context.ts';
import type { Environment } from '../environment.ts';
import type { Facts } from './facts.ts';

export type CheckState = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check has found. */
export interface Verdict {
  state: CheckState;
  /** One sentence, without its full stop. */
  detail: string;
  /** What to do about it: sentences or commands, the most promising first. */
  next: readonly string[];
}

export interface PreflightOptions {
  /** Nothing in Azure is changed afterwards. */
  planOnly?: boolean | undefined;
  /** PEM or DER file with the certificate of the apps on-prem. */
  certificateFile?: string | undefined;
}

export interface CheckInput {
  environment: Environment;
  context: Context;
  options: PreflightOptions;
  facts: Facts;
}

/** One thing that has to be true before anything is made. */
export interface Check {
  name: string;
  /** Names of checks without which this one would only repeat their failure. */
  needs: readonly string[];
  /** Whether it concerns this environment; always, where nothing is said. */
  applies?: (input: CheckInput) => boolean;
  run: (input: CheckInput) => Promise<Verdict>;
}

export const ok = (detail: string): Verdict => ({ state: 'ok', detail, next: [] });
export const warning = (detail: string, ...next: string[]): Verdict => ({ state: 'warning', detail, next });
export const failed = (detail: string, ...next: string[]): Verdict => ({ state: 'failed', detail, next });

/** The worst of several verdicts, with what all of that state say. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const state = (['failed', 'warning', 'ok'] as const).find((one) => verdicts.some((verdict) => verdict.state === one));
  const worstOnes = verdicts.filter((verdict) => verdict.state === state);
  return {
    state: state ?? 'ok',
    detail: worstOnes.map(({ detail }) => detail).join('; '),
    next: [...new Set(worstOnes.flatMap(({ next }) => next))],
  };
}
