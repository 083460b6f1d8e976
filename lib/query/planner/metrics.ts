import { METRIC } from '../model/metrics.ts';
import type { MetricName } from '../model/names.ts';
import { METRIC_RULES, type MetricRule } from '../model/rules.ts';
import type { Atom } from '../model/words.ts';
import { type Draft, hasAtom, hasRole, use } from './draft.ts';
import { before } from './numbers.ts';
import type { Item } from './read.ts';
import { settleUnit } from './units.ts';

/** Where "and" and "vs" cut the question, and what is said "per" something: a metric may not reach over either. */
interface Phrases {
  part(item: Item): number;
  isPer(item: Item): boolean;
}

const isName = (item: Item | undefined) => (item?.meaning.values.length ?? 0) > 0 && item!.meaning.atoms.length === 0;

/** "and" and "vs", unless they stand between two names: "overdue DHL and UPS parcels" are one thing. */
const joins = (item: Item, at: number, items: readonly Item[]) =>
  (item.text === 'and' || hasRole(item, 'vsand') || hasRole(item, 'versus')) &&
  !(isName(items[at - 1]) && isName(items[at + 1]));

/** "per order", "per vip customer". */
function isAfterPer(items: readonly Item[], at: number): boolean {
  let index = at - 1;
  while (index >= 0 && items[index]!.meaning.values.length > 0) index--;
  return /^(per|each|every)$/.test(items[index]?.text ?? '');
}

function phrasesOf(items: readonly Item[]): Phrases {
  const parts = new Map<Item, number>();
  let part = 0;
  for (const [at, item] of items.entries()) {
    if (joins(item, at, items)) part++;
    parts.set(item, part);
  }
  return {
    part: (item) => parts.get(item) ?? 0,
    isPer: (item) => isAfterPer(items, items.indexOf(item)),
  };
}

/** "on average" may stand anywhere in a sentence. */
const isAdverb = (item: Item) => /^(on average|typically|usually)$/.test(item.text);

/** One item for each atom that the rule needs, undefined when one is missing. */
function needed(rule: MetricRule, items: readonly Item[], phrases: Phrases): Item[] | undefined {
  const taken: Item[] = [];
  const alone = rule.all.length === 1 || rule.metrics[0] === 'units_sold';
  for (const atom of rule.all) {
    const item = items.find((one) => !taken.includes(one) && hasAtom(one, atom) && !(alone && phrases.isPer(one)));
    if (!item) return undefined;
    taken.push(item);
  }
  return taken;
}

interface Taken {
  items: Item[];
  /** Its words are spread over parts that "and" separates. */
  scattered: boolean;
}

/** Which of the items stand for a rule: those it needs, if possible of one part, and those beside them that may come along. */
function fit(rule: MetricRule, items: readonly Item[], phrases: Phrases): Taken | undefined {
  const inPart = [...new Set(items.map((item) => phrases.part(item)))]
    .map((part) => {
      const own = items.filter((item) => phrases.part(item) === part || isAdverb(item));
      return needed(rule, own, phrases);
    })
    .find((found) => found !== undefined);
  const core = inPart ?? needed(rule, items, phrases);
  if (!core) return undefined;
  const parts = new Set(core.map((item) => phrases.part(item)));
  const comesAlong = (item: Item) => [...rule.all, ...rule.also].some((atom) => hasAtom(item, atom));
  const along = items.filter((item) => {
    const near = (parts.has(phrases.part(item)) || isAdverb(item)) && !phrases.isPer(item);
    return near && comesAlong(item) && !core.includes(item);
  });
  return { items: [...core, ...along], scattered: !inPart };
}

/** Items that say something only as part of a metric weigh more than those that may be left out. */
const weight = (taken: readonly Item[]) => taken.reduce((sum, item) => sum + (item.meaning.filler ? 0.5 : 1), 0);

/** What it costs a rule to reach over an "and". */
const SCATTERED = 0.6;

interface Fit {
  rule: MetricRule;
  taken: Item[];
}

function bestFit(items: readonly Item[], phrases: Phrases): Fit | undefined {
  let best: (Fit & { score: number }) | undefined;
  for (const rule of METRIC_RULES) {
    const found = fit(rule, items, phrases);
    if (!found) continue;
    const score = weight(found.items) + rule.all.length / 100 - (found.scattered ? SCATTERED : 0);
    if (!best || score > best.score) best = { rule, taken: found.items, score };
  }
  return best;
}

/** A further metric has to be added or set against the first: "revenue and orders", "gross vs net". */
function isJoined(items: readonly Item[], taken: readonly Item[]): boolean {
  const first = items.indexOf(taken[0]!);
  return items.some((item, at) => at !== first && joins(item, at, items));
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

const ACTORS = ['customer', 'buyer'] as const;

const VERB = /(^|^what )(do|does|did|are|is|were|was|have|has)$/;

/** "what do customers buy", "how much did people spend": who acts is not what is counted. */
function isActor(items: readonly Item[], at: number): boolean {
  const item = items[at]!;
  if (!ACTORS.some((atom) => hasAtom(item, atom))) return false;
  for (let index = at - 1; index >= 0; index--) {
    const one = items[index]!;
    if (VERB.test(one.text)) return (index > 0 || one.text.includes(' ')) && !countedBefore(items, at, index);
    if (hasAtom(one, 'count') || !(one.meaning.filler || one.meaning.values.length > 0)) return false;
  }
  return false;
}

/** "how many are customers ..." still counts them. */
const countedBefore = (items: readonly Item[], at: number, verb: number) =>
  hasAtom(items[verb - 1], 'count') || (verb > 0 && items.slice(verb, at).some((item) => hasAtom(item, 'count')));

const BUYING = /^(ordered|bought|purchased|shopped|buying|ordering|buy|shop)$/;
const BUYERS = /\b(customers?|buyers?|shoppers?|clients?|people|ones)\b/;

/**
 * "how many returning customers ordered", "customers per segment who bought": those who buy are counted, and the verb
 * says no more than that they did.
 */
export function settleBuying(draft: Draft): void {
  const { items } = draft;
  const verb = items.findIndex((item) => BUYING.test(item.text) && !item.plural && !item.used && !item.time);
  if (verb < 1) return;
  const noun = items.findLastIndex(
    (item, at) => at < verb && BUYERS.test(item.text) && (!item.used || item.meaning.values.length > 0),
  );
  if (noun < 0 || draft.actors || draft.rank) return;
  const between = items.slice(noun + 1, verb);
  const relative = between.some((item) => /^(who|that)\b/.test(item.text));
  const counted = hasAtom(items[before(items, noun)], 'count') || hasAtom(items[noun - 1], 'count');
  const clear = between.every(
    (item) =>
      item.used || item.meaning.filler || (relative && item.meaning.dimensions.length > 0) || hasRole(item, 'by'),
  );
  const product = items.slice(verb + 1).some((item) => !item.used && item.meaning.atoms.length > 0 && !item.time);
  if (!clear || product || (!counted && !relative)) return;
  items[verb]!.meaning = { ...items[verb]!.meaning, atoms: ['buyer'] };
}

/** Takes those who act out of the question once something else is asked about them. */
export function settleActors(draft: Draft): void {
  draft.items.forEach((item, at) => {
    if (!item.used && !item.time && isActor(draft.items, at)) {
      use(item);
      draft.actors = true;
      item.meaning = { ...item.meaning, atoms: [], dimensions: [] };
    }
  });
}

/** Said of customers along with a number of them, or a part; what else is measured is measured of them. */
const OF_PEOPLE: readonly Atom[] = ['count', 'customer', 'buyer', 'rate', 'often', 'avg', 'amount', 'howmuch', 'use'];

/** "late deliveries of vip customers", "refund rate for customers in Oslo": whose they are is not what is counted. */
export function settleOwners(draft: Draft): void {
  const { items } = draft;
  items.forEach((item, at) => {
    if (item.used || !ACTORS.some((atom) => hasAtom(item, atom)) || item.meaning.values.length > 0) return;
    let index = at - 1;
    while (index >= 0 && (items[index]!.meaning.values.length > 0 || /^(the|our|my|all)$/.test(items[index]!.text)))
      index--;
    const isOwned = /^(of|for|from|to|among|with)$/.test(items[index]?.text ?? '');
    const ofValue = items[at - 1]?.meaning.values.length !== 0 && /^(by|on|in)$/.test(items[index]?.text ?? '');
    const measured = items[before(items, index)];
    const strong = items
      .slice(0, Math.max(0, index))
      .some((one) => !one.meaning.filler && one.meaning.atoms.some((atom) => !OF_PEOPLE.includes(atom)));
    if ((!isOwned && !ofValue) || !strong || hasAtom(measured, 'count')) return;
    item.meaning = { ...item.meaning, atoms: [], dimensions: [], filler: true };
  });
}

const LINKING = ['pay', 'payment', 'count', 'howmuch', 'amount'];

/** "revenue paid by card": the word only leads to the method, as long as something else is measured. */
export function settlePaidWith(draft: Draft): void {
  if (!draft.filters.some((filter) => filter.field === 'payment_method')) return;
  const measured = draft.items.some((item) => item.meaning.atoms.some((atom) => !LINKING.includes(atom)) && !item.used);
  const paid = draft.items.find((item) => /^(paid|pay|paying)$/.test(item.text) && !item.used);
  if (measured) use(paid);
}

/** "how many times did payments fail" is how many of them did. */
export function takeTimes({ items, metrics }: Draft): void {
  const at = items.findIndex((item) => item.text === 'times');
  const counted = at > 0 && hasAtom(items[before(items, at)], 'count');
  if (counted && metrics.some((metric) => METRIC[metric].unit === 'count')) use(items[at]);
}

/** Fills the metrics from what the question says; defaults come later. */
export function takeMetrics(draft: Draft): void {
  if (draft.metrics.length > 0) return;
  draft.metrics = metricsOf(draft.items.filter((item) => !hasAtom(item, 'seller')));
  if (draft.metrics.length === 0) draft.metrics = metricsOf(draft.items);
  // "what did we refund" asks for money.
  const what =
    /^what( did| have)?( we)?$/.test(draft.items[0]?.text ?? '') &&
    draft.items.slice(0, 4).some((item) => /\bwe$/.test(item.text));
  if (what && draft.metrics.join() === 'refund_count') draft.metrics = ['refund_amount'];
  settleUnit(draft);
  // "carrier performance: on-time rate" says which.
  if (draft.metrics.length > 0) use(...draft.items.filter((item) => item.text === 'performance'));
}
