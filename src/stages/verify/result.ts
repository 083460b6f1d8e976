import { type Static, Type } from 'typebox';

/** What one check came to. */
export const CheckResult = Type.Object({
  name: Type.String(),
  sentence: Type.String({ description: 'what has to hold' }),
  result: Type.Enum(['ok', 'violated', 'skipped']),
  detail: Type.String({ description: 'what was seen; of a violation its first offender' }),
  offenders: Type.Integer({ description: 'how many were found; counting ends at 1,000' }),
  ms: Type.Integer(),
});
export type CheckResult = Static<typeof CheckResult>;

/** The result of `oms verify --json`. */
export const VerifyResult = Type.Object({
  runs: Type.Array(Type.String(), { description: 'the runs whose manifests were compared' }),
  ok: Type.Boolean(),
  waited_ms: Type.Integer(),
  checks: Type.Array(CheckResult),
});
export type VerifyResult = Static<typeof VerifyResult>;

/** The result of `oms verify --every --json`. */
export const WatchResult = Type.Object({
  rounds: Type.Integer(),
  violated_rounds: Type.Integer(),
  ok: Type.Boolean(),
  violations: Type.Array(
    Type.Object({
      name: Type.String(),
      detail: Type.String({ description: 'what the first round that found it saw' }),
      round: Type.Integer(),
    }),
  ),
});
export type WatchResult = Static<typeof WatchResult>;

/** Violations are counted up to here. */
export const MOST_OFFENDERS = 1_000;
