import { formatCount } from '../../../ui/format.ts';
import type { Colour } from '../services.ts';
import type { ShiftReport, StepReport } from './shift.ts';

const BAR = 20;

const bar = (percent: number): string => {
  const full = Math.round((percent / 100) * BAR);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
};

/** One line a step: "producer-b  10 % ██░░░  1,204 requests, 0 failed". */
export const stepLines = (steps: readonly StepReport[], to: Colour): string[] =>
  steps.map(({ percent, next, quiet }) => {
    const share = `producer-${to} ${String(percent).padStart(3)} % ${bar(percent)}`;
    return `${share}  ${formatCount(next.requests)} requests, ${formatCount(next.failed)} failed${quiet ? ', few visitors' : ''}`;
  });

/** All steps together: requests the new colour answered, and how long it was watched. */
export function shiftTotals({ steps }: Pick<ShiftReport, 'steps'>): {
  requests: number;
  failed: number;
  seconds: number;
} {
  const sum = (value: (step: StepReport) => number) => steps.reduce((total, step) => total + value(step), 0);
  return {
    requests: sum(({ next }) => next.requests),
    failed: sum(({ next }) => next.failed),
    seconds: sum(({ seconds }) => seconds),
  };
}
