import { performance } from 'node:perf_hooks';
import { decline, planFor } from '../../lib/query/ask.ts';
import { Reader } from '../../lib/query/execute.ts';
import { compile } from '../../lib/query/sql/compile.ts';
import type { Clock } from './asking.ts';
import type { Question } from './question.ts';

/** Milliseconds at the median, at 95 of 100, and the most. */
export interface Percentiles {
  p50: number;
  p95: number;
  max: number;
}

const round = (ms: number) => Math.round(ms * 100) / 100;

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

const CONTEXT = { minorFactor: 100 };
const ROWS = 1_000;

/** What planning (screen, words, plan) and compiling take in a warm process, one question after the other. */
export async function measureSteps(url: string, { now, tz }: Clock, items: readonly Question[]) {
  const reader = await Reader.open(url);
  const catalogue = await reader.catalogue().finally(() => reader.close());
  const clock = { now: Date.parse(now), zone: tz };
  const planner: number[] = [];
  const compiler: number[] = [];
  const measure = (question: string) => {
    const began = performance.now();
    let planned: ReturnType<typeof planFor> | undefined;
    try {
      if (!decline(question)) planned = planFor(question, catalogue, { clock });
    } catch {
      // Asked back: the time it took counts all the same.
    }
    planner.push(performance.now() - began);
    if (!planned) return;
    const compiling = performance.now();
    try {
      compile(planned.plan, { ...CONTEXT, ...clock }, ROWS);
    } catch {
      return;
    }
    compiler.push(performance.now() - compiling);
  };
  const first = items.filter((item) => !item.context);
  for (const { question } of first) measure(question);
  planner.length = 0;
  compiler.length = 0;
  for (const { question } of first) measure(question);
  return { planner: percentiles(planner), compiler: percentiles(compiler) };
}
