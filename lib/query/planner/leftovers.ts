import type { Role } from '../model/grammar.ts';
import { METRIC } from '../model/metrics.ts';
import { WEAK_ATOMS } from '../model/rules.ts';
import { EXAMPLES } from './choices.ts';
import { AskBack, type Draft, hasRole } from './draft.ts';
import type { Item } from './read.ts';

/** Roles that change an answer: left over, the question was not understood. */
const BINDING: readonly Role[] = [
  'not',
  'more',
  'less',
  'least',
  'most',
  'share',
  'running',
  'unsold',
  'unshipped',
  'neverordered',
  'inactive',
  'lowstock',
  'nostock',
  'fell',
  'rose',
  'oldest',
  'best',
  'worst',
  'versus',
  'change',
  'trend',
  'latest',
  'expected',
  'trouble',
];

/** Not one word of the question is about the shop. */
export class NotCovered extends AskBack {
  override unread = true;
}

/** Words that no part of the plan rests on; the planner adds questions to choose from. */
export class LeftOver extends AskBack {
  override unread = true;
  readonly left: readonly Item[];
  constructor(message: string, left: readonly Item[]) {
    super(message, EXAMPLES);
    this.left = left;
  }
}

function isLeftOver(item: Item): boolean {
  if (item.used) return false;
  if (item.time) return true;
  if (item.unknown || item.value) return true;
  const { atoms, dimensions, roles, values, filler } = item.meaning;
  if (filler) return false;
  if (values.length > 0 || dimensions.length > 0) return true;
  if (atoms.length > 0) return !atoms.every((atom) => WEAK_ATOMS.includes(atom));
  return roles.some((role) => BINDING.includes(role));
}

/** "in hours", "delivery days": the unit the metric is in anyway. */
const isUnit = (item: Item, draft: Draft) =>
  draft.metrics.some((metric) => METRIC[metric].unit === (item.text.endsWith('s') ? item.text : `${item.text}s`));

/** "revenue per vip": a member is nothing that can be divided by; "per Kitchen product" is split by products. */
function isPerValue({ items, dimensions }: Draft, at: number): boolean {
  const next = items[at + 1];
  if (!/^(per|each|every)$/.test(items[at]!.text) || !next?.meaning.values.length || next.meaning.dimensions.length)
    return false;
  const noun = items.slice(at + 1).find(({ meaning }) => meaning.values.length === 0);
  const split = [...next.meaning.values.map(({ field }) => field), ...(noun?.meaning.dimensions ?? [])];
  return !dimensions.some((name) => split.includes(name));
}

/** Averages that are of each order or parcel anyway: "how long does each order take". */
const isOfEach = ({ metrics }: Draft): boolean =>
  metrics.some(
    (metric) => metric === 'aov' || metric === 'avg_shipping_cost' || /^(days|hours)$/.test(METRIC[metric].unit),
  );

/** "per order", "for each shipment": a split by single ones that the plan does not make. */
function isSplitByOne({ items, dimensions }: Draft, at: number): boolean {
  const [noun, next] = items.slice(at, at + 2);
  // "every order that came in": all of them, as nothing is measured yet.
  const measured = items.slice(0, at).some(({ meaning }) => meaning.atoms.some((atom) => !WEAK_ATOMS.includes(atom)));
  if (!measured || !hasRole(items[at - 1], 'by') || noun!.plural || next?.meaning.dimensions.length) return false;
  const names = noun!.meaning.dimensions.filter((name) => name === 'order' || name === 'shipment');
  return names.length > 0 && !names.some((name) => dimensions.includes(name));
}

/** "revenue by order": what is a word of a measure elsewhere is a split here. */
function isLost(draft: Draft, at: number): boolean {
  const item = draft.items[at]!;
  if (isSplitByOne(draft, at)) return !(/^(per|each|every)$/.test(draft.items[at - 1]!.text) && isOfEach(draft));
  return (isLeftOver(item) && !isUnit(item, draft)) || isPerValue(draft, at);
}

/** @throws {AskBack} when part of the question would be silently dropped */
export function refuseLeftovers(draft: Draft): void {
  const left = draft.items.filter((_, at) => isLost(draft, at));
  const known = draft.items.some(
    ({ meaning, time }) =>
      time ||
      meaning.atoms.length + meaning.dimensions.length + meaning.values.length > 0 ||
      meaning.roles.some((role) => BINDING.includes(role)),
  );
  if (left.length > 0 && !known) {
    throw new NotCovered(
      'I understand English questions about orders, products, customers, payments, refunds, parcels and stock.',
      EXAMPLES,
    );
  }
  if (left.length > 0) {
    const words = left.map((item) => `"${item.text}"`).join(', ');
    const unknown = left.every((item) => item.unknown);
    const lead = unknown ? `I do not know what ${words} means here.` : `I could not fit ${words} into the question.`;
    throw new LeftOver(`${lead} Did you mean one of these?`, left);
  }
  if (draft.metrics.length === 0) throw new AskBack('Which measure, and for which period?', EXAMPLES);
}
