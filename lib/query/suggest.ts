import { isTimeDimension } from './model/names.ts';
import type { Plan } from './plan.ts';

const MOST = 3;

const DAY = 86_400_000;

/** A split by time that gives a handful of rows or some more. */
function timeSplit({ window, dimensions }: Plan): string[] {
  if (dimensions.some(isTimeDimension)) return ['as a running total'];
  const days = window.start === null ? Infinity : (Date.parse(window.end) - Date.parse(window.start)) / DAY;
  if (days <= 1.5) return ['and by hour of the day?'];
  return [`and by ${days <= 40 ? 'day' : days <= 130 ? 'week' : 'month'}?`];
}

/** What may be asked next, by what it changes; of each kind the first that works is offered. */
function kindsOf(plan: Plan): string[][] {
  const { unit, count } = plan.window.step;
  const bounded = plan.window.start !== null;
  const before = count === 1 && unit !== 'hour' ? `the ${unit} before` : 'the period before';
  const split = ['category', 'brand', 'country', 'channel', 'carrier', 'payment method', 'warehouse', 'segment'];
  const missing = split.filter((name) => !plan.dimensions.some((one) => one === name.replace(' ', '_')));
  const earlier = plan.compare ? [`and ${before}?`] : [`compared with ${before}`, `and ${before}?`];
  const isState = plan.window.rule === 'as_of_now';
  const isList = plan.dimensions.some((name) => name === 'order' || name === 'shipment');
  return [
    bounded ? earlier : isState ? [] : ['same for last month', 'same for this month'],
    isList ? [] : missing.map((name) => `and by ${name}?`),
    [...(isState || isList ? [] : timeSplit(plan)), 'only mobile', 'only card'],
  ];
}

/** A series of which the ranking before has kept the first members only shows less than it says. */
const isCutSeries = (plan: Plan) => plan.limit !== null && plan.dimensions.some(isTimeDimension);

const sameAnswer = (one: Plan, other: Plan) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Questions that change the plan of an answer into another one that can be answered.
 * @param replan what a follow-up makes of `plan`; undefined when it cannot be planned or compiled
 * @returns at most three, each of a kind of its own
 */
export function followUps(plan: Plan, replan: (question: string) => Plan | undefined): string[] {
  const seen = [plan];
  const found: string[] = [];
  for (const kind of kindsOf(plan)) {
    for (const question of kind) {
      const next = replan(question);
      if (!next || isCutSeries(next) || seen.some((one) => sameAnswer(one, next))) continue;
      seen.push(next);
      found.push(question);
      break;
    }
  }
  return found.slice(0, MOST);
}
