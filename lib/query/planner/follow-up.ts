import { isDeepStrictEqual } from 'node:util';
import type { Lexicon } from '../language/lexicon.ts';
import type { Plan } from '../plan.ts';
import type { Clock } from '../time/period.ts';
import { applyBounds } from './bounds.ts';
import { takeDimensions } from './dimensions.ts';
import { AskBack, type Draft, hasRole, use } from './draft.ts';
import { refuseLeftovers } from './leftovers.ts';
import { takeBounds, takeRank } from './numbers.ts';
import { newDraft, type Planned, plan as planQuestion } from './planner.ts';
import { read, screenReading } from './read.ts';
import { countRows, listRows, moveBounds, settleNewCustomers, takeAsked, takeReason, takeStanding } from './refer.ts';
import { changeShape, changeWindow } from './revise.ts';
import { resolveTimes } from './times.ts';
import { takeValues } from './values.ts';

const OPENERS =
  /^(and|only|just|same|now|what about|how about|instead|without|excluding|as|by|per|but|also|for|in|compare|compared|vs|versus|with|break|split|sort|more than|less than|fewer than|over|under|above|below|at least|at most|longer than|older than)\b/i;

/** Words that speak of the answer before. */
const POINTING =
  /\b(it|its|that|those|them|they|same|instead|also|too|this(?! (hour|day|week|month|quarter|half|year)))\b|^(relative|restrict|limit|narrow|filter|exclude|group|or|then|make)\b/i;

/** Words that add to the answer before. */
const ADDING = /\b(also|too|instead|same)\b/i;

/** "how many of those were late", "how many came from the app": of what is left out, and said before. */
const ELLIPTICAL =
  /^(and |so )?which ones?\b|^(so |ok |okay |well )?how many (is|are|was|were|came|come|went|had) |\b(of|from|among|in) (those|these|them)\b|^(list|show|count|sort|rank|split|break|group)( me)? (them|those|these)\b/i;

/**
 * A question that stands by itself is planned as one; anything else changes the plan before it.
 * @throws {AskBack} also when a whole sentence that speaks of nothing before is not understood, or nothing changes
 */
export function planFollowUp(question: string, previous: Plan, lexicon: Lexicon, clock: Clock): Planned {
  const asked = question.trim();
  if (!OPENERS.test(asked) && !ELLIPTICAL.test(asked)) {
    try {
      const whole = planQuestion(question, lexicon, clock);
      const timeless = /^(all_time|as_of_now)$/.test(whole.plan.window.rule);
      if (!timeless || !(isFragment(question) || ADDING.test(question) || isLeftOut(question, whole, previous)))
        return whole;
    } catch (error) {
      const mayPoint = error instanceof AskBack && (isFragment(question) || POINTING.test(question));
      if (!mayPoint) throw error;
    }
  }
  const edited = edit(question, previous, lexicon, clock);
  if (isDeepStrictEqual(edited.plan, previous)) {
    throw new AskBack('That changes nothing about the question before. Ask it by itself, or say what should change.', [
      'and the week before?',
      'and by category?',
      'only mobile',
    ]);
  }
  return edited;
}

/** "which carrier has the most", "which month was the best": of what, the question before says. */
function isLeftOut(question: string, { plan, assumptions }: Planned, previous: Plan): boolean {
  const unsaid = assumptions.some((assumption) => assumption.startsWith('ranked by'));
  const alike = plan.dimensions.every((name) => previous.dimensions.includes(name));
  const open = /\b(has|have|had|got|with) (the )?(most|least|highest|lowest|fewest)\W*$/i.test(question);
  return unsaid && (alike || open);
}

const isFragment = (question: string) => question.trim().split(/\s+/).length <= 3;

function edit(question: string, previous: Plan, lexicon: Lexicon, clock: Clock): Planned {
  const reading = read(question, lexicon, clock);
  screenReading(reading);
  const { items, corrections } = reading;
  const draft = newDraft(items, clock);
  draft.before = previous.metrics[0]!;
  const plan = structuredClone(previous);
  resolveTimes(draft);
  if (countRows(plan, draft, question) || listRows(plan, draft, question)) return finish(plan, draft, corrections);
  const bounds = moveBounds(plan, draft, takeBounds(draft));
  takeRank(draft);
  takeStanding(plan, draft, isNarrowing(question));
  settleNewCustomers(plan, draft, isNarrowing(question));
  takeValues(draft);
  settleNouns(draft, question);
  takeReason(plan, draft);
  takeDimensions(draft);
  const base = draft.dimensions.length === 0 && bounds.length > 0 ? previous.dimensions : draft.dimensions;
  draft.dimensions = [...base];
  applyBounds(draft, bounds);
  takeAsked(plan, draft);
  use(...items.filter(({ text }) => /^(same|instead)$/.test(text)));
  changeWindow(plan, draft);
  changeShape(plan, draft);
  use(...items.filter((item) => hasRole(item, 'versus')));
  return finish(plan, draft, corrections);
}

function finish(plan: Plan, draft: Draft, corrections: readonly { typed: string; read: string }[]): Planned {
  if (draft.metrics.length === 0) draft.metrics = plan.metrics;
  refuseLeftovers(draft);
  const isShown = (assumption: string) =>
    plan.dimensions.some((name) => draft.filters.some(({ field }) => field === name)) &&
    / taken together$/.test(assumption);
  return {
    plan,
    assumptions: [
      ...corrections.map((one) => `read "${one.typed}" as "${one.read}"`),
      'continues the question before',
      ...draft.assumptions.filter((assumption) => !isShown(assumption)),
    ],
  };
}

const isNarrowing = (question: string): boolean =>
  ELLIPTICAL.test(question.trim()) ||
  /^(and |but |now )*(only|just|for|without|excluding|exclude|from|restrict|limit|narrow|filter)\b/i.test(
    question.trim(),
  );

/** "only vip customers", "without mobile orders": the noun says what the name is of, and asks for no other measure. */
function settleNouns({ items, filters }: Draft, question: string): void {
  const about = /^(and |but |so )*(what about|how about|same for|and)\b/i.test(question.trim());
  if (!isNarrowing(question) && !about) return;
  items.forEach((item, at) => {
    const isNoun = /^(orders|customers|shipments|parcels|deliveries|payments|products|items)$/.test(item.text);
    if (isNarrowing(question) && filters.length > 0 && isNoun && !item.used && !hasRole(items[at - 1], 'by')) {
      item.meaning = { ...item.meaning, atoms: [], dimensions: [], filler: true };
    }
    if (item.text === 'one' && (items[at - 1]?.meaning.values.length ?? 0) > 0) use(item);
    const ofValue = (items[at - 1]?.meaning.values.length ?? 0) > 0;
    if (
      ofValue &&
      ['customer', 'buyer', 'order', 'payment'].some((atom) => item.meaning.atoms.includes(atom as 'order'))
    ) {
      item.meaning = { ...item.meaning, atoms: [], dimensions: [], filler: true };
    }
  });
  if (filters.some(({ field }) => field === 'payment_method'))
    use(...items.filter(({ text }) => /^(paid|pay|paying)$/.test(text)));
}
