import { METRIC } from '../model/metrics.ts';
import { type DimensionName, type FilterField, isTimeDimension } from '../model/names.ts';
import type { Filter, Plan } from '../plan.ts';
import { allTime, type Period, shift } from '../time/period.ts';
import { periodFrom, windowOf } from '../time/window.ts';
import { AskBack, type Draft, hasRole, use } from './draft.ts';
import { directionOf } from './ranking.ts';
import { counterpart } from './times.ts';
import { refuseOtherUnit } from './units.ts';

/** Puts what a question after an answer says in the place of what the plan before it said. */

const LENGTHS: readonly string[] = ['hour', 'day', 'week', 'month', 'quarter', 'half', 'year'];

/** "the week before" of a month is none of the weeks before it. */
function refuseShorter(unit: string | undefined, of: string): void {
  if (!unit || LENGTHS.indexOf(unit) >= LENGTHS.indexOf(of)) return;
  throw new AskBack(`The ${unit} before what? The question before is about a ${of} or more.`, [
    `and the ${of} before?`,
    `compared with the ${of} before`,
  ]);
}

/** "a year ago", after a question about a month: that month a year ago. */
const isLonger = (unit: string, { step, start }: Period): boolean =>
  start !== null && LENGTHS.indexOf(unit) > LENGTHS.indexOf(step.unit);

/** "and last month?", "the week before": another window, or the one before moved. */
export function changeWindow(plan: Plan, draft: Draft): void {
  const moved = draft.items.find((item) => item.time?.kind === 'shift' && !item.used);
  const comparing = draft.items.some((item) => hasRole(item, 'versus'));
  const { window, compare } = draft;
  if (window && compare) {
    Object.assign(plan, { window: windowOf(window), compare: windowOf(compare), transform: 'compare' });
    return;
  }
  const ago = draft.items.find(({ text, time }) => time?.kind === 'period' && / ago$/.test(text));
  if (window && !compare && ago && isLonger(window.step.unit, periodFrom(plan.window))) {
    const other = windowOf(shift(draft.clock, periodFrom(plan.window), window.step.unit, -1));
    Object.assign(plan, comparing ? { compare: other, transform: 'compare' } : { window: other });
    return;
  }
  if (window && !comparing) {
    plan.window = windowOf(window);
    plan.compare = null;
    if (plan.transform === 'compare') plan.transform = 'none';
  }
  const current = periodFrom(plan.window);
  const time = moved?.time;
  if (time?.kind === 'shift') {
    use(moved);
    refuseShorter(time.unit, current.step.unit);
    const other = windowOf(
      shift(draft.clock, current, time.unit ?? current.step.unit, time.count * (time.unit ? 1 : current.step.count)),
    );
    if (comparing) Object.assign(plan, { compare: other, transform: 'compare' });
    else plan.window = other;
  } else if (window && comparing) {
    Object.assign(plan, { compare: windowOf(counterpart(draft, current, window)), transform: 'compare' });
  }
}

const OF_MEMBERS: ReadonlySet<FilterField> = new Set(['low_stock', 'out_of_stock', 'last_order_before']);

/** What is said of single members ("products below the reorder point") is of no group of them: the list stays one. */
function memberOf(plan: Plan): DimensionName | undefined {
  const bounded =
    plan.having.some(({ column }) => !/^(delta|share)/.test(column)) ||
    plan.filters.some(({ field }) => OF_MEMBERS.has(field)) ||
    plan.metrics.some((metric) => METRIC[metric].listOf);
  return bounded ? plan.dimensions.at(-1) : undefined;
}

/** Other dimensions for those of before; of days or months there is no top, and a ranking stays the way it was. */
function splitAnew(plan: Plan, asked: readonly DimensionName[], also: boolean): void {
  if (splitAverage(plan, asked) || splitRanking(plan, asked)) return;
  if (plan.count) throw new AskBack('The list, or how many in each?', ['customers by country', 'orders by country']);
  const member = memberOf(plan);
  const kept = [...(also ? plan.dimensions : []), ...asked, ...(member ? [member] : [])];
  plan.dimensions = [...new Set(kept.filter((name) => name !== member)), ...(member ? [member] : [])];
  plan.per = null;
  if (member) return;
  const time = plan.dimensions.find(isTimeDimension);
  const ranked = plan.limit !== null && plan.order?.by === plan.metrics[0] ? (plan.order?.dir ?? 'desc') : 'desc';
  if (time) plan.limit = null;
  plan.order = time
    ? { by: time, dir: 'asc' }
    : { by: plan.transform === 'share_of_total' ? 'share' : plan.metrics[0]!, dir: ranked };
}

/** "and per week?" of what a day brings on average. */
function splitAverage(plan: Plan, [asked, ...more]: readonly DimensionName[]): boolean {
  const isPer = asked && /^(day|week|month|quarter|year)$/.test(asked);
  if (!plan.averagePer || !isPer || more.length > 0) return false;
  plan.averagePer = asked as NonNullable<Plan['averagePer']>;
  return true;
}

/** "and per brand?" of the best in each category: the best in each brand. */
function splitRanking(plan: Plan, [asked, ...more]: readonly DimensionName[]): boolean {
  if (!plan.per || !asked || more.length > 0 || plan.dimensions.length !== 2 || plan.dimensions.includes(asked))
    return false;
  plan.dimensions = [asked, plan.dimensions[1]!];
  plan.per = asked;
  return true;
}

/** Another measure for the one of before, or beside it: "orders too", "sorted by orders". */
function changeMetrics(plan: Plan, draft: Draft, also: boolean): void {
  const [asked] = draft.metrics;
  if (!asked) return;
  const sorted = draft.items.some((item) => /^(sort|sorted|rank|ranked|ordered)( by)?$/.test(item.text));
  const old = plan.metrics[0]!;
  const bounding = draft.metrics.every((metric) => draft.having.some(({ column }) => column === metric));
  if (bounding) {
    plan.metrics = [...new Set([...plan.metrics, ...draft.metrics])];
    return;
  }
  plan.metrics = also || sorted ? [...new Set([...plan.metrics, ...draft.metrics])] : draft.metrics;
  if (sorted && plan.order) plan.order = { by: asked, dir: draft.rank?.dir ?? 'desc' };
  else if (plan.order && !also && plan.order.by === old) plan.order = { ...plan.order, by: asked };
}

const isNegated = ({ op }: Filter) => op === '!=' || op === 'not in';

/** A filter on the same field replaces the one of before; with "also" both count. */
function narrow(plan: Plan, filter: Filter, also: boolean): void {
  const old = plan.filters.find(({ field }) => field === filter.field);
  const rest = plan.filters.filter(({ field }) => field !== filter.field);
  const both = also && old && typeof old.value !== 'boolean' && isNegated(old) === isNegated(filter);
  const value = both ? ([...new Set([old.value, filter.value].flat())] as string[]) : filter.value;
  plan.filters = [...rest, both ? { ...filter, op: isNegated(filter) ? 'not in' : 'in', value } : filter];
}

/** "sorted ascending". */
function changeOrder(plan: Plan, draft: Draft): void {
  const word = draft.items.find((item) => /^(ascending|descending|asc|desc)$/.test(item.text));
  if (!word || !plan.order) return;
  use(word);
  plan.order = { ...plan.order, dir: word.text.startsWith('asc') ? 'asc' : 'desc' };
}

/** "make it 20", "show 5 instead": more or fewer rows of the same. */
function changeLimit(plan: Plan, draft: Draft): void {
  const number = draft.items.find((item) => item.value && !item.used && item.text !== 'one');
  const { value = 0, money, percent, ordinal } = number?.value ?? {};
  const isCount = Number.isInteger(value) && value > 0 && value <= 1_000 && !money && !percent && !ordinal;
  const others = draft.items.some((item) => !item.used && item !== number && !item.meaning.filler);
  if (!number || !isCount || others || plan.dimensions.length === 0 || plan.dimensions.some(isTimeDimension)) return;
  use(number);
  plan.limit = value;
}

/** What is in stock is known as it is now; what happened is asked for since ever, where no time was said. */
function settleState(plan: Plan, draft: Draft): void {
  const state = plan.metrics.every((metric) => METRIC[metric].state || metric === 'last_order_at');
  if (!state && plan.window.rule === 'as_of_now') plan.window = { ...plan.window, rule: 'all_time' };
  const stock = plan.metrics.every((metric) => METRIC[metric].scope === 'stock');
  if (!stock || plan.window.rule === 'as_of_now') return;
  plan.window = { ...windowOf(allTime(draft.clock)), rule: 'as_of_now' };
  plan.compare = null;
  if (plan.transform === 'compare') plan.transform = 'none';
  draft.assumptions.push('as of now');
}

/** The best of them where one is asked for, else as many as before. */
function limitOf(plan: Plan, { rank, items }: Draft): number | null {
  const named = items.filter((item) => item.used && item.meaning.dimensions.length > 0);
  const single =
    named.length > 0 ? named.every((item) => !item.plural) : items.some((item) => /^which one\b/.test(item.text));
  return rank!.count ?? (single ? 1 : (plan.limit ?? 10));
}

export function changeShape(plan: Plan, draft: Draft): void {
  const also = draft.items.some((item) => /^(also|too|as well|next to|alongside|beside)$/.test(item.text));
  changeMetrics(plan, draft, also);
  if (draft.dimensions.length > 0) splitAnew(plan, draft.dimensions, also);
  const back = draft.items.some((item) => /^(include|including)$/.test(item.text));
  if (back && draft.filters.length > 0)
    throw new AskBack('Only those, or those beside the others?', [
      `only ${[draft.filters[0]!.value].flat()[0]}`,
      `and by ${draft.filters[0]!.field.replaceAll('_', ' ')}?`,
    ]);
  for (const filter of draft.filters) narrow(plan, filter, also);
  plan.having.push(...draft.having);
  changeOrder(plan, draft);
  if (draft.sorted) plan.order = { by: plan.metrics[0]!, dir: directionOf(draft, plan.metrics[0]!, draft.sorted) };
  if (draft.rank) {
    plan.order = { by: plan.metrics[0]!, dir: directionOf(draft, plan.metrics[0]!) };
    plan.limit = limitOf(plan, draft);
  } else if (draft.howMany !== undefined && plan.dimensions.length > 0) plan.limit = draft.howMany;
  else changeLimit(plan, draft);
  refuseOtherUnit({ ...draft, metrics: plan.metrics, dimensions: plan.dimensions });
  settleState(plan, draft);
}
