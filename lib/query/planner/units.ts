import { AMOUNT_OF, METRIC, RATE_OF, type UnitKind } from '../model/metrics.ts';
import type { MetricName } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, use } from './draft.ts';
import type { Item } from './read.ts';

/** What the answer is wanted in: "in dollars", "in units", "by number", "in hours". */

const WORDS: readonly (readonly [words: RegExp, units: readonly UnitKind[]])[] = [
  [/^((in )?(dollars?|usd|money)|by value|value wise)$/, ['money']],
  [/^((in|by) number|number wise)$/, ['count', 'units']],
  [/^in (hours?|days?)$/, ['hours', 'days']],
];

/** The units that a phrase asks for; phrases that measure something themselves ("how many dollars") are metrics. */
const unitsOf = (item: Item): readonly UnitKind[] | undefined =>
  item.meaning.filler && item.meaning.atoms.length === 0
    ? WORDS.find(([words]) => words.test(item.text))?.[1]
    : undefined;

/** The number that goes with an amount or a rate: what "and how many?" means. */
export const COUNT_OF: Partial<Record<MetricName, MetricName>> = {
  revenue: 'orders_count',
  aov: 'orders_count',
  refund_amount: 'refund_count',
  avg_refund_amount: 'refund_count',
  payment_volume: 'payments_count',
  ...Object.fromEntries(
    Object.entries(RATE_OF).flatMap(([count, rate]) => (/amount|margin/.test(count) ? [] : [[rate, count]])),
  ),
};

/** The same thing in the unit that is asked for, where there is such a measure; a rate or an average is none of it. */
function inUnit(metric: MetricName, units: readonly UnitKind[]): MetricName {
  const { unit, formula } = METRIC[metric];
  if (units.includes(unit) || unit === 'ratio' || formula?.op === 'ratio') return metric;
  const other = units.includes('money') ? AMOUNT_OF[metric] : COUNT_OF[metric];
  return other && units.includes(METRIC[other].unit) ? other : metric;
}

/** "sales in units": the pieces, which are no second measure. */
function takePieces(draft: Draft): void {
  const pieces = draft.items.find(
    (item, at) => !item.used && hasAtom(item, 'unit') && /^(in|by)$/.test(draft.items[at - 1]?.text ?? ''),
  );
  if (!pieces || draft.metrics.join() !== 'revenue') return;
  use(pieces);
  draft.metrics = ['units_sold'];
}

/** "refunds in dollars" are no number of refunds, and best sellers in money are ranked by it. */
export function settleUnit(draft: Draft): void {
  takePieces(draft);
  const [metric, ...more] = draft.metrics;
  if (metric && more.length === 0) draft.metrics = [inUnitSaid(draft, metric)];
}

/** A metric in the unit that the question names, where there is such a measure; itself otherwise. */
export function inUnitSaid({ items }: Draft, metric: MetricName): MetricName {
  const units = items.map(unitsOf).find((found) => found !== undefined);
  return units ? inUnit(metric, units) : metric;
}

/** @throws {AskBack} when nothing of the plan is in the unit that the question asks for: "cancellation rate in dollars" */
export function refuseOtherUnit(draft: Draft): void {
  if (draft.metrics.length === 0) return;
  const units = draft.metrics.map((metric) => METRIC[metric].unit);
  for (const item of draft.items) {
    const wanted = unitsOf(item);
    if (!wanted) continue;
    if (item.text === 'by value' && draft.dimensions.length === 0) throw valueOfWhat();
    if (!wanted.some((unit) => units.includes(unit))) throw otherUnit(draft, item);
    const shown = units.find((unit) => wanted.includes(unit))!;
    if (wanted.includes('hours') && !item.text.includes(shown.slice(0, -1))) draft.assumptions.push(`told in ${shown}`);
  }
}

/** "orders by value": in the order of it, or in sum? */
const valueOfWhat = () =>
  new AskBack('The value of each, or all of it in sum?', ['biggest orders last month', 'revenue by month this year']);

const otherUnit = ({ metrics }: Draft, { text }: Item) =>
  new AskBack(`What should be told "${text}"? ${METRIC[metrics[0]!].label} cannot be.`, [
    `${METRIC[metrics[0]!].label} last month`,
    'revenue by category last month',
    'units sold by category last month',
  ]);
