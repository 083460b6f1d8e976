import { MEASURES, type Measure, type MeasureName } from '../model/measures.ts';
import { METRIC, measuresOf } from '../model/metrics.ts';
import type { MetricName } from '../model/names.ts';
import type { Plan, Window } from '../plan.ts';
import { type Clock, pastDays } from '../time/period.ts';
import { windowOf } from '../time/window.ts';
import { OF_LINES } from './conditions.ts';
import type { CompileContext } from './subquery.ts';

export type Side = 'm' | 'p';

/** A measure under its column name: m... of the window, p... of the window it is compared with. */
export interface Slot {
  alias: string;
  measure: Measure;
  window: Window;
  isPrevious: boolean;
}

/** The measure that a cohort is ranked by, over all its members. */
export function rankingMeasure(metric: MetricName, plan: Pick<Plan, 'cohort'>): Measure {
  const measure: Measure = MEASURES[measuresOf(METRIC[metric])[0]!];
  return OF_LINES.includes(plan.cohort!.dimension) ? measure : (measure.whole ?? measure);
}

/** A window of its own replaces the plan's: "sold in the past 28 days", or the window that customers are kept from. */
function windowFor(measure: Measure, window: Window, plan: Plan, context: CompileContext): Window {
  const clock: Clock = { now: context.now, zone: context.zone };
  if (measure.pastDays) return windowOf(pastDays(clock, measure.pastDays));
  if (!measure.windows || !plan.compare) return window;
  return measure.windows === 'base' ? plan.compare : { ...plan.window, start: plan.compare.start };
}

function isByLine({ dimensions, filters, cohort }: Plan): boolean {
  const fields = [...dimensions, ...filters.map(({ field }) => field), ...(cohort ? [cohort.dimension] : [])];
  return fields.some((field) => OF_LINES.includes(field));
}

/** Lines are read only where something needs them, and then for all: two passes cost more than one. */
function measuresFor(plan: Plan, names: readonly MeasureName[]): ReadonlyMap<MeasureName, Measure> {
  const measures = names.map((name): [MeasureName, Measure] => [name, MEASURES[name]]);
  const needsLines = isByLine(plan) || measures.some(([, { source, whole }]) => source === 'items' && !whole);
  return new Map(measures.map(([name, measure]) => [name, needsLines ? measure : (measure.whole ?? measure)]));
}

/** The measures of a plan, each under a column of its own. */
export function slotsOf(plan: Plan, context: CompileContext): Slot[] {
  const measures = measuresFor(plan, [...new Set(plan.metrics.flatMap((metric) => measuresOf(METRIC[metric])))]);
  const side = (prefix: Side, window: Window) =>
    [...measures].map(([name, measure]) => ({
      alias: `${prefix}_${name}`,
      measure,
      window: windowFor(measure, window, plan, context),
      isPrevious: prefix === 'p',
    }));
  const isCompared = plan.compare && plan.transform === 'compare';
  return [...side('m', plan.window), ...(isCompared ? side('p', plan.compare!) : [])];
}

const AGGREGATE = /^(COUNT|SUM|AVG|MAX)\((DISTINCT )?(.+)\)$/;

/** The aggregate over those rows only that meet the conditions; undefined where it is more than one aggregate. */
function narrowed(value: string, conditions: readonly string[]): string | undefined {
  if (conditions.length === 0) return value;
  const [, aggregate, distinct = '', of] = AGGREGATE.exec(value) ?? [];
  if (!aggregate || /\b(COUNT|SUM|AVG|MAX)\(/.test(of!)) return undefined;
  return `${aggregate}(${distinct}CASE WHEN ${conditions.join(' AND ')} THEN ${of === '*' ? '1' : of} END)`;
}

/** `slot` over the rows of `wider`, whose conditions are all among its own; undefined where that cannot be said. */
function within(wider: Slot, slot: Slot): Slot | undefined {
  const conditions = slot.measure.where ?? [];
  const shared = wider.measure.where ?? [];
  if (!shared.every((condition) => conditions.includes(condition))) return undefined;
  const value = narrowed(
    slot.measure.value,
    conditions.filter((condition) => !shared.includes(condition)),
  );
  return value === undefined ? undefined : { ...slot, measure: { ...slot.measure, value, where: shared } };
}

/** One pass over the widest rows instead of one for each measure that counts some of them. */
function merge(slots: readonly Slot[]): Slot[][] {
  const widestFirst = slots.toSorted((a, b) => (a.measure.where?.length ?? 0) - (b.measure.where?.length ?? 0));
  const groups: Slot[][] = [];
  for (const slot of widestFirst) {
    const found = groups.find(([wider]) => within(wider!, slot));
    if (found) found.push(within(found[0]!, slot)!);
    else groups.push([slot]);
  }
  return groups;
}

/** Measures over the same rows share a sub-query; each other one has its own, at its own grain. */
export function groupSlots(slots: readonly Slot[], plan: Plan): Slot[][] {
  const kinds = new Map<string, Slot[]>();
  for (const slot of slots) {
    const { source, time, inner, countsOrders, pastDays: days } = slot.measure;
    const own = inner ? slot.alias : '';
    const repeats = source === 'orders' && countsOrders && isByLine(plan);
    const key = JSON.stringify([source, time, own, repeats, days, slot.window]);
    kinds.set(key, [...(kinds.get(key) ?? []), slot]);
  }
  return [...kinds.values()].flatMap(merge);
}
