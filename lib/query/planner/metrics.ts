import type { MetricName } from '../model/names.ts';
import { METRIC_RULES, type MetricRule } from '../model/rules.ts';
import { type Draft, hasAtom, hasRole, use } from './draft.ts';
import type { Item } from './read.ts';

/** Where "and" and "vs" cut the question, and what is said "per" something: a metric may not reach over either. */
interface Phrases {
  part(item: Item): number;
  isPer(item: Item): boolean;
}

const joins = (item: Item) => item.text === 'and' || hasRole(item, 'vsand') || hasRole(item, 'versus');

function phrasesOf(items: readonly Item[]): Phrases {
  const parts = new Map<Item, number>();
  let part = 0;
  for (const item of items) {
    if (joins(item)) part++;
    parts.set(item, part);
  }
  return {
    part: (item) => parts.get(item) ?? 0,
    isPer: (item) => /^(per|each|every)$/.test(items[items.indexOf(item) - 1]?.text ?? ''),
  };
}

/**
 * Which of the items stand for a rule: one for each atom it needs, and those beside them that may come along;
 * undefined when an atom is missing.
 */
function fit(rule: MetricRule, items: readonly Item[], phrases: Phrases): Item[] | undefined {
  const taken: Item[] = [];
  for (const atom of rule.all) {
    const item = items.find((one) => !taken.includes(one) && hasAtom(one, atom));
    if (!item) return undefined;
    taken.push(item);
  }
  const parts = new Set(taken.map((item) => phrases.part(item)));
  const comesAlong = (item: Item) => [...rule.all, ...rule.also].some((atom) => hasAtom(item, atom));
  for (const item of items) {
    const near = parts.has(phrases.part(item)) && !phrases.isPer(item);
    if (near && comesAlong(item) && !taken.includes(item)) taken.push(item);
  }
  return taken;
}

/** Items that say something only as part of a metric weigh more than those that may be left out. */
const weight = (taken: readonly Item[]) => taken.reduce((sum, item) => sum + (item.meaning.filler ? 0.5 : 1), 0);

interface Fit {
  rule: MetricRule;
  taken: Item[];
}

function bestFit(items: readonly Item[], phrases: Phrases): Fit | undefined {
  let best: (Fit & { score: number }) | undefined;
  for (const rule of METRIC_RULES) {
    const taken = fit(rule, items, phrases);
    if (!taken) continue;
    const score = weight(taken) + rule.all.length / 100;
    if (!best || score > best.score) best = { rule, taken, score };
  }
  return best;
}

/** A further metric has to be added or set against the first: "revenue and orders", "gross vs net". */
function isJoined(items: readonly Item[], taken: readonly Item[]): boolean {
  const first = items.indexOf(taken[0]!);
  return [items.slice(0, first), items.slice(first + 1)].some((side) => side.some(joins));
}

/** The metrics that the given items say, in the order in which they are said; marks what they use. */
export function metricsOf(items: readonly Item[]): MetricName[] {
  const phrases = phrasesOf(items);
  const found: { metrics: readonly MetricName[]; at: number }[] = [];
  for (let rest = items.filter((item) => !item.used && item.meaning.atoms.length > 0); ; ) {
    const best = bestFit(rest, phrases);
    const onlyFillers = best?.taken.every((item) => item.meaning.filler);
    if (!best || (found.length > 0 && (onlyFillers || !isJoined(items, best.taken)))) break;
    use(...best.taken);
    rest = rest.filter((item) => !best.taken.includes(item));
    found.push({ metrics: best.rule.metrics, at: Math.min(...best.taken.map((item) => items.indexOf(item))) });
  }
  return [...new Set(found.sort((a, b) => a.at - b.at).flatMap((one) => one.metrics))];
}

/** Fills the metrics from what the question says; defaults come later. */
export function takeMetrics(draft: Draft): void {
  if (draft.metrics.length > 0) return;
  draft.metrics = metricsOf(draft.items.filter((item) => !hasAtom(item, 'seller')));
  if (draft.metrics.length === 0) draft.metrics = metricsOf(draft.items);
}
