import type { MetricName } from '../model/names.ts';
import { METRIC_RULES, type MetricRule } from '../model/rules.ts';
import type { Atom } from '../model/words.ts';
import { type Draft, use } from './draft.ts';
import type { Item } from './read.ts';

/** Which of the items stand for the atoms of a rule: each item for one atom; undefined when an atom is missing. */
function fit(rule: MetricRule, items: readonly Item[]): Item[] | undefined {
  const taken: Item[] = [];
  const take = (atom: Atom) => {
    const item = items.find((one) => !taken.includes(one) && one.meaning.atoms.includes(atom));
    if (item) taken.push(item);
    return Boolean(item);
  };
  if (!rule.all.every(take)) return undefined;
  for (const atom of rule.also) while (take(atom));
  return taken;
}

/** Items that say something only as part of a metric weigh more than those that may be left out. */
const weight = (taken: readonly Item[]) => taken.reduce((sum, item) => sum + (item.meaning.filler ? 0.5 : 1), 0);

interface Fit {
  rule: MetricRule;
  taken: Item[];
}

function bestFit(items: readonly Item[]): Fit | undefined {
  let best: (Fit & { score: number }) | undefined;
  for (const rule of METRIC_RULES) {
    const taken = fit(rule, items);
    if (!taken) continue;
    const score = weight(taken) + rule.all.length / 100;
    if (!best || score > best.score) best = { rule, taken, score };
  }
  return best;
}

/** The metrics that the given items say, in the order in which they are said; marks what they use. */
export function metricsOf(items: readonly Item[]): MetricName[] {
  const found: { metrics: readonly MetricName[]; at: number }[] = [];
  for (let rest = items.filter((item) => !item.used && item.meaning.atoms.length > 0); ; ) {
    const best = bestFit(rest);
    const onlyFillers = best?.taken.every((item) => item.meaning.filler);
    if (!best || (onlyFillers && found.length > 0)) break;
    use(...best.taken);
    rest = rest.filter((item) => !best.taken.includes(item));
    found.push({ metrics: best.rule.metrics, at: Math.min(...best.taken.map((item) => items.indexOf(item))) });
  }
  return [...new Set(found.sort((a, b) => a.at - b.at).flatMap((one) => one.metrics))];
}

/** Fills the metrics from what the question says; defaults come later. */
export function takeMetrics(draft: Draft): void {
  if (draft.metrics.length > 0) return;
  const said = draft.items.filter((item) => !item.meaning.atoms.includes('seller'));
  draft.metrics = metricsOf(said);
  if (draft.metrics.length === 0) draft.metrics = metricsOf(draft.items);
}
