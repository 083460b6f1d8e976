import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WirePlan } from '../../../lib/query/assistant/wire-plan.ts';
import type { Clock } from '../../../lib/query/time/period.ts';
import { toInstant } from '../../../lib/query/time/zone.ts';

interface Spoken {
  start: string | null;
  end: string;
}

/** A question of the given set with its meaning written down. */
export interface GoldItem {
  id: string;
  question: string;
  class: string;
  context?: string[];
  metric: string | string[];
  dimensions: string[];
  filters: { field: string; op: string; value: string | number | boolean }[];
  window: Spoken;
  compare?: Spoken;
  order: { by: string; dir: string } | null;
  limit: number | null;
  transform?: string;
}

const GIVEN = join(import.meta.dirname, '..', '..', 'fixtures', 'ask', 'given', 'dev.json');

interface GoldSet {
  clock: { now: string; tz: string };
  items: GoldItem[];
}

export const readGold = (path = GIVEN) => JSON.parse(readFileSync(path, 'utf8')) as GoldSet;
export const clockOf = ({ clock }: GoldSet): Clock => ({ now: Date.parse(clock.now), zone: clock.tz });

const utc = (local: string, { zone }: Clock) => new Date(toInstant(Date.parse(`${local}:00Z`), zone)).toISOString();
const spanOf = ({ start, end }: Spoken, clock: Clock) => ({
  start: start && utc(start, clock),
  end: utc(end, clock),
});

const DAY = 86_400_000;

/** "top | units_sold past 28 days | 10" of the set is a cohort of the plan. */
function cohortOf(item: GoldItem, clock: Clock): WirePlan['cohort'] {
  const top = item.filters.find(({ field }) => field === 'top');
  if (!top) return null;
  const [, days] = /past (\d+) days/.exec(top.op)!;
  const today = `${new Date(clock.now).toLocaleDateString('sv-SE', { timeZone: clock.zone })}T00:00`;
  const start = new Date(Date.parse(`${today}:00Z`) - Number(days) * DAY).toISOString().slice(0, 16);
  const window = spanOf({ start, end: today }, clock);
  return { dimension: 'product', metric: 'units_sold', window, limit: Number(top.value) };
}

const isTime = (field: string) => field === 'last_order_before';

/** The meaning as a model would submit it. */
export function goldPlan(item: GoldItem, clock: Clock): WirePlan {
  const having = item.filters.filter(({ field }) => field.startsWith('having:'));
  const filters = item.filters.filter(({ field }) => field !== 'top' && !field.startsWith('having:'));
  return {
    metrics: [item.metric].flat(),
    dimensions: item.dimensions,
    filters: filters.map((filter) => ({
      ...filter,
      value: isTime(filter.field) ? utc(String(filter.value), clock) : filter.value,
    })),
    having: having.map(({ field, op, value }) => ({ column: field.slice('having:'.length), op, value })),
    window: spanOf(item.window, clock),
    compare: item.compare ? spanOf(item.compare, clock) : null,
    transform: item.transform ?? 'none',
    order: item.order,
    limit: item.limit,
    per: null,
    cohort: cohortOf(item, clock),
    allMembers: having.some(({ op, value }) => op === '=' && value === 0),
  } as WirePlan;
}
