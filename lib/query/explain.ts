import { DIMENSION, TIME_LABEL } from './model/dimensions.ts';
import { METRIC } from './model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName } from './model/names.ts';
import type { Filter, Plan, Window } from './plan.ts';
import { toWall } from './time/zone.ts';

const labelOf = (name: DimensionName): string => (isTimeDimension(name) ? TIME_LABEL[name][0] : DIMENSION[name].label);
const pluralOf = (name: DimensionName): string =>
  isTimeDimension(name) ? TIME_LABEL[name][1] : DIMENSION[name].plural;

/** A column by what people call it: "orders", not "orders count". */
const nameOf = (column: string): string =>
  Object.hasOwn(METRIC, column) ? METRIC[column as MetricName].label : column.replaceAll('_', ' ');

const DAY = 86_400_000;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayOf(wall: number): string {
  const date = new Date(wall);
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}
const dayAndYear = (wall: number) => `${dayOf(wall)} ${new Date(wall).getUTCFullYear()}`;
const timeOf = (wall: number) => new Date(wall).toISOString().slice(11, 16);
const isMidnight = (wall: number) => wall % DAY === 0;

/** The last day of a window that ends at midnight, the moment otherwise. */
function endOf(wall: number): string {
  return isMidnight(wall) ? dayAndYear(wall - DAY) : `${dayAndYear(wall)} ${timeOf(wall)}`;
}

function startOfWindow(wall: number, endWall: number): string {
  const shown = isMidnight(endWall) ? endWall - DAY : endWall;
  const sameYear = new Date(wall).getUTCFullYear() === new Date(shown).getUTCFullYear();
  const day = sameYear ? dayOf(wall) : dayAndYear(wall);
  return isMidnight(wall) ? day : `${day} ${timeOf(wall)}`;
}

/** "Mon 9 Nov - Sun 15 Nov 2026". */
function describeWindow(window: Window, zone: string): string {
  const end = toWall(Date.parse(window.end), zone);
  if (window.rule === 'as_of_now') return `as of ${dayAndYear(end)} ${timeOf(end)}`;
  if (window.start === null) return window.rule === 'all_time' ? 'all time' : `until ${endOf(end)}`;
  const start = toWall(Date.parse(window.start), zone);
  if (isMidnight(start) && end - start === DAY) return dayAndYear(start);
  return `${startOfWindow(start, end)} - ${endOf(end)}`;
}

const FLAGS: Partial<Record<Filter['field'], string>> = {
  low_stock: 'at or below the reorder point',
  out_of_stock: 'out of stock',
  open_order: 'still open',
  placed_not_shipped: 'placed but not shipped',
  fraud_flag: 'flagged as fraud',
  has_coupon: 'with a coupon',
  overdue: 'overdue',
  late: 'late',
};

function describeFilter({ field, op, value }: Filter): string {
  if (field === 'has_sale_order') return value === false ? 'without a sale order' : 'with a sale order';
  if (field === 'last_order_before') return `last order before ${String(value).slice(0, 10)}`;
  if (field === 'has_coupon' && value === false) return 'without a coupon';
  if (field === 'status_since') {
    const [verb, end] = op.startsWith('>') ? ['since', value] : ['and before', value];
    return `in that status ${verb} ${String(end).slice(0, 16).replace('T', ' ')} UTC`;
  }
  const flag = FLAGS[field];
  if (flag) return typeof value === 'number' ? `${flag} for more than ${value} h` : flag;
  const words = field === 'status_age_hours' ? 'hours in the status' : field.replaceAll('_', ' ');
  const shown = [value].flat().join(', ');
  return `${words} ${op === 'in' ? '=' : op} ${shown}`;
}

function describeTransform(plan: Plan, zone: string): string[] {
  if (plan.transform === 'share_of_total') return ['as a share of the total'];
  if (plan.transform === 'running_total') return ['as a running total'];
  return plan.compare
    ? [
        `${plan.metrics[0] === 'retention_rate' ? 'of the customers of' : 'compared with'} ${describeWindow(plan.compare, zone)}`,
      ]
    : [];
}

function describeOrder(plan: Plan): string[] {
  if (!plan.limit) return [];
  const word = plan.order?.dir === 'asc' ? 'lowest' : 'top';
  const within = plan.per ? ` in each ${labelOf(plan.per)}` : '';
  const by = plan.order && plan.order.by !== plan.metrics[0] ? ` by ${nameOf(plan.order.by)}` : '';
  const last = plan.dimensions.at(-1);
  return [`${last === 'order' || last === 'customer' ? 'first' : word} ${plan.limit}${by}${within}`];
}

/** The question in the program's own words: measure, split, window and zone, conditions, order. */
export function understood(plan: Plan, zone: string): string {
  const metrics = plan.metrics.map((metric) => METRIC[metric].label).join(' and ');
  const what = plan.averagePer ? `average ${metrics} per ${plan.averagePer}` : metrics;
  const counted = plan.count ? `number of ${plan.dimensions.map(pluralOf).join(' and ')} by ` : '';
  const by = plan.dimensions.length > 0 && !plan.count ? ` by ${plan.dimensions.map(labelOf).join(' and ')}` : '';
  const scopes = [...new Set(plan.metrics.map((metric) => METRIC[metric].scope))];
  const cohort = plan.cohort
    ? [
        `the top ${plan.cohort.limit} ${pluralOf(plan.cohort.dimension)} by ${METRIC[plan.cohort.metric].label} ${describeWindow(plan.cohort.window, zone)}`,
      ]
    : [];
  const having = plan.having.map(({ column, op, value }) => `${nameOf(column)} ${op} ${value}`);
  return [
    `${counted}${what}${by}`,
    `${describeWindow(plan.window, zone)} (${zone})`,
    scopes.join(' and '),
    ...plan.filters.map(describeFilter),
    ...having,
    ...cohort,
    ...describeTransform(plan, zone),
    ...describeOrder(plan),
  ].join(', ');
}
