import type { Plan, Window } from '../../lib/query/plan.ts';
import type { Asker } from './asking.ts';
import type { Outcome, Verdict } from './grade.ts';
import type { Question } from './question.ts';

/** Another wording of a question of a set. */
export interface Rewording {
  id: string;
  of: string;
  question: string;
}

const bounds = (window: Window | null) => window && [window.start, window.end];

/** Dimensions whose members are all known: a filter that names every one of them filters nothing. */
const CLOSED: Record<string, number> = { channel: 2, customer_type: 2 };

/** What a plan means, without the names of rules and the order of conditions. */
function meaningOf(plan: Plan): string {
  const filters = plan.filters
    .filter(({ field, op, value }) => !(op === 'in' && [value].flat().length === CLOSED[field]))
    .map((filter) => JSON.stringify(filter))
    .sort();
  return JSON.stringify({
    ...plan,
    filters,
    window: bounds(plan.window),
    compare: bounds(plan.compare),
    cohort: plan.cohort && { ...plan.cohort, window: bounds(plan.cohort.window) },
  });
}

function compare(original: Outcome, outcome: Outcome): { verdict: Verdict; why?: string } {
  if (outcome.status === 'failed') return { verdict: 'failed', why: outcome.message ?? '' };
  const same =
    original.status === outcome.status &&
    (outcome.status !== 'answer' || meaningOf(original.plan as Plan) === meaningOf(outcome.plan as Plan));
  if (same) return { verdict: 'right' };
  if (outcome.status === 'answer') return { verdict: 'wrong', why: `understood: ${outcome.understood}` };
  const verdict = outcome.status === 'clarify' ? 'asked back' : 'refused';
  return { verdict, why: `${outcome.status}: ${outcome.message}` };
}

/** Whether each rewording becomes the plan, or gets the refusal, of the question it is one of. */
export async function compareRewordings(asker: Asker, items: readonly Question[], rewordings: readonly Rewording[]) {
  const originals = new Map<string, { item: Question; outcome: Outcome }>();
  const results = [];
  for (const { id, of, question } of rewordings) {
    const item = items.find((one) => one.id === of);
    if (!item) throw new Error(`${id} rewords ${of}, which is not among the questions`);
    const original = originals.get(of) ?? { item, outcome: await asker.ask(item) };
    originals.set(of, original);
    const { ms, ...outcome } = await asker.ask({ ...item, question });
    results.push({ id, class: item.class, question, ...compare(original.outcome, { ...outcome, ms }), ms });
  }
  return results;
}
