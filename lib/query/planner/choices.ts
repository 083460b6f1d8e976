import { DIMENSION, TIME_LABEL } from '../model/dimensions.ts';
import { METRIC } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName } from '../model/names.ts';
import type { Draft } from './draft.ts';
import type { Item } from './read.ts';

const MOST = 4;

/** Questions that can be answered whatever the shop sells. */
export const EXAMPLES = [
  'revenue by category this month',
  'top 10 products last week',
  'how many orders yesterday',
  'refund rate by brand last quarter',
];

const labelOf = (name: DimensionName) => (isTimeDimension(name) ? TIME_LABEL[name][0] : DIMENSION[name].label);

/** "by", "of the": nothing follows any more. */
const isDangling = ({ meaning, time, value }: Item): boolean =>
  !time && !value && meaning.values.length + meaning.atoms.length + meaning.dimensions.length === 0;

/** The same question without the words that could not be placed. */
function shortened(draft: Draft, left: readonly Item[]): string[] {
  // What led to a word that goes has to go with it: "per order", "most expensive".
  const isLead = (at: number) => isDangling(draft.items[at]!) && left.includes(draft.items[at + 1]!);
  const kept = draft.items.filter((item, at) => !left.includes(item) && item.text !== ',' && !isLead(at));
  while (kept.length > 0 && isDangling(kept.at(-1)!)) kept.pop();
  const content = kept.some((item) => !item.meaning.filler || item.time);
  return left.length > 0 && left.length <= 2 && content ? [kept.map((item) => item.text).join(' ')] : [];
}

/** The measures that were understood, in the words of the model, with the period that was named. */
function rephrased(draft: Draft, metrics: readonly MetricName[]): string[] {
  const time = draft.items.find((item) => item.time?.kind === 'period')?.text;
  const by = draft.dimensions.length > 0 ? ` by ${draft.dimensions.map(labelOf).join(' and ')}` : '';
  return metrics.flatMap((metric) => {
    const { label } = METRIC[metric];
    return [`${label}${by} ${time ?? 'last month'}`, `${label} by category this month`, `${label} per week this year`];
  });
}

/**
 * Two to four questions near to the one that was asked, each of which can be answered.
 * @param canPlan whether a question becomes a plan
 */
export function choicesNear(draft: Draft, left: readonly Item[], canPlan: (question: string) => boolean): string[] {
  const candidates = [...shortened(draft, left), ...rephrased(draft, draft.metrics.slice(0, 2))];
  const found: string[] = [];
  for (const candidate of new Set(candidates)) {
    if (found.length < MOST - 1 && canPlan(candidate)) found.push(candidate);
  }
  return found.length >= 2 ? found : [...new Set([...found, ...EXAMPLES])].slice(0, found.length > 0 ? 3 : MOST);
}
