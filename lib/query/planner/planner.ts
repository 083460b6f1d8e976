import type { Lexicon } from '../language/lexicon.ts';
import { METRIC, type UnitKind } from '../model/metrics.ts';
import { isTimeDimension } from '../model/names.ts';
import type { Plan } from '../plan.ts';
import { allTime, type Clock, previous } from '../time/period.ts';
import { windowOf } from '../time/window.ts';
import { applyBounds, boundStates, takeRepeatedly } from './bounds.ts';
import { applyDirection, takeMembersOfChange } from './changes.ts';
import { choicesNear } from './choices.ts';
import { takeCohort } from './cohort.ts';
import { takeDimensions } from './dimensions.ts';
import { AskBack, type Draft, findRole, hasAtom, hasRole, use } from './draft.ts';
import { LeftOver, refuseLeftovers } from './leftovers.ts';
import { limitList } from './lists.ts';
import { settleActors, settleBuying, settleOwners, settlePaidWith, takeMetrics, takeTimes } from './metrics.ts';
import { takeBounds, takeRank } from './numbers.ts';
import { finishOrder } from './ranking.ts';
import { type Reading, read, screenReading } from './read.ts';
import {
  refuseBoth,
  refuseDistinct,
  refuseFirst,
  refuseForeignStatus,
  refuseLateNow,
  refuseOneSided,
  refuseOpen,
  refuseOtherCount,
  refuseOtherOrder,
  refusePaid,
  refusePaidToo,
  refusePastStock,
  refuseSlow,
  refuseUnranked,
  refuseVague,
  settleStatusWindow,
} from './refusals.ts';
import { takeShare } from './shares.ts';
import { takeStates } from './states.ts';
import { bucketFor, resolveChange, resolveTimes } from './times.ts';
import { refuseOtherUnit } from './units.ts';
import { sayTogether, takeValues } from './values.ts';

/** A plan, and what was taken for granted or read differently from how it was typed. */
export interface Planned {
  plan: Plan;
  assumptions: readonly string[];
}

export function newDraft(items: Draft['items'], clock: Clock): Draft {
  return {
    items,
    clock,
    metrics: [],
    dimensions: [],
    filters: [],
    having: [],
    transform: 'none',
    allMembers: false,
    assumptions: [],
  };
}

function takeTrend(draft: Draft): void {
  const trend = findRole(draft, 'trend');
  if (!trend) return;
  use(trend);
  if (!draft.dimensions.some(isTimeDimension)) draft.dimensions.push(bucketFor(draft));
}

function takeRunning(draft: Draft): void {
  const running = findRole(draft, 'running');
  if (!running) return;
  use(running);
  draft.transform = 'running_total';
  if (!draft.dimensions.some(isTimeDimension)) draft.dimensions.push(bucketFor(draft));
}

const SUMMED: readonly UnitKind[] = ['money', 'count', 'units'];

/** "orders per day on average", "average weekly revenue": what a sum comes to in one such stretch of time. */
function takeAverage(draft: Draft): void {
  const average = draft.items.find((item) => !item.used && hasAtom(item, 'avg'));
  const per = draft.dimensions.find((name) => /^(day|week|month|quarter|year)$/.test(name));
  const summed = draft.metrics.every(
    (metric) => SUMMED.includes(METRIC[metric].unit) && !METRIC[metric].formula?.op.startsWith('ratio'),
  );
  if (!average || !per || draft.metrics.length === 0 || !summed || draft.rank || draft.compare) return;
  use(average);
  draft.averagePer = per as NonNullable<Draft['averagePer']>;
  draft.dimensions = draft.dimensions.filter((name) => name !== per);
}

/** A best seller is a product, ranked by the units of it that were sold. */
function takeSeller(draft: Draft): void {
  const seller = draft.items.find((item) => hasAtom(item, 'seller') || /\bsellers?$/.test(item.text));
  if (!seller) return;
  if (!draft.dimensions.some((name) => ['product', 'category', 'brand'].includes(name)))
    draft.dimensions.push('product');
  if (draft.rank) draft.rank.item = seller;
}

/** "vs" is spoken for by two periods or measures, and "compare the segments" by the segments. */
function useComparing(draft: Draft): void {
  const apart = draft.compare !== undefined || draft.metrics.length > 1;
  const words = draft.items.filter((item) => hasRole(item, 'versus'));
  use(...words.filter((item) => apart || (draft.dimensions.length > 0 && /^(compar|differ)/.test(item.text))));
}

/** "what share of September's customers ordered again in October": those of the first period kept in the second. */
function takeKept(draft: Draft): void {
  const again = draft.items.find((item) => !item.used && hasAtom(item, 'repeat'));
  const periods = draft.items.filter((item) => item.time?.kind === 'period' && !item.used);
  const share = draft.items.find((item) => hasAtom(item, 'rate') || hasRole(item, 'share'));
  if (!again || !share || periods.length !== 2) return;
  const [one, other] = periods.map((item) => (item.time?.kind === 'period' ? item.time.period : undefined));
  const [earlier, later] = (one!.start ?? 0) < (other!.start ?? 0) ? [one, other] : [other, one];
  use(again, share, ...periods);
  use(
    ...draft.items.filter(
      (item) =>
        ['customer', 'buyer', 'order', 'sell'].some((atom) => hasAtom(item, atom as 'sell')) || item.text === 'after',
    ),
  );
  draft.metrics = ['retention_rate'];
  draft.window = later!;
  draft.compare = earlier!;
}

/** Fraud that is no measure narrows the orders: "revenue of flagged orders". */
function takeFlagged(draft: Draft): void {
  const flagged = draft.items.find((item) => !item.used && hasAtom(item, 'fraud') && !hasAtom(item, 'score'));
  if (!flagged || draft.metrics.length === 0) return;
  use(flagged);
  draft.filters.push({ field: 'fraud_flag', op: '=', value: true });
}

/** Customers kept from one period to the next: of those of the period before, who came in this one. */
function takeRetention(draft: Draft): void {
  if (!draft.metrics.includes('retention_rate')) return;
  if (!draft.window)
    throw new AskBack('Retention over which period?', ['retention rate last month', 'retention rate last quarter']);
  draft.compare ??= previous(draft.clock, draft.window);
  draft.transform = 'none';
}

function fill(draft: Draft): void {
  resolveTimes(draft);
  refuseOneSided(draft);
  const bounds = takeBounds(draft);
  takeRank(draft);
  // "big orders over $500" are those over $500, not the ten biggest.
  if (bounds.length > 0 && /^(big|strong)$/.test(draft.rank?.item.text ?? '')) delete draft.rank;
  takeValues(draft);
  settleActors(draft);
  settleOwners(draft);
  settleBuying(draft);
  settlePaidWith(draft);
  takeDimensions(draft);
  sayTogether(draft);
  takeMembersOfChange(draft);
  if (takeStates(draft, bounds)) boundStates(draft, bounds);
  else {
    takeKept(draft);
    applyBounds(draft, bounds);
    takeRepeatedly(draft);
    takeMetrics(draft);
  }
  takeOnTime(draft);
  takeFlagged(draft);
  takeAverage(draft);
  refuseVague(draft);
  refusePaid(draft);
  refuseOpen(draft);
  takeSeller(draft);
  takeTrend(draft);
  takeRunning(draft);
  takeCohort(draft);
  takeRetention(draft);
  resolveChange(draft);
  takeShare(draft);
  listParcels(draft);
  finishOrder(draft);
  takeTimes(draft);
  applyDirection(draft);
  limitList(draft);
  settleStatusWindow(draft);
  useComparing(draft);
  refusePastStock(draft);
  refuseForeignStatus(draft);
  refuseUnranked(draft);
  refuseOtherUnit(draft);
  refuseOtherOrder(draft);
  refuseLateNow(draft);
  refuseSlow(draft);
  refuseFirst(draft);
  refuseOtherCount(draft);
  refuseDistinct(draft);
  refusePaidToo(draft);
  refuseBoth(draft);
}

/** "list overdue DHL shipments": the parcels, not their number. */
function listParcels(draft: Draft): void {
  const listed = draft.items.some(
    (item) => hasRole(item, 'list') && !/^(which|what)$/.test(item.text) && !hasAtom(item, 'count'),
  );
  const [metric] = draft.metrics;
  const overdue = (metric === 'overdue_shipments' || metric === 'late_deliveries') && draft.dimensions.length === 0;
  const named = draft.items.some((item) => item.meaning.dimensions.includes('shipment') && item.plural);
  if (!listed || !overdue || !named) return;
  draft.dimensions = ['shipment'];
  draft.list = 'shipment';
  if (metric !== 'late_deliveries') return;
  draft.metrics = ['avg_days_late', metric];
  draft.order = { by: 'avg_days_late', dir: 'desc' };
}

/** "how many parcels arrived on time": those deliveries that were not late, and no rate of them. */
function takeOnTime(draft: Draft): void {
  const onTime = draft.items.find((item) => hasAtom(item, 'ontime'));
  const counted = draft.items.some((item) => hasAtom(item, 'count'));
  const parts = draft.items.some((item) => hasAtom(item, 'rate') || hasAtom(item, 'often') || hasRole(item, 'share'));
  const [metric] = draft.metrics;
  const isParcels = metric === 'on_time_rate' || metric === 'deliveries_count' || metric === 'shipments_count';
  if (!onTime || !counted || parts || !isParcels || draft.metrics.length > 1) return;
  use(onTime);
  draft.metrics = ['deliveries_count'];
  draft.filters.push({ field: 'late', op: '=', value: false });
}

/** The draft as a plan; windows that were not named become all time, and the answer says so. */
function toPlan(draft: Draft): Plan {
  const window = draft.window ?? allTime(draft.clock);
  const isState = draft.metrics.every((metric) => METRIC[metric].state || metric === 'last_order_at');
  if (!draft.window) draft.assumptions.push(isState ? 'as of now' : 'no time was named: all time');
  return {
    metrics: draft.metrics,
    dimensions: draft.dimensions,
    filters: draft.filters,
    having: draft.having,
    window: { ...windowOf(window), ...(isState && !draft.window && { rule: 'as_of_now' }) },
    compare: draft.compare ? windowOf(draft.compare) : null,
    transform: draft.transform,
    order: draft.count ? null : (draft.order ?? null),
    limit: draft.count ? null : (draft.limit ?? null),
    per: draft.per ?? null,
    cohort: draft.cohort ?? null,
    allMembers: draft.allMembers,
    ...(draft.count && { count: true as const }),
    ...(draft.averagePer && { averagePer: draft.averagePer }),
  };
}

/** Makes the plan of a question, or says what is missing. */
function planOnce(reading: Reading, draft: Draft): Planned {
  screenReading(reading);
  fill(draft);
  refuseLeftovers(draft);
  const corrections = reading.corrections.map(({ typed, read: word }) => `read "${typed}" as "${word}"`);
  const result = toPlan(draft);
  return { plan: result, assumptions: [...corrections, ...draft.assumptions] };
}

/** The questions to choose from are such as can be answered themselves. */
function withChoices(error: AskBack, draft: Draft, lexicon: Lexicon): AskBack {
  const canPlan = (question: string) => {
    try {
      const reading = read(question, lexicon, draft.clock);
      return Boolean(planOnce(reading, newDraft(reading.items, draft.clock)));
    } catch {
      return false;
    }
  };
  if (error instanceof LeftOver) error.choices = choicesNear(draft, error.left, canPlan);
  return error;
}

/**
 * Question -> plan, without a language model.
 * @throws {AskBack} when words are left over or the question can be read in more than one way
 * @throws {Screened} when it is one that is not answered, once its misspellings are put right
 */
export function plan(question: string, lexicon: Lexicon, clock: Clock): Planned {
  const reading = read(question, lexicon, clock);
  const draft = newDraft(reading.items, clock);
  try {
    return planOnce(reading, draft);
  } catch (error) {
    if (!(error instanceof AskBack)) throw error;
    error.unread ||= reading.items.some((item) => item.unknown);
    error.certain = !reading.items.some((item) => item.unknown) && reading.corrections.length === 0;
    throw withChoices(error, draft, lexicon);
  }
}
