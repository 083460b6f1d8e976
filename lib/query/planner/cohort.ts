import { METRIC } from '../model/metrics.ts';
import { isTimeDimension, type MetricName } from '../model/names.ts';
import { allTime, pastDays } from '../time/period.ts';
import { windowOf } from '../time/window.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';

const rankWord = (draft: Draft): string => draft.items.find((item) => hasRole(item, 'best'))?.text ?? '';

/** "top 10 products by inventory value": that is what they lead by. */
function isRankedBy({ items, rank }: Draft): boolean {
  const at = items.findIndex((item) => item === rank?.item || hasRole(item, 'best'));
  const by = items.findIndex(
    (item, index) =>
      index > at && (hasRole(item, 'by') || /^(with|having|in|in terms of|based on|by value)$/.test(item.text)),
  );
  return (
    by >= 0 && items.slice(by + 1).some((item) => item.used && item.meaning.atoms.length > 0 && !item.meaning.filler)
  );
}

/** "orders from the top 3 cities by channel": of each channel, or those that lead over all? */
const bestOfWhat = () =>
  new AskBack('The first of each, or those that lead over all?', [
    'top 3 cities in each channel by orders last month',
    'top 3 cities by orders last month',
  ]);

/** The members that lead by one metric, looked at by another: "days of stock left for our top 10 sellers". */
export function takeCohort(draft: Draft): void {
  const { rank } = draft;
  const [metric] = draft.metrics;
  const seller = draft.items.find((item) => hasAtom(item, 'seller') || /\b(selling|sold)\b/.test(item.text));
  if (!rank || !metric) return;
  const at = draft.items.indexOf(seller ?? rank.item);
  const ofStock =
    METRIC[metric].state === true && !isRankedBy(draft) && /^(top|best|biggest|largest)\b/.test(rankWord(draft));
  const introduced =
    ofStock ||
    (draft.items.slice(0, at).some((item) => /^(for|of|from|on|among)( our| the| my)?$/.test(item.text)) &&
      draft.items
        .slice(0, at)
        .some((item) => item.used && item.meaning.atoms.length > 0 && !item.meaning.filler && item !== seller));
  const by: MetricName = seller ? 'units_sold' : 'revenue';
  if (draft.per) {
    if (introduced && !ofStock && rank.count) throw bestOfWhat();
    return;
  }
  if (!introduced || metric === by) return;
  const dimension = seller ? 'product' : draft.dimensions.find((name) => !isTimeDimension(name));
  if (!dimension) return;
  const window = METRIC[metric].state ? pastDays(draft.clock, 28) : (draft.window ?? allTime(draft.clock));
  draft.cohort = { dimension, metric: by, window: windowOf(window), limit: rank.count ?? 10 };
  if (!draft.dimensions.includes(dimension)) draft.dimensions.push(dimension);
  if (seller) use(seller);
  if (METRIC[metric].state) draft.order = { by: metric, dir: 'asc' };
  delete draft.rank;
}
