import type { Window } from '../plan.ts';
import type { Period } from './period.ts';

/** A period as the plan carries it. */
export function windowOf(period: Period): Window {
  const { rule, start, end, step, running } = period;
  return {
    rule,
    start: start === null ? null : new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    step: { unit: step.unit, count: step.count },
    ...(running && { running }),
  };
}

/** The reverse of {@link windowOf}. */
export const periodFrom = (window: Window): Period => ({
  ...window,
  start: window.start === null ? null : Date.parse(window.start),
  end: Date.parse(window.end),
});
