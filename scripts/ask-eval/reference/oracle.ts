import type { Cell, Expected, Question } from '../question.ts';
import { type Dimensions, dimensionsOf, type Filter } from './dimensions.ts';
import type { Shop } from './facts.ts';
import { dayOf, wallClock } from './local-time.ts';
import { type Fact, MEASURES, type Scope } from './measures.ts';
import { bestOfEach, having, sorted, type Table, withPrevious, withRunningTotal, withShare } from './tables.ts';

type Window = { start: string | null; end: string };

const BY_ITEM = ['product', 'category', 'brand'];
const DAY = 86_400_000;
/** How many rows are kept of what there is. */
const KEPT = 12;

/** Works out answers from the CSV fixture and the definitions of the vocabulary; shares nothing with the product. */
export class Oracle {
  private readonly shop: Shop;
  private readonly now: number;
  private readonly wall: (at: number) => number;
  private readonly dimensions: Dimensions;

  constructor(shop: Shop, clock: { now: string; tz: string }) {
    this.shop = shop;
    this.now = Date.parse(clock.now);
    this.wall = wallClock(clock.tz);
    this.dimensions = dimensionsOf(shop, clock);
  }

  /** The rows a question must get, the first dozen of them, and how many there are. */
  expected(item: Question): Expected {
    const table = having(item, this.table(item), () => this.members(item));
    const rows = sorted(item, table);
    const at = item.dimensions.length;
    const whole = item.transform === 'running_total' ? withRunningTotal({ ...table, rows }, at) : { ...table, rows };
    const { question } = item;
    if (item.per) {
      const best = bestOfEach(item, rows);
      return { question, columns: table.columns, total: best.length, rows: best };
    }
    const kept = whole.rows.slice(0, Math.min(KEPT, item.limit ?? KEPT));
    return { question, columns: whole.columns, total: rows.length, rows: kept };
  }

  private table(item: Question): Table {
    const window = item.window!;
    if (item.metric === 'retention_rate') return { columns: ['retention_rate'], rows: [[this.retention(item)]] };
    const table = this.measured(item, window);
    if (item.compare) return withPrevious(item, table, this.measured(item, item.compare));
    if (item.transform !== 'share_of_total') return table;
    const others = item.filters.filter(({ field }) => !item.dimensions.includes(field));
    const total = this.measured({ ...item, dimensions: [], filters: others }, window).rows[0]![0]!;
    return withShare(table, Number(total), item.dimensions.length);
  }

  /** Each metric for each member, laid side by side. */
  private measured(item: Question, window: Window): Table {
    const metrics = [item.metric!].flat();
    const cells = new Map<string, Cell[]>();
    metrics.forEach((metric, index) => {
      for (const [key, value] of this.groups(metric, item, window)) {
        const row = cells.get(key) ?? metrics.map(() => null);
        row[index] = value;
        cells.set(key, row);
      }
    });
    return {
      columns: [...item.dimensions, ...metrics],
      rows: [...cells].map(([key, row]) => [...(JSON.parse(key) as Cell[]), ...row]),
    };
  }

  private groups(metric: string, item: Question, window: Window): [string, Cell][] {
    const filters = this.rowFilters(item);
    const named = [...item.dimensions, ...filters.map((filter) => filter.field)];
    const scope = this.scope(named.some((name) => BY_ITEM.includes(name)));
    const measure = MEASURES[metric]!;
    const facts = measure.facts(scope).filter((fact) => this.counts(fact, window, filters));
    const groups = Map.groupBy(facts, (fact) => JSON.stringify(item.dimensions.map((name) => this.read(name, fact))));
    if (item.dimensions.length === 0 && groups.size === 0) groups.set('[]', []);
    const before = item.filters.find(({ field }) => field === 'last_order_before');
    // What has no member of a dimension (an order without a parcel, by carrier) is no row of its own.
    return [...groups]
      .filter(([key]) => !(JSON.parse(key) as Cell[]).includes(null))
      .map(([key, group]): [string, Cell] => [key, measure.value(group, scope)])
      .filter(([, value]) => !before || this.local(String(value)) < Date.parse(`${before.value}Z`));
  }

  private read(name: string, fact: Fact): Cell {
    return this.dimensions.read(name, fact);
  }

  private local(timestamp: string): number {
    return this.wall(Date.parse(`${timestamp.replace(' ', 'T')}Z`));
  }

  private counts(fact: Fact, { start, end }: Window, filters: readonly Filter[]): boolean {
    const at = fact.at === null ? undefined : this.wall(fact.at);
    const inside =
      at === undefined || ((start === null || at >= Date.parse(`${start}Z`)) && at < Date.parse(`${end}Z`));
    return inside && filters.every((filter) => this.dimensions.passes(fact, filter));
  }

  private get today(): number {
    const now = this.wall(this.now);
    return now - (now % DAY);
  }

  private scope(byItem: boolean): Scope {
    const [start, end] = [this.today - 28 * DAY, this.today];
    const recent = (at: number) => this.wall(at) >= start && this.wall(at) < end;
    return { shop: this.shop, now: this.now, recent, byItem };
  }

  /** Conditions on single facts; "the top N" become the members they are. */
  private rowFilters(item: Question): Filter[] {
    return item.filters
      .filter(({ field }) => !field.startsWith('having:') && field !== 'last_order_before')
      .map((filter) => (filter.field === 'top' ? this.topProducts(filter) : filter));
  }

  private topProducts({ op, value }: Filter): Filter {
    const window = { start: `${dayOf(this.today - 28 * DAY)}T00:00`, end: `${dayOf(this.today)}T00:00` };
    const ranking = { metric: op.split(' ')[0]!, dimensions: ['product'], filters: [] as Filter[] } as Question;
    const { rows } = this.measured(ranking, window);
    const best = rows.toSorted((a, b) => Number(b[1]) - Number(a[1])).slice(0, Number(value));
    return { field: 'product', op: 'in', value: best.map(([name]) => String(name)) };
  }

  private members({ dimensions, filters }: Question): Cell[] {
    const own = filters.filter(({ field }) => BY_ITEM.includes(field));
    const facts = this.shop.products.map((product): Fact => ({ at: null, product }));
    const kept = facts.filter((fact) => own.every((filter) => this.dimensions.passes(fact, filter)));
    return [...new Set(kept.map((fact) => this.read(dimensions[0]!, fact)))];
  }

  private retention(item: Question): Cell {
    const filters = this.rowFilters(item);
    const buyers = (window: Window) =>
      new Set(
        MEASURES.customers_count!.facts(this.scope(false))
          .filter((fact) => this.counts(fact, window, filters))
          .map((fact) => fact.customer),
      );
    const base = buyers(item.compare!);
    return [...buyers(item.window!)].filter((customer) => base.has(customer)).length / base.size;
  }
}
