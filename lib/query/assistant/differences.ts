import type { Filter, Plan, Window } from '../plan.ts';

/** One value under "in" is one under "=": the same rows. */
function plainFilter({ field, op, value }: Filter): Filter {
  if (!Array.isArray(value)) return { field, op, value };
  if (value.length === 1) return { field, op: op === 'not in' ? '!=' : '=', value: value[0]! };
  return { field, op, value: value.toSorted() };
}

const sorted = <T>(values: readonly T[]): string[] => values.map((value) => JSON.stringify(value)).sort();
const spanOf = (window: Window | null | undefined) => window && [window.start, window.end];

/** What decides the rows, in a form in which equal plans are equal: labels of windows and order of parts left out. */
function meaningOf(plan: Plan): Record<string, unknown> {
  const { dimensions, cohort, count, averagePer } = plan;
  const isOneRow = dimensions.length === 0;
  return {
    ...plan,
    metrics: sorted(plan.metrics),
    dimensions: sorted(dimensions),
    filters: sorted(plan.filters.map(plainFilter)),
    having: sorted(plan.having),
    window: spanOf(plan.window),
    compare: spanOf(plan.compare),
    order: isOneRow || count ? null : plan.order,
    limit: isOneRow ? null : plan.limit,
    cohort: cohort && { ...cohort, window: spanOf(cohort.window) },
    count: count ?? false,
    averagePer: averagePer ?? null,
  };
}

/** The parts in which two plans give other rows, each with what the one and the other say. */
export function differences(one: Plan, other: Plan): { part: string; one: string; other: string }[] {
  const [a, b] = [meaningOf(one), meaningOf(other)];
  return Object.keys(a).flatMap((part) => {
    const [left, right] = [JSON.stringify(a[part]), JSON.stringify(b[part])];
    return left === right ? [] : [{ part, one: left, other: right }];
  });
}

export const samePlan = (one: Plan, other: Plan): boolean => differences(one, other).length === 0;
