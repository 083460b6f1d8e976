import type { Lexicon } from '../language/lexicon.ts';
import { FIELD } from '../model/index.ts';
import type { Plan } from '../plan.ts';
import { type Item, read } from '../planner/read.ts';
import type { Clock } from '../time/period.ts';
import { windowOf } from '../time/window.ts';

/** What the words of the question say beyond doubt, whoever reads the rest. */

const spansOf = (plan: Plan) => [plan.window, plan.compare, plan.cohort?.window].filter((window) => window != null);

/** One period is named and nothing is compared: the plan is over that period. */
function timeObjections(items: readonly Item[], plan: Plan): string[] {
  const times = items.flatMap(({ time, text }) => (time ? [{ time, text }] : []));
  const [only] = times;
  if (times.length !== 1 || only?.time.kind !== 'period') return [];
  const named = windowOf(only.time.period);
  if (spansOf(plan).some((window) => window.start === named.start && window.end === named.end)) return [];
  return [`"${only.text}" is ${named.start ?? 'the beginning'} to ${named.end}, and the plan has no such window.`];
}

/** A name of the catalogue that can mean nothing else. */
function valueObjections(items: readonly Item[], plan: Plan): string[] {
  const used = new Set(plan.filters.flatMap(({ field, value }) => [value].flat().map((one) => `${field} ${one}`)));
  return items.flatMap(({ meaning, text }) => {
    const { values, atoms, dimensions, roles, filler } = meaning;
    if (values.length === 0 || atoms.length + dimensions.length + roles.length > 0 || filler) return [];
    if (values.some(({ field, value }) => used.has(`${field} ${value}`))) return [];
    return [`"${text}" is a ${values[0]!.field}, and no filter of the plan names it.`];
  });
}

/** Every number of a plan, in the units people may have said it in. */
function numbersOf(plan: Plan): Set<number> {
  const bounds = [...plan.filters.map(({ value }) => value), ...plan.having.map(({ value }) => value)].flat();
  const given = [...bounds.filter((value) => typeof value === 'number'), plan.limit, plan.cohort?.limit];
  const numbers = given.filter((value) => typeof value === 'number');
  return new Set(numbers.flatMap((value) => [value, Math.round(value * 10_000) / 100, value / 24, value / 168]));
}

function numberObjections(items: readonly Item[], plan: Plan): string[] {
  const numbers = numbersOf(plan);
  return items.flatMap(({ value, text }) => {
    const number = value?.value;
    return number === undefined || numbers.has(number)
      ? []
      : [`The number ${text} of the question is nowhere in the plan.`];
  });
}

/** Limits that custom sets: a singular, a ranking, a list. */
const CUSTOMARY_LIMITS = new Set([1, 10, 50]);

/** What a plan adds to a question of which every word is known: a time, a name or a limit that nobody spoke of. */
function additions(question: string, items: readonly Item[], plan: Plan): string[] {
  const spoken = new Set(items.flatMap(({ meaning }) => meaning.values.map(({ field, value }) => `${field} ${value}`)));
  const isSpoken = (field: string, value: string) =>
    spoken.has(`${field} ${value}`) || question.toLowerCase().includes(value.toLowerCase());
  const named = plan.filters.filter(({ field }) => FIELD[field].kind === 'name');
  const invented = named.flatMap(({ field, value }) =>
    [value].flat().flatMap((one) => (isSpoken(field, String(one)) ? [] : [`${field} ${String(one)}`])),
  );
  const numbers = new Set(items.map(({ value }) => value?.value));
  const isOpen = plan.window.rule === 'all_time' || plan.window.rule === 'as_of_now';
  return [
    ...(items.some(({ time }) => time) || isOpen ? [] : ['The question names no time, and the plan has a window.']),
    ...invented.map((what) => `The question does not speak of ${what}.`),
    ...(plan.limit === null || CUSTOMARY_LIMITS.has(plan.limit) || numbers.has(plan.limit)
      ? []
      : [`The question does not ask for ${plan.limit} rows.`]),
  ];
}

/** Where a plan and the plain words of a question part: written for the model, and for people when it insists. */
export function objections(question: string, plan: Plan, lexicon: Lexicon, clock: Clock): string[] {
  const { items } = read(question, lexicon, clock);
  const isKnown = items.every(({ unknown }) => !unknown);
  return [
    ...timeObjections(items, plan),
    ...valueObjections(items, plan),
    ...numberObjections(items, plan),
    ...(isKnown ? additions(question, items, plan) : []),
  ];
}
