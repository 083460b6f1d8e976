import { tokenize } from '../language/tokens.ts';
import { METRIC } from '../model/index.ts';
import type { Plan, Window } from '../plan.ts';
import { findTimes } from '../time/find.ts';
import { allTime, type Clock } from '../time/period.ts';
import { windowOf } from '../time/window.ts';
import type { Span } from './wire-plan.ts';

/** A window with the words for it. */
export interface NamedWindow {
  phrase: string;
  window: Window;
}

const PHRASES = [
  'today',
  'yesterday',
  'this week',
  'last week',
  'this month',
  'last month',
  'this quarter',
  'last quarter',
  'this year',
  'last year',
  'past 7 days',
  'past 30 days',
  'past 90 days',
  'last 24 hours',
  'last 2 weeks',
  'last 3 months',
  'last 12 months',
];

/** The windows that words of time stand for at this moment in this zone, from the one resolver. */
export function windowsIn(text: string, clock: Clock): Window[] {
  return findTimes(tokenize(text), clock, () => false).flatMap((time) =>
    time.kind === 'period' ? [windowOf(time.period)] : [],
  );
}

const sameSpan = (a: Span, b: Span) => a.start === b.start && a.end === b.end;

/** What the words of this question stand for first, then the common ones; each span once. */
export function namedWindows(question: string, clock: Clock, plan?: Plan): NamedWindow[] {
  const own = [
    ...(plan ? [plan.window, plan.compare, plan.cohort?.window].filter((window) => window != null) : []),
    ...windowsIn(question, clock),
  ].map((window) => ({ phrase: `in the question (${window.rule})`, window }));
  const common = PHRASES.flatMap((phrase) => windowsIn(phrase, clock).map((window) => ({ phrase, window })));
  const all = [
    { phrase: 'no time named, all time, or as of now', window: windowOf(allTime(clock)) },
    ...own,
    ...common,
  ];
  return all.filter(({ window }, at) => all.findIndex((other) => sameSpan(other.window, window)) === at);
}

const DAY_MS = 86_400_000;

/** A span that a model gave, with the rule and step it has by its ends; one that nothing names is counted in days. */
export function windowOfSpan(span: Span, named: readonly NamedWindow[]): Window {
  const known = named.find(({ window }) => sameSpan(window, span));
  if (known) return known.window;
  const length = span.start === null ? DAY_MS : Date.parse(span.end) - Date.parse(span.start);
  const count = Math.max(1, Math.round(length / DAY_MS));
  return { rule: 'given', start: span.start, end: span.end, step: { unit: 'day', count } };
}

/** What is as it is now says so instead of "all time". */
export function asOfNow(plan: Plan): Plan {
  const state = plan.metrics.every((metric) => METRIC[metric].state || metric === 'last_order_at');
  if (!state || plan.window.rule !== 'all_time') return plan;
  return { ...plan, window: { ...plan.window, rule: 'as_of_now' } };
}
