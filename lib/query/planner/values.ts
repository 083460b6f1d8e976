import { DIMENSION } from '../model/dimensions.ts';
import type { DimensionName, FilterField } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';
import { before } from './numbers.ts';
import type { Item } from './read.ts';

/** A phrase may name several things ("timeout", "late delivery"); the rest of the question decides. */
function pick(draft: Draft, item: Item): Item['meaning']['values'][number] | undefined {
  const { values, atoms } = item.meaning;
  const says = (atom: 'refund' | 'fail' | 'signup') =>
    (atom !== 'signup' && draft.before?.includes(atom)) ||
    draft.items.some((one) => one !== item && hasAtom(one, atom));
  const fits = values.filter(({ field }) => {
    if (field === 'refund_reason') return says('refund') || (atoms.length === 0 && !hasOtherMetric(draft, item));
    if (field === 'failure_code' && atoms.length === 0 && values.length === 1 && !hasOtherMetric(draft, item))
      return true;
    if (field === 'failure_code')
      return says('fail') || draft.items.some((one) => one !== item && hasAtom(one, 'payment'));
    if (field === 'customer_type') return !countsSignUps(atoms) || hasOtherMetric(draft, item, ['signup', 'firsttime']);
    return true;
  });
  return fits[0];
}

const countsSignUps = (atoms: Item['meaning']['atoms']) => atoms.includes('signup') || atoms.includes('firsttime');

/** "revenue from new customers" narrows revenue; "new customers last month" counts sign-ups. */
function hasOtherMetric(draft: Draft, item: Item, alike: readonly string[] = []): boolean {
  const own = new Set(['count', 'rate', 'customer', 'avg', 'often', 'amount', 'howmuch', 'use', 'status', ...alike]);
  return draft.items.some(
    (one) =>
      one !== item && !one.used && !one.time && one.meaning.atoms.some((atom) => !own.has(atom)) && !one.meaning.filler,
  );
}

const LISTING = /^(and|or|nor|,)$/;

/** The word that excludes a name: before it, or before the one it is listed with ("excluding web and Germany"). */
function negationOf(draft: Draft, at: number): Item | undefined {
  const index = before(draft.items, at);
  if (hasRole(draft.items[index], 'not')) return draft.items[index];
  const listed = LISTING.test(draft.items[at - 1]?.text ?? '') && (draft.items[at - 2]?.meaning.values.length ?? 0) > 0;
  const first = listed ? negationOf(draft, at - 2) : undefined;
  if (!first || !/^(not|non|no)$/.test(first.text)) return first;
  const [one, other] = [draft.items[at - 2]!, draft.items[at]!].map((item) => item.meaning.values[0]?.field);
  if (one === other) return first;
  throw inAndOut();
}

interface Named {
  field: FilterField;
  values: string[];
  negated: boolean;
  /** "web vs mobile": the members side by side. */
  sideBySide: boolean;
}

const isDimensionName = (field: FilterField): field is FilterField & DimensionName => Object.hasOwn(DIMENSION, field);

/** "higher on mobile or web": members are held against each other, not two times. */
export const DEGREE = /^(higher|lower|more|less|fewer|better|worse|bigger|larger|smaller)$/;

/** "do returning customers spend more than new ones": no bound, as no number follows. */
const isThan = (item: Item | undefined): boolean => item !== undefined && /^\w+ than$/.test(item.text);

const APART = /^(split|split between|breakdown|each|respectively|separately|apart)$/;

/** "web vs mobile", "compare web and mobile", "the brands A and B", "each of": shown apart instead of in one sum. */
function isSetBeside(draft: Draft, at: number, field: FilterField): boolean {
  const joiner = draft.items.slice(at + 1).find((one) => !one.meaning.filler || /^(and|or)$/.test(one.text));
  if (joiner && hasRole(joiner, 'versus')) return true;
  const rest = draft.items.slice(at + 1);
  const other = rest.findIndex((one) => one.meaning.values.some((value) => value.field === field));
  if (rest.slice(0, Math.max(0, other)).some(isThan)) return true;
  const choice = /^which( one)? of$/.test(draft.items[before(draft.items, at)]?.text ?? '');
  if (choice && other >= 0) return true;
  if (joiner?.text === 'or' && draft.items.some((one) => DEGREE.test(one.text))) return true;
  const [and, preposition] = [draft.items[at + 1], draft.items[at + 2]];
  const again = and?.text === 'and' && /^(on|in|from|for|by|with|via)$/.test(preposition?.text ?? '');
  if (again && preposition!.text === draft.items[at - 1]?.text) return true;
  const members = draft.items
    .slice(0, at)
    .some((one) => one.plural && one.meaning.dimensions.includes(field as DimensionName));
  if (members && other >= 0 && joiner?.text !== 'or') return true;
  return joiner?.text === 'and' && draft.items.some((one) => hasRole(one, 'versus') || APART.test(one.text));
}

function collect(draft: Draft): Named[] {
  const named = new Map<FilterField, Named>();
  draft.items.forEach((item, at) => {
    const value = item.used ? undefined : pick(draft, item);
    if (!value) return;
    use(item);
    const negation = negationOf(draft, at);
    if (negation && value.field === 'order_status' && draft.items.some(({ text }) => /\byet\b/.test(text)))
      throw notYetThere();
    use(negation);
    const entry = named.get(value.field) ?? {
      field: value.field,
      values: [],
      negated: Boolean(negation),
      sideBySide: false,
    };
    if (named.has(value.field) && !entry.negated && negation) throw inAndOut();
    if (!entry.values.includes(value.value)) entry.values.push(value.value);
    entry.sideBySide ||= isSetBeside(draft, at, value.field);
    named.set(value.field, entry);
  });
  return [...named.values()];
}

/** "not packed yet": those that will be; orders that are long past it are not packed either. */
const notYetThere = () => new AskBack('In which status are they?', ['orders in status processing', 'orders by status']);

const inAndOut = () =>
  new AskBack('One of these and not the other is more than one question can say.', [
    'customers by category last month',
    'revenue by category last month',
  ]);

const withAndWithout = () =>
  new AskBack('With a coupon, or without one? They are not set side by side.', [
    'orders with a coupon last month',
    'orders without a coupon last month',
    'share of orders with a coupon by month this year',
  ]);

/** "orders without a coupon". */
function takeCouponless(draft: Draft): void {
  if (draft.items.filter((item) => hasAtom(item, 'coupon')).length > 1) return;
  draft.items.forEach((item, at) => {
    if (!hasAtom(item, 'coupon') || item.used) return;
    const verb = draft.items[before(draft.items, at)];
    const from = hasAtom(verb, 'use') ? draft.items.indexOf(verb!) : at;
    const negation = negationOf(draft, from);
    if (!negation) return;
    const side = draft.items.slice(Math.max(0, draft.items.indexOf(negation) - 2), draft.items.indexOf(negation));
    if (/^with (and|or|vs|versus)$/.test(side.map(({ text }) => text).join(' '))) throw withAndWithout();
    use(item, negation, verb !== negation && hasAtom(verb, 'use') ? verb : undefined);
    draft.filters.push({ field: 'has_coupon', op: '=', value: false });
  });
}

/** Catalogue values become filters; two of a kind set against each other become a dimension too. */
export function takeValues(draft: Draft): void {
  takeCouponless(draft);
  for (const { field, values, negated, sideBySide } of collect(draft)) {
    if (values.length === 1) draft.filters.push({ field, op: negated ? '!=' : '=', value: values[0]! });
    else draft.filters.push({ field, op: negated ? 'not in' : 'in', value: values });
    if (values.length < 2 || negated || !isDimensionName(field) || draft.dimensions.includes(field)) continue;
    if (sideBySide) {
      draft.dimensions.push(field);
      use(...draft.items.filter((item) => hasRole(item, 'versus') || isThan(item)));
    }
  }
}

/** Several names that nothing splits make one sum, which the answer says. */
export function sayTogether(draft: Draft): void {
  for (const { field, op, value } of draft.filters) {
    const apart = !isDimensionName(field) || draft.dimensions.includes(field);
    if (op === 'in' && Array.isArray(value) && !apart) draft.assumptions.push(`${value.join(' and ')} taken together`);
  }
}
