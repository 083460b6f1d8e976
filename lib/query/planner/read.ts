import { OTHER_WORDS } from '../language/english.ts';
import { correctSpelling, type Lexicon, type Meaning } from '../language/lexicon.ts';
import { type Token, tokenize } from '../language/tokens.ts';
import { screen, screenedWord } from '../safety.ts';
import type { TimeSpan } from '../time/context.ts';
import { findTimes } from '../time/find.ts';
import type { Clock } from '../time/period.ts';
import { Screened } from './draft.ts';

/** One phrase of the question: a meaning from the lexicon, a time, a number, or a word that nothing knows. */
export interface Item {
  text: string;
  tokens: readonly Token[];
  meaning: Meaning;
  time?: TimeSpan;
  value?: Token;
  unknown?: boolean;
  plural: boolean;
  /** Some part of the plan rests on it. */
  used: boolean;
}

export interface Reading {
  items: Item[];
  tokens: readonly Token[];
  /** "revnue" read as "revenue". */
  corrections: { typed: string; read: string }[];
}

const NOTHING: Meaning = { atoms: [], dimensions: [], roles: [], values: [], filler: false };

/** "reasons for refund": the word before the preposition says how many. */
function headOf(tokens: readonly Token[]): Token | undefined {
  const at = tokens.findIndex((token) => /^(for|of)$/.test(token.text));
  return tokens.at(at > 0 ? at - 1 : -1);
}

const itemOf = (tokens: readonly Token[], part: Partial<Item>): Item => ({
  text: tokens.map((token) => token.text).join(' '),
  tokens,
  meaning: NOTHING,
  plural: headOf(tokens)?.plural ?? false,
  used: false,
  ...part,
});

/** Names of the catalogue come before times, times before words: "Black Friday Mug" is a product. */
function itemAt(tokens: readonly Token[], at: number, times: readonly TimeSpan[], lexicon: Lexicon): Item {
  const time = times.find((span) => span.from <= at && at <= span.core);
  const match = lexicon.match(tokens, at);
  const length = match ? match.next - at : 0;
  const named = match && match.meaning.values.length > 0 && length > 1;
  if (time && !(named || length > time.to - at)) {
    return itemOf(tokens.slice(at, time.to), { time });
  }
  const covered = tokens[at]!.value !== undefined && length < 2 && !match?.meaning.values.length;
  if (covered) return itemOf(tokens.slice(at, at + 1), { value: tokens[at]! });
  if (match) return itemOf(tokens.slice(at, match.next), { meaning: match.meaning });
  return itemOf(tokens.slice(at, at + 1), { unknown: true });
}

/** Question -> the phrases it is made of. */
export function read(question: string, lexicon: Lexicon, clock: Clock): Reading {
  const tokens = withoutReturn(correctSpelling(tokenize(question), lexicon, OTHER_WORDS));
  const times = findTimes(tokens, clock, (index) => {
    const match = lexicon.match(tokens, index);
    return Boolean(match && match.meaning.values.length > 0 && match.next - index > 1);
  });
  const items: Item[] = [];
  for (let at = 0; at < tokens.length; ) {
    const item = itemAt(tokens, at, times, lexicon);
    items.push(item);
    at += item.tokens.length;
  }
  settleDecline(items);
  settleGoneOut(items);
  settleStatuses(items, lexicon);
  settleBreakdown(items);
  settleLetDown(items);
  settleTieUp(items);
  settleGrowth(items);
  settleMeaning(items);
  settleAverage(items, lexicon);
  settlePrices(items);
  settleIncluded(items);
  const corrections = tokens.flatMap((token) =>
    token.typed === undefined ? [] : [{ typed: token.typed, read: token.text }],
  );
  return { items, tokens, corrections };
}

/**
 * Screens the question once more as it was understood: "crad numbers" are card numbers.
 * @throws {Screened} when it is one that is not answered
 */
export function screenReading({ items, tokens, corrections }: Reading): void {
  const unknown = items.some((item) => item.unknown);
  if (corrections.length === 0 && !unknown) return;
  const strangers = new Set(items.filter((item) => item.unknown).map((item) => item.text));
  const words = tokens.map(({ text }) => (strangers.has(text) ? (screenedWord(text) ?? text) : text));
  const refusal = screen(words.join(' '));
  if (refusal) throw new Screened(refusal);
}

/** "return the top 5" asks for a list, not for what was sent back. */
const withoutReturn = (tokens: Token[]): Token[] =>
  tokens[0]?.text === 'return' && /^(the|me|top|all|list)$/.test(tokens[1]?.text ?? '') ? tokens.slice(1) : tokens;

/** Sales decline, cards are declined, and anything can be a problem: only where payments are spoken of it is a failure. */
function settleDecline(items: Item[]): void {
  const ofPayments = items.some(
    ({ meaning }) =>
      meaning.atoms.some((atom) => /^(payment|pay|attempt|success)$/.test(atom)) ||
      meaning.dimensions.includes('payment_method') ||
      meaning.values.some(({ field }) => field === 'payment_method' || field === 'failure_code'),
  );
  for (const [at, item] of items.entries()) {
    const isOther = item.meaning.roles.some((role) => role === 'fell' || role === 'trouble');
    if (!isOther || !item.meaning.atoms.includes('fail')) continue;
    const isRate = items[at + 1]?.meaning.atoms.includes('rate');
    item.meaning = ofPayments || isRate ? { ...item.meaning, roles: [] } : { ...item.meaning, atoms: [] };
  }
}

/** "how much discount went out", "coupons handed out": given to customers, no parcel left. */
function settleGoneOut(items: Item[]): void {
  const has = (...atoms: string[]) =>
    items.findIndex((item) => item.meaning.atoms.some((atom) => atoms.includes(atom)));
  const given = has('discount', 'refund', 'coupon', 'moneyback');
  const parcels = has('deliver') >= 0 || items.some(({ meaning }) => meaning.dimensions.includes('shipment'));
  const from = has('order') >= 0 ? given + 1 : 0;
  const out = items.slice(from).find(({ text }) => /^(went|go|goes|gone|going|sent|given|handed|paid) out$/.test(text));
  if (given >= 0 && out && !parcels) Object.assign(out, { meaning: { ...NOTHING, filler: true }, unknown: false });
}

/** "packed and shipped", "by status: delivered": listed with a status it is one, and nothing that happened. */
function settleStatuses(items: Item[], lexicon: Lexicon): void {
  const isStatus = (item: Item | undefined) =>
    item?.meaning.values.some(({ field }) => field === 'order_status') ?? false;
  const isListing = (item: Item | undefined) => /^(and|or|,|vs|versus)$/.test(item?.text ?? '');
  items.forEach((item, at) => {
    if (isStatus(item) || !/^(paid|shipped|delivered|cancelled|canceled)$/.test(item.text)) return;
    const beside = [at - 2, at + 2].some((other) => isStatus(items[other]) && isListing(items[(at + other) / 2]));
    const named = items[at - 1]?.meaning.dimensions.includes('order_status');
    if (!beside && !named) return;
    const text = item.text === 'canceled' ? 'cancelled' : item.text;
    const value = lexicon.match(tokenize(`status ${text}`), 0)?.meaning.values;
    if (value?.length) item.meaning = { ...NOTHING, values: value };
  });
}

/** "break our revenue down by category": nothing went down. */
function settleBreakdown(items: Item[]): void {
  const at = items.findIndex((item) => /^(break|broken|drill|split)\b/.test(item.text));
  const down = at < 0 ? undefined : items.slice(at + 1, at + 7).find((item) => item.text === 'down');
  if (down) down.meaning = { ...NOTHING, filler: true };
}

/** "which country grew the fastest": the growth leads, and nothing is delivered. */
function settleGrowth(items: Item[]): void {
  items.forEach((item, at) => {
    const pace = item.meaning.atoms.includes('quickest')
      ? 'best'
      : item.meaning.atoms.includes('slow')
        ? 'worst'
        : undefined;
    const grew = items
      .slice(Math.max(0, at - 2), at)
      .some(({ meaning }) => meaning.roles.some((role) => /^(change|rose|fell)$/.test(role)));
    if (pace && grew) item.meaning = { ...NOTHING, roles: [pace] };
  });
}

/** "which category ties up the most money": nothing went up. */
function settleTieUp(items: Item[]): void {
  const at = items.findIndex((item) => /^(tie|ties|tied|tying)$/.test(item.text));
  const up = at < 0 ? undefined : items.slice(at + 1, at + 3).find((item) => item.text === 'up');
  if (up)
    for (const item of [items[at]!, up]) Object.assign(item, { meaning: { ...NOTHING, filler: true }, unknown: false });
}

/** "by channel, i mean": no mean of anything. */
function settleMeaning(items: Item[]): void {
  items.forEach((item, at) => {
    if (/^(mean|meant)$/.test(item.text) && /^(i|you|we)$/.test(items[at - 1]?.text ?? '')) {
      Object.assign(item, { meaning: { ...NOTHING, filler: true }, unknown: false });
    }
  });
}

/** "which carrier lets us down": nobody's figures fell. */
function settleLetDown(items: Item[]): void {
  const at = items.findIndex((item) => /^(let|lets|letting)\b/.test(item.text));
  const down = at < 0 ? undefined : items.slice(at + 1, at + 4).find((item) => item.text === 'down');
  if (down) Object.assign(down, { meaning: NOTHING, unknown: true });
}

/** What has a price: a carrier costs what it is paid for an order. */
export const PRICED = /^(priciest|dearest|costliest|expensive|pricey|costly|cheapest|cheap|inexpensive)$/;
const HIGH_PRICE = /^(priciest|dearest|costliest|expensive|pricey|costly)$/;
const LOW_PRICE = /^(cheapest|cheap|inexpensive)$/;

/** Orders have a value to be ranked by; the prices of products are not known, and so those words stay unknown there. */
function settlePrices(items: Item[]): void {
  items.forEach((item, at) => {
    const role = HIGH_PRICE.test(item.text) ? 'best' : LOW_PRICE.test(item.text) ? 'worst' : undefined;
    const noun = items.slice(at + 1).find((one) => one.meaning.roles.length === 0 || one.meaning.dimensions.length > 0);
    const priced = noun?.meaning.dimensions.some((name) => name === 'order' || name === 'carrier');
    if (item.unknown && role && priced) Object.assign(item, { meaning: { ...NOTHING, roles: [role] }, unknown: false });
  });
}

/** "all orders, cancelled ones included": a scope, not a number of its own. */
function settleIncluded(items: Item[]): void {
  const at = items.findIndex((item) => item.meaning.atoms.includes('cancel'));
  const word = /^(included|including|inclusive|include|too)$/;
  const near = [...items.slice(Math.max(0, at - 3), at), ...items.slice(at + 1, at + 4)];
  const orders = items.some((item) => /\borders$/.test(item.text));
  if (at < 0 || !orders || !near.some((item) => word.test(item.text))) return;
  const named = items.some(({ meaning }) => meaning.atoms.includes('everyorder'));
  items[at]!.meaning = { ...NOTHING, atoms: [named ? 'everyorder' : 'anystatus'] };
}

/** "average orders a day" counts orders; only the average order has a value. */
function settleAverage(items: Item[], lexicon: Lexicon): void {
  const at = items.findIndex((item) => /^(average|avg|mean|typical) orders$/.test(item.text));
  if (at < 0) return;
  const words = items[at]!.tokens.map((token) => itemOf([token], { meaning: lexicon.match([token], 0)!.meaning }));
  items.splice(at, 1, ...words);
}
