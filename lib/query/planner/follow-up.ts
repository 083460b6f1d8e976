import { isDeepStrictEqual } from 'node:util';
import type { Lexicon } from '../language/lexicon.ts';
import { METRIC, RATE_OF } from '../model/metrics.ts';
import { type DimensionName, type FilterField, isTimeDimension } from '../model/names.ts';
import type { Filter, Plan } from '../plan.ts';
import { type Clock, shift } from '../time/period.ts';
import { periodFrom, windowOf } from '../time/window.ts';
import { applyBounds } from './bounds.ts';
import { takeDimensions } from './dimensions.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';
import { refuseLeftovers } from './leftovers.ts';
import { takeMetrics } from './metrics.ts';
import { takeBounds, takeRank } from './numbers.ts';
import { newDraft, type Planned, plan as planQuestion } from './planner.ts';
import { read, screenReading } from './read.ts';
import { resolveTimes } from './times.ts';
import { takeValues } from './values.ts';

const OPENERS =
  /^(and|only|just|same|now|what about|how about|instead|without|excluding|as|by|per|but|also|for|in|compare|compared|vs|versus|with|break|split|sort)\b/i;

/** Words that speak of the answer before. */
const POINTING =
  /\b(it|its|that|those|them|they|same|instead|also|too|this(?! (hour|day|week|month|quarter|half|year)))\b|^(relative|restrict|limit|narrow|filter|exclude|group|or|then)\b/i;

/** Words that add to the answer before. */
const ADDING = /\b(also|too|instead|same)\b/i;

/**
 * A question that stands by itself is planned as one; anything else changes the plan before it.
 * @throws {AskBack} also when a whole sentence that speaks of nothing before is not understood, or nothing changes
 */
export function planFollowUp(question: string, previous: Plan, lexicon: Lexicon, clock: Clock): Planned {
  if (!OPENERS.test(question.trim())) {
    try {
      const whole = planQuestion(question, lexicon, clock);
      const timeless = whole.plan.window.rule === 'all_time';
      if (!timeless || !(isFragment(question) || ADDING.test(question))) return whole;
    } catch (error) {
      const mayPoint = error instanceof AskBack && (isFragment(question) || POINTING.test(question));
      if (!mayPoint) throw error;
    }
  }
  const edited = edit(question, previous, lexicon, clock);
  if (isDeepStrictEqual(edited.plan, previous)) {
    throw new AskBack('That changes nothing about the question before. Ask it by itself, or say what should change.', [
      'and the week before?',
      'and by category?',
      'only mobile',
    ]);
  }
  return edited;
}

const isFragment = (question: string) => question.trim().split(/\s+/).length <= 3;

function edit(question: string, previous: Plan, lexicon: Lexicon, clock: Clock): Planned {
  const reading = read(question, lexicon, clock);
  screenReading(reading);
  const { items, corrections } = reading;
  const draft = newDraft(items, clock);
  const rate = items.find((item) => hasAtom(item, 'rate') || hasAtom(item, 'attempt') || hasRole(item, 'share'));
  resolveTimes(draft);
  const bounds = takeBounds(draft);
  takeRank(draft);
  takeValues(draft);
  settleNouns(draft, question);
  takeDimensions(draft);
  const base = draft.dimensions.length === 0 && bounds.length > 0 ? previous.dimensions : draft.dimensions;
  draft.dimensions = [...base];
  applyBounds(draft, bounds);
  const plan = structuredClone(previous);
  if (rate && RATE_OF[previous.metrics[0]!]) {
    use(...items.filter((item) => item.meaning.atoms.length > 0 || hasRole(item, 'share') || hasRole(item, 'versus')));
    draft.metrics = [RATE_OF[previous.metrics[0]!]!];
  } else if (rate) {
    use(rate);
    plan.transform = 'share_of_total';
  } else takeMetrics(draft);
  changeWindow(plan, draft);
  changeShape(plan, draft);
  for (const item of items) if (hasRole(item, 'versus') || /^(same|instead)$/.test(item.text)) use(item);
  const asked = draft.metrics.length > 0 ? draft.metrics : plan.metrics;
  draft.metrics = asked;
  refuseLeftovers(draft);
  return {
    plan,
    assumptions: [
      ...corrections.map((one) => `read "${one.typed}" as "${one.read}"`),
      'continues the question before',
      ...draft.assumptions,
    ],
  };
}

const NARROWING = /^(and |but |now )*(only|just|for|without|excluding|exclude|from|restrict|limit|narrow|filter)\b/i;

/** "only vip customers", "without mobile orders": the noun says what the name is of, and asks for no other measure. */
function settleNouns({ items }: Draft, question: string): void {
  if (!NARROWING.test(question.trim())) return;
  items.forEach((item, at) => {
    const ofValue = (items[at - 1]?.meaning.values.length ?? 0) > 0;
    if (ofValue && (hasAtom(item, 'customer') || hasAtom(item, 'order'))) {
      item.meaning = { ...item.meaning, atoms: [], dimensions: [], filler: true };
    }
  });
}

const LENGTHS: readonly string[] = ['hour', 'day', 'week', 'month', 'quarter', 'half', 'year'];

/** "the week before" of a month is none of the weeks before it. */
function refuseShorter(unit: string | undefined, of: string): void {
  if (!unit || LENGTHS.indexOf(unit) >= LENGTHS.indexOf(of)) return;
  throw new AskBack(`The ${unit} before what? The question before is about a ${of} or more.`, [
    `and the ${of} before?`,
    `compared with the ${of} before`,
  ]);
}

/** "and last month?", "the week before": another window, or the one before moved. */
function changeWindow(plan: Plan, draft: Draft): void {
  const moved = draft.items.find((item) => item.time?.kind === 'shift' && !item.used);
  const comparing = draft.items.some((item) => hasRole(item, 'versus'));
  if (draft.window && !comparing) {
    plan.window = windowOf(draft.window);
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
  } else if (draft.window && comparing) Object.assign(plan, { compare: windowOf(draft.window), transform: 'compare' });
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

/** Another measure for the one of before, or beside it: "orders too", "sorted by orders". */
function changeMetrics(plan: Plan, draft: Draft, also: boolean): void {
  const [asked] = draft.metrics;
  if (!asked) return;
  const sorted = draft.items.some((item) => /^(sort|sorted|rank|ranked|ordered)( by)?$/.test(item.text));
  const old = plan.metrics[0]!;
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

function changeShape(plan: Plan, draft: Draft): void {
  const also = draft.items.some((item) => /^(also|too)$/.test(item.text));
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
  if (draft.rank) {
    plan.order = { by: plan.metrics[0]!, dir: draft.rank.dir };
    plan.limit = draft.rank.count ?? plan.limit ?? 10;
  }
}
