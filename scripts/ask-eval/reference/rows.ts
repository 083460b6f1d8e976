import type { Expected, Question } from '../question.ts';
import type { Shop } from './facts.ts';
import { type Fact, MEASURES, type Scope } from './measures.ts';

type Cell = string | number | null;

const BY_ITEM = ['product', 'category', 'brand'];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Local time as if it were UTC, by the offset `Intl` gives; offsets change on the hour at the earliest. */
function wallClock(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, number>();
  return (at) => {
    const hour = Math.floor(at / 900_000);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')!.value;
      const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [null, '+', '0', '0'];
      offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
      offsets.set(hour, offset);
    }
    return at + offset;
  };
}

const day = (wall: number) => new Date(wall).toISOString().slice(0, 10);

function timeKey(name: string, wall: number): Cell | undefined {
  const date = new Date(wall);
  switch (name) {
    case 'day':
      return day(wall);
    case 'week':
      return day(wall - ((date.getUTCDay() + 6) % 7) * 86_400_000);
    case 'month':
      return day(wall).slice(0, 7);
    case 'quarter':
      return `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
    case 'year':
      return date.getUTCFullYear();
    case 'hour_of_day':
      return date.getUTCHours();
    case 'weekday':
      return WEEKDAYS[date.getUTCDay()]!;
  }
  return undefined;
}

const READERS: Record<string, (fact: Fact) => Cell | undefined> = {
  product: (fact) => fact.product?.name,
  category: (fact) => fact.product?.category,
  brand: (fact) => fact.product?.brand,
  customer: (fact) => fact.customer?.id,
  segment: (fact) => fact.customer?.segment,
  city: (fact) => fact.customer?.city,
  country: (fact) => fact.customer?.country,
  channel: (fact) => fact.order?.channel,
  order_status: (fact) => fact.order?.status,
  coupon: (fact) => fact.order?.coupon,
  customer_type: (fact) => (fact.order?.returning ? 'returning' : 'new'),
  payment_method: (fact) => (fact.payment ? fact.payment.method : fact.order?.method),
  failure_code: (fact) => fact.payment?.code,
  refund_reason: (fact) => fact.refund?.reason,
  carrier: (fact) => (fact.shipment ? fact.shipment.carrier : fact.order?.carrier),
  warehouse: (fact) => fact.stock?.warehouse,
  order: (fact) => fact.order?.id,
  shipment: (fact) => fact.shipment?.id,
  order_value: (fact) => (fact.order ? fact.order.value / 100 : undefined),
  fraud_score: (fact) => fact.order?.score,
  fraud_flag: (fact) => (fact.order?.flag ? 1 : 0),
};

type Filter = Question['filters'][number];

function holds(op: string, actual: Cell | undefined, value: unknown): boolean {
  const list = [value].flat() as Cell[];
  const wanted = list.map((one) => (typeof one === 'boolean' ? Number(one) : one));
  if (op === '=' || op === 'in') return wanted.includes(actual ?? null);
  if (op === '!=' || op === 'not in') return !wanted.includes(actual ?? null);
  if (actual === null || actual === undefined) return false;
  const [a, b] = [actual, wanted[0]!];
  return op === '>' ? a > b : op === '>=' ? a >= b : op === '<' ? a < b : a <= b;
}

export interface Oracle {
  /** The rows a question must get, the first `keep` of them, and how many there are. */
  expected(item: Question, keep?: number): Expected;
}

type Window = { start: string | null; end: string };
type Group = { key: Cell[]; value: Cell };

/** Works out answers from the CSV fixture and the definitions of the vocabulary; shares nothing with the product. */
export function oracle(shop: Shop, clock: { now: string; tz: string }): Oracle {
  const wall = wallClock(clock.tz);
  const now = Date.parse(clock.now);
  const today = wall(now) - (wall(now) % 86_400_000);
  const recent = (at: number) => wall(at) >= today - 28 * 86_400_000 && wall(at) < today;
  const soldEver = new Set(shop.orders.filter((order) => order.sale).map((order) => order.customer));
  const low = new Set<string>();
  const out = new Set<string>();
  for (const [product, stock] of Map.groupBy(shop.stock, (one) => one.product)) {
    const free = stock.reduce((total, one) => total + one.onHand - one.reserved, 0);
    if (free <= stock.reduce((total, one) => total + one.reorder, 0)) low.add(product.name);
    if (free <= 0) out.add(product.name);
  }
  const read = (name: string, fact: Fact): Cell | undefined =>
    (fact.at !== null ? timeKey(name, wall(fact.at)) : undefined) ?? READERS[name]?.(fact) ?? null;

  function passes(fact: Fact, { field, op, value }: Filter): boolean {
    if (field === 'status_age_hours') return holds(op, (now - fact.order!.since) / 3_600_000, value);
    if (field === 'low_stock') return low.has(fact.product!.name) === value;
    if (field === 'out_of_stock') return out.has(fact.product!.name) === value;
    if (field === 'has_sale_order') return soldEver.has(fact.customer!) === value;
    return holds(op, read(field, fact), value);
  }

  const inWindow = (fact: Fact, { start, end }: Window) => {
    if (fact.at === null) return true;
    const at = wall(fact.at);
    return (start === null || at >= Date.parse(`${start}Z`)) && at < Date.parse(`${end}Z`);
  };

  function groups(metric: string, item: Question, window: Window, filters: readonly Filter[]): Group[] {
    const named = [...item.dimensions, ...filters.map((filter) => filter.field)];
    const scope: Scope = { shop, now, recent, byItem: named.some((name) => BY_ITEM.includes(name)) };
    const measure = MEASURES[metric]!;
    const facts = measure
      .facts(scope)
      .filter((fact) => inWindow(fact, window) && filters.every((filter) => passes(fact, filter)));
    const byKey = Map.groupBy(facts, (fact) => JSON.stringify(item.dimensions.map((name) => read(name, fact))));
    if (item.dimensions.length === 0 && byKey.size === 0) byKey.set('[]', []);
    // What has no member of a dimension (an order without a parcel, by carrier) is no row of its own.
    return [...byKey]
      .map(([key, group]) => ({ key: JSON.parse(key) as Cell[], value: measure.value(group, scope) }))
      .filter(({ key }) => !key.includes(null));
  }

  function retention(item: Question): Cell {
    const buyers = (window: Window) =>
      new Set(
        MEASURES.customers_count!.facts({ shop, now, recent, byItem: false })
          .filter((fact) => inWindow(fact, window) && item.filters.every((filter) => passes(fact, filter)))
          .map((fact) => fact.customer),
      );
    const base = buyers(item.compare!);
    return [...buyers(item.window!)].filter((customer) => base.has(customer)).length / base.size;
  }

  function members(item: Question): Cell[][] {
    const [dimension] = item.dimensions;
    const all = shop.products.filter((product) =>
      item.filters.every((f) => f.field.startsWith('having') || passes({ at: null, product }, f)),
    );
    return [...new Set(all.map((product) => READERS[dimension!]!({ at: null, product })!))].map((name) => [name]);
  }

  function topMembers(filter: Filter): Filter {
    const window = { start: `${day(today - 28 * 86_400_000)}T00:00`, end: `${day(today)}T00:00` };
    const [metric] = filter.op.split(' ');
    const rows = groups(metric!, { dimensions: ['product'] } as Question, window, []);
    const best = rows.sort((a, b) => Number(b.value) - Number(a.value)).slice(0, Number(filter.value));
    return { field: 'product', op: 'in', value: best.map(({ key }) => String(key[0])) };
  }

  function table(item: Question): { columns: string[]; rows: Cell[][] } {
    const metrics = [item.metric!].flat();
    const window = item.window!;
    const own = item.filters
      .filter(({ field }) => !field.startsWith('having') && field !== 'last_order_before')
      .map((filter) => (filter.field === 'top' ? topMembers(filter) : filter));
    if (metrics[0] === 'retention_rate') return { columns: metrics, rows: [[retention(item)]] };
    const perMetric = metrics.map((metric) => groups(metric, item, window, own));
    const values = new Map<string, Cell[]>();
    perMetric.forEach((list, index) => {
      for (const { key, value } of list) {
        const row = values.get(JSON.stringify(key)) ?? metrics.map(() => null);
        row[index] = value;
        values.set(JSON.stringify(key), row);
      }
    });
    let rows = [...values].map(([key, row]) => [...(JSON.parse(key) as Cell[]), ...row]);
    let columns = [...item.dimensions, ...metrics];
    const at = item.dimensions.length;
    if (item.transform === 'share_of_total') {
      const free = own.filter(({ field }) => !item.dimensions.includes(field));
      const total = Number(groups(metrics[0]!, { ...item, dimensions: [] }, window, free)[0]!.value);
      columns = [...columns, 'share'];
      rows = rows.map((row) => [...row, Number(row[at]) / total]);
    }
    if (item.compare) {
      const before = metrics.map(
        (metric) => new Map(groups(metric, item, item.compare!, own).map((g) => [JSON.stringify(g.key), g.value])),
      );
      for (const map of before)
        for (const key of map.keys())
          if (!values.has(key)) rows.push([...(JSON.parse(key) as Cell[]), ...metrics.map(() => 0)]);
      columns =
        metrics.length === 1
          ? [...columns, 'previous', 'delta', 'delta_pct']
          : [
              ...item.dimensions,
              ...metrics.flatMap((name) => [name, `${name}_prev`, `${name}_delta`, `${name}_delta_pct`]),
            ];
      rows = rows.map((row) => {
        const key = row.slice(0, at);
        const cells = metrics.flatMap((_, index) => {
          const [current, previous] = [Number(row[at + index]), Number(before[index]!.get(JSON.stringify(key)) ?? 0)];
          const delta = current - previous;
          return [current, previous, delta, previous === 0 ? null : delta / previous];
        });
        return [...key, ...cells];
      });
    }
    return { columns, rows };
  }

  function having(item: Question, columns: string[], rows: Cell[][]): Cell[][] {
    let kept = rows;
    for (const { field, op, value } of item.filters) {
      if (field === 'last_order_before') {
        const index = columns.indexOf('last_order_at');
        kept = kept.filter(
          (row) => wall(Date.parse(`${String(row[index]).replace(' ', 'T')}Z`)) < Date.parse(`${value}Z`),
        );
      }
      if (!field.startsWith('having:')) continue;
      const name = field.slice('having:'.length);
      const index = columns.indexOf(name);
      if (value === 0 && op === '=') {
        const sold = new Set(rows.filter((row) => row[index] !== 0).map((row) => row[0]));
        return members(item)
          .filter(([member]) => !sold.has(member!))
          .map((key) => [...key, 0]);
      }
      kept = kept.filter((row) => holds(op, row[index], value));
    }
    return kept;
  }

  function compare(a: Cell, b: Cell): number {
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1;
  }

  /** Ties by the dimension; null last in both directions. */
  function sorted(item: Question, columns: string[], rows: Cell[][]): Cell[][] {
    const order = item.order ?? (item.per ? { by: [item.metric!].flat()[0]!, dir: 'desc' } : null);
    const index = order ? columns.indexOf(order.by) : -1;
    const sign = order?.dir === 'desc' ? -1 : 1;
    return rows.toSorted((a, b) => {
      if (index >= 0) {
        const [x, y] = [a[index]!, b[index]!];
        const nulls = x === null || y === null;
        const first = compare(x, y) * (nulls ? 1 : sign);
        if (first !== 0) return first;
      }
      for (let at = 0; at < item.dimensions.length; at++) {
        const next = compare(a[at]!, b[at]!);
        if (next !== 0) return next;
      }
      return 0;
    });
  }

  function finish(item: Question, columns: string[], rows: Cell[][]): Cell[][] {
    if (item.transform === 'running_total') {
      const at = item.dimensions.length;
      let total = 0;
      columns.push('running_total');
      return rows.map((row) => {
        total += Number(row[at]);
        return [...row, total];
      });
    }
    if (!item.per) return rows;
    const index = item.dimensions.indexOf(item.per);
    return [...Map.groupBy(rows, (row) => row[index]).values()].flatMap((group) => group.slice(0, item.limit!));
  }

  return {
    expected(item, keep = 12) {
      const { columns, rows } = table(item);
      const ordered = finish(item, columns, sorted(item, columns, having(item, columns, rows)));
      const cut = item.per ? ordered : ordered.slice(0, item.limit ?? ordered.length);
      return { question: item.question, columns, total: ordered.length, rows: item.per ? cut : cut.slice(0, keep) };
    },
  };
}
