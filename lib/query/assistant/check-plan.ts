import { Compile } from 'typebox/compile';
import type { Catalogue } from '../catalogue.ts';
import { FIELD, isTimeDimension, METRIC } from '../model/index.ts';
import { type Filter, Plan } from '../plan.ts';
import { compile } from '../sql/compile.ts';
import { UnsupportedPlan } from '../sql/conditions.ts';
import type { Clock } from '../time/period.ts';
import { nearestValues } from './lookup.ts';
import { asOfNow, type NamedWindow, windowOfSpan } from './windows.ts';
import type { Span, WirePlan } from './wire-plan.ts';

/** A plan of the right form that says nothing the database can answer; each problem is written for the model. */
export class BadPlan extends Error {
  override readonly name = 'BadPlan';
  constructor(problems: readonly string[]) {
    super(problems.join(' '));
  }
}

const isPlan = Compile(Plan);
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

function readInstant(text: string, what: string): number {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new BadPlan([`${what} must be a UTC time such as 2026-11-09T05:00:00.000Z.`]);
  return at;
}

/** Both ends as instants; what has not happened yet is cut off at now, as the resolver does. */
function readSpan(span: Span, what: string, clock: Clock): Span {
  const start = span.start === null ? null : readInstant(span.start, `${what}.start`);
  const end = Math.min(readInstant(span.end, `${what}.end`), clock.now);
  if (start !== null && start >= clock.now) throw new BadPlan([`${what} lies in the future, which is not recorded.`]);
  if (start !== null && start >= end) throw new BadPlan([`${what} must end after it starts.`]);
  return { start: start === null ? null : new Date(start).toISOString(), end: new Date(end).toISOString() };
}

function stringProblem(filter: Filter, values: readonly string[]): string | undefined {
  const unknown = [filter.value].flat().find((value) => !values.includes(String(value)));
  if (unknown === undefined) return undefined;
  const near = nearestValues(String(unknown), values);
  return `There is no ${filter.field} "${String(unknown)}"${near.length > 0 ? `; there is ${near.join(', ')}` : ''}. Use the stored spelling, or ask_user.`;
}

const EQUALITY = new Set(['=', '!=', 'in', 'not in']);

function filterProblem(filter: Filter, catalogue: Catalogue): string | undefined {
  const { field, op, value } = filter;
  const at = `The filter on ${field}`;
  const { kind } = FIELD[field];
  const isList = Array.isArray(value) || /in$/.test(op);
  if (field === 'placed_not_shipped') {
    return value === true || typeof value === 'number' ? undefined : `${at} takes true, or hours since it was placed.`;
  }
  if (kind === 'instant') {
    const fits = typeof value === 'string' && INSTANT.test(value) && !isList;
    return fits ? undefined : `${at} takes a comparison with one UTC time.`;
  }
  if (kind === 'number') return typeof value === 'number' && !isList ? undefined : `${at} takes one number.`;
  if (kind === 'flag') return typeof value === 'boolean' && op === '=' ? undefined : `${at} takes = and true or false.`;
  if (!EQUALITY.has(op)) return `${at} takes =, !=, in or not in.`;
  if (Array.isArray(value) !== /in$/.test(op)) return `${at} takes a list with in and not in, one value with = and !=.`;
  if ([value].flat().some((one) => typeof one !== 'string')) return `${at} takes text.`;
  const values = catalogue.values[field];
  return values && stringProblem(filter, values);
}

const CHANGES: readonly string[] = ['delta', 'delta_pct'];

function shapeProblems(plan: Plan): string[] {
  const compared = plan.compare !== null && plan.transform === 'compare';
  const columns: string[] = [...plan.metrics, ...plan.dimensions, ...(compared ? CHANGES : [])];
  if (plan.transform === 'share_of_total') columns.push('share');
  const by = plan.order?.by;
  const retention = plan.metrics.includes('retention_rate');
  const list = plan.metrics.find((metric) => METRIC[metric].listOf && !plan.dimensions.includes(METRIC[metric].listOf));
  const problems: [boolean, string][] = [
    [by !== undefined && !columns.includes(by), `order.by must be one of ${columns.join(', ')}.`],
    [plan.limit !== null && !plan.order && plan.dimensions.length > 0, 'limit needs an order.'],
    [plan.per !== null && !plan.dimensions.includes(plan.per), 'per must be one of the dimensions.'],
    [
      plan.per !== null && (plan.dimensions.length < 2 || plan.limit === null),
      'per needs a second dimension and a limit.',
    ],
    [plan.transform === 'compare' && !plan.compare, 'transform compare needs compare, the window to compare with.'],
    [plan.compare !== null && plan.transform !== 'compare' && !retention, 'compare needs transform compare.'],
    [retention && !plan.compare, 'retention_rate needs compare, the window customers are kept from.'],
    [plan.transform === 'share_of_total' && plan.dimensions.length === 0, 'a share needs a dimension.'],
    [
      plan.transform === 'running_total' && !plan.dimensions.some(isTimeDimension),
      'a running total needs a dimension of time.',
    ],
    [
      plan.allMembers && !/^(product|customer)$/.test(plan.dimensions[0] ?? ''),
      'allMembers is for product or customer.',
    ],
    [new Set(plan.dimensions).size < plan.dimensions.length, 'a dimension is named twice.'],
    [list !== undefined, `${list} is read per ${list && METRIC[list].listOf}: add that dimension.`],
    ...plan.having.map(({ column }): [boolean, string] => [
      !columns.includes(column),
      `having.column ${column} is not a metric of the plan.`,
    ]),
  ];
  return problems.flatMap(([isWrong, text]) => (isWrong ? [text] : []));
}

/** Rows of this many at most are asked for when a plan is tried out; nothing is run. */
const TRIAL_ROWS = 10;

function compileProblem(plan: Plan, clock: Clock): string[] {
  try {
    compile(plan, { now: clock.now, zone: clock.zone, minorFactor: 100 }, TRIAL_ROWS);
    return [];
  } catch (error) {
    if (error instanceof UnsupportedPlan) return [`That cannot be computed: ${error.message}.`];
    throw error;
  }
}

/** Members in the order the rules give them when nothing is said: times as they come, the greatest first. */
function withOrder(plan: Plan): Plan {
  if (plan.order || plan.dimensions.length === 0) return plan;
  const time = plan.dimensions.find(isTimeDimension);
  const by = plan.transform === 'share_of_total' ? 'share' : plan.metrics[0]!;
  return { ...plan, order: time ? { by: time, dir: 'asc' } : { by, dir: 'desc' } };
}

/**
 * A submitted plan as one that can be run: windows labelled, stored spellings checked, compiled once for trial.
 * @throws {BadPlan} with every problem found
 */
export function checkPlan(
  wire: WirePlan,
  context: { clock: Clock; catalogue: Catalogue; windows: readonly NamedWindow[] },
): Plan {
  const { clock, catalogue, windows } = context;
  const windowAt = (span: Span, what: string) => windowOfSpan(readSpan(span, what, clock), windows);
  const plan = withOrder(
    asOfNow({
      ...wire,
      window: windowAt(wire.window, 'window'),
      compare: wire.compare && windowAt(wire.compare, 'compare'),
      cohort: wire.cohort && { ...wire.cohort, window: windowAt(wire.cohort.window, 'cohort.window') },
    }),
  );
  const filters = plan.filters.map((filter) => filterProblem(filter, catalogue)).filter((text) => text !== undefined);
  const problems = [...filters, ...shapeProblems(plan)];
  if (problems.length === 0) problems.push(...compileProblem(plan, clock));
  if (problems.length > 0) throw new BadPlan(problems);
  if (!isPlan.Check(plan)) throw new BadPlan(['The plan has not the form of the schema.']);
  return plan;
}
