import { type Static, Type } from 'typebox';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Counts } from './counters.ts';
import type { GeneratorHealth } from './self-check.ts';

export const Threshold = Type.Object({
  name: Type.String(),
  wanted: Type.String(),
  got: Type.String(),
  ok: Type.Boolean(),
});
export type Threshold = Static<typeof Threshold>;

export const VERDICTS = ['pass', 'fail', 'generator limited', 'interrupted'] as const;
export type Verdict = (typeof VERDICTS)[number];

const RATE_TOLERANCE = 0.01;
const MOST_LOOP_LAG_MS = 20;
const MOST_CPU_PERCENT = 90;

export interface Judged {
  counts: Counts;
  /** Orders a second asked for and issued; undefined in a closed loop, which has no rate to keep. */
  rate: { asked: number; issued: number } | undefined;
  /** How long it took until every accepted order was stored; undefined when it did not come to that. */
  drainedMs: number | undefined;
  drainTimeoutMs: number;
  health: GeneratorHealth;
  interrupted: boolean;
  /** What companions of the run have to keep. */
  further?: readonly Threshold[];
}

const none = (name: string, count: number): Threshold => ({
  name,
  wanted: '0',
  got: formatCount(count),
  ok: count === 0,
});

const perSecond = (rate: number): string =>
  `${rate.toLocaleString('en-US', { maximumFractionDigits: rate < 10_000 ? 1 : 0 })}/s`;

const rateThreshold = ({ asked, issued }: { asked: number; issued: number }): Threshold => ({
  name: 'rate',
  wanted: `${perSecond(asked)} ±1 %`,
  got: perSecond(issued),
  ok: Math.abs(issued - asked) <= asked * RATE_TOLERANCE,
});

const generatorThresholds = ({ loopLagP99Ms, cpuPercent }: GeneratorHealth): Threshold[] => [
  {
    name: 'generator loop lag p99',
    wanted: `<= ${MOST_LOOP_LAG_MS} ms`,
    got: formatDuration(loopLagP99Ms),
    ok: loopLagP99Ms <= MOST_LOOP_LAG_MS,
  },
  {
    name: 'generator CPU',
    wanted: `<= ${MOST_CPU_PERCENT} %`,
    got: `${Math.round(cpuPercent)} %`,
    ok: cpuPercent <= MOST_CPU_PERCENT,
  },
];

/** Every threshold with what was measured, and the verdict they add up to. */
export function judge(run: Judged): { thresholds: Threshold[]; verdict: Verdict } {
  const system: Threshold[] = [
    ...(run.rate ? [rateThreshold(run.rate)] : []),
    none('missed', run.counts.missed),
    none('failed', run.counts.failed),
    none('unknown', run.counts.unknown),
    none('lost', run.counts.lost),
    none('duplicated', run.counts.duplicated),
    {
      name: 'drained',
      wanted: `within ${formatDuration(run.drainTimeoutMs)}`,
      got: run.drainedMs === undefined ? 'no' : `in ${formatDuration(run.drainedMs)}`,
      ok: run.drainedMs !== undefined,
    },
    ...(run.further ?? []),
  ];
  const generator = run.rate ? generatorThresholds(run.health) : [];
  const ok = (thresholds: Threshold[]) => thresholds.every((threshold) => threshold.ok);
  const judged: Verdict = ok(system) ? 'pass' : 'fail';
  const verdict = run.interrupted ? 'interrupted' : ok(generator) ? judged : 'generator limited';
  return { thresholds: [...system, ...generator], verdict };
}
