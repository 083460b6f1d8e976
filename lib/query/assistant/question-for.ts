import { DIMENSION, type DimensionName, isTimeDimension, METRIC, TIME_LABEL } from '../model/index.ts';
import type { Plan, Window } from '../plan.ts';
import { AskBack } from '../planner/draft.ts';
import { plan as planQuestion } from '../planner/planner.ts';
import { toWall } from '../time/zone.ts';
import type { Consultation } from './consult.ts';
import { samePlan } from './differences.ts';
import { namedWindows } from './windows.ts';

type Context = Pick<Consultation, 'clock' | 'lexicon'>;

const labelOf = (name: DimensionName) => (isTimeDimension(name) ? TIME_LABEL[name][0] : DIMENSION[name].label);
const localDay = (instant: number, zone: string) => new Date(toWall(instant, zone)).toISOString().slice(0, 10);

function windowWords(window: Window, { clock }: Context): string {
  const named = namedWindows('', clock).find(
    (one) => one.window.start === window.start && one.window.end === window.end,
  );
  if (window.start === null) return '';
  if (named) return named.phrase;
  return `between ${localDay(Date.parse(window.start), clock.zone)} and ${localDay(Date.parse(window.end) - 1, clock.zone)}`;
}

function wordsFor(plan: Plan, context: Context): string {
  const { order, limit, dimensions, metrics } = plan;
  const metric = metrics.map((name) => METRIC[name].label).join(' and ');
  const values = plan.filters.flatMap(({ value }) => [value].flat()).filter((value) => typeof value === 'string');
  const narrowed = values.length > 0 ? ` for ${values.join(' and ')}` : '';
  const window = windowWords(plan.window, context);
  const [first] = dimensions;
  if (limit && order && first) {
    const rank = order.dir === 'desc' ? 'top' : 'bottom';
    return `${rank} ${limit} ${isTimeDimension(first) ? TIME_LABEL[first][1] : DIMENSION[first].plural} by ${metric}${narrowed} ${window}`;
  }
  const by = dimensions.length > 0 ? ` by ${dimensions.map(labelOf).join(' and ')}` : '';
  return `${metric}${by}${narrowed} ${window}`;
}

/** A question that the rules read as exactly this plan, if the simple one does. */
export function questionFor(plan: Plan, context: Context): string | undefined {
  const question = wordsFor(plan, context).trim();
  try {
    return samePlan(planQuestion(question, context.lexicon, context.clock).plan, plan) ? question : undefined;
  } catch (error) {
    if (error instanceof AskBack) return undefined;
    throw error;
  }
}
