import { type Static, Type } from 'typebox';
import { Diagnostic } from '../../../tools/terraform-messages.ts';
import { type ApplyProgress, inState, type ResourceState } from './progress.ts';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });

export const AppliedResource = Type.Object({
  address: Text,
  /** create, update, delete, replace ... */
  action: Text,
  /** As Terraform counted them. */
  seconds: Type.Number({ minimum: 0 }),
  /** unfinished: it was begun, and whether Azure has it is for the next plan to find out. */
  result: Type.Enum(['done', 'failed', 'unfinished', 'not started']),
});
export type AppliedResource = Static<typeof AppliedResource>;

/** What an apply did. */
export const ApplyReport = Type.Object({
  outcome: Type.Enum(['applied', 'failed', 'interrupted']),
  /** Version of Terraform; null when it did not get to say so. */
  terraform: Type.Union([Text, Type.Null()]),
  seconds: Type.Number({ minimum: 0 }),
  /** Terraform's own count; null unless it came to the end. */
  summary: Type.Union([Type.Object({ added: Count, changed: Count, removed: Count }), Type.Null()]),
  total: Count,
  resources: Type.Array(AppliedResource),
  diagnostics: Type.Array(Diagnostic),
});
export type ApplyReport = Static<typeof ApplyReport>;

const RESULTS: Record<ResourceState, AppliedResource['result']> = {
  done: 'done',
  failed: 'failed',
  running: 'unfinished',
  waiting: 'not started',
};

/** Where a source stands in a file of ours is of no use to anybody else. */
const trimmed = ({ severity, summary, detail, address }: Diagnostic): Diagnostic => ({
  severity,
  summary,
  ...(detail && { detail }),
  ...(address && { address }),
});

export function reportOf(progress: ApplyProgress, outcome: ApplyReport['outcome'], milliseconds: number): ApplyReport {
  return {
    outcome,
    terraform: progress.terraform ?? null,
    seconds: Math.round(milliseconds / 100) / 10,
    summary: progress.summary ?? null,
    total: progress.total,
    resources: [...progress.resources.values()].map(({ address, action, seconds, state, more }) => ({
      address,
      action,
      seconds,
      // A replacement of which one half is done is not one that was never begun.
      result: state === 'waiting' && action === 'replace' && more === 0 ? 'unfinished' : RESULTS[state],
    })),
    diagnostics: progress.diagnostics.map(trimmed),
  };
}

const MAX_NAMED = 5;

function named(addresses: readonly string[]): string {
  const more = addresses.length - MAX_NAMED;
  return [...addresses.slice(0, MAX_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** What a stopped apply leaves, in one sentence: what is done, what was begun. */
export function leftText(progress: ApplyProgress): string {
  const done = inState(progress, 'done').length;
  const begun = [...inState(progress, 'running'), ...inState(progress, 'failed')].map(({ address }) => address);
  const text = `${done} of ${progress.total} resources are done`;
  return begun.length > 0 ? `${text}; begun and not finished: ${named(begun)}` : text;
}
