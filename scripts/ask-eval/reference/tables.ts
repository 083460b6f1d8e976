import type { Cell, Question } from '../question.ts';
import { holds } from './dimensions.ts';

/** Rows under their columns: the dimensions first, then what was measured. */
export interface Table {
  columns: string[];
  rows: Cell[][];
}

/** `name` without a start, for the second of two windows side by side. */
const compared = (name: string, metrics: readonly string[], suffix: string, alone: string) =>
  metrics.length === 1 ? alone : `${name}_${suffix}`;

/** Adds the earlier value, the change and the change as a share, metric by metric. */
export function withPrevious(item: Question, { rows }: Table, before: Table): Table {
  const at = item.dimensions.length;
  const metrics = [item.metric!].flat();
  const key = (row: readonly Cell[]) => JSON.stringify(row.slice(0, at));
  const current = new Map(rows.map((row) => [key(row), row]));
  const previous = new Map(before.rows.map((row) => [key(row), row]));
  const keys = [...new Set([...current.keys(), ...previous.keys()])];
  const columns = metrics.flatMap((name) => [
    name,
    compared(name, metrics, 'prev', 'previous'),
    compared(name, metrics, 'delta', 'delta'),
    compared(name, metrics, 'delta_pct', 'delta_pct'),
  ]);
  return {
    columns: [...item.dimensions, ...columns],
    rows: keys.map((one) => [
      ...(JSON.parse(one) as Cell[]),
      ...metrics.flatMap((_, index) => {
        const now = Number(current.get(one)?.[at + index] ?? 0);
        const then = Number(previous.get(one)?.[at + index] ?? 0);
        return [now, then, now - then, then === 0 ? null : (now - then) / then];
      }),
    ]),
  };
}

export function withShare({ columns, rows }: Table, total: number, at: number): Table {
  return { columns: [...columns, 'share'], rows: rows.map((row) => [...row, Number(row[at]) / total]) };
}

export function withRunningTotal({ columns, rows }: Table, at: number): Table {
  let total = 0;
  return {
    columns: [...columns, 'running_total'],
    rows: rows.map((row) => {
      total += Number(row[at]);
      return [...row, total];
    }),
  };
}

/** Conditions on finished columns. `members` are all there are of the dimension, for those without any fact. */
export function having(item: Question, { columns, rows }: Table, members: () => Cell[]): Table {
  const conditions = item.filters.filter(({ field }) => field.startsWith('having:'));
  return conditions.reduce<Table>(
    (table, { field, op, value }) => {
      const at = columns.indexOf(field.slice('having:'.length));
      if (op !== '=' || value !== 0) return { columns, rows: table.rows.filter((row) => holds(op, row[at], value)) };
      const present = new Set(rows.filter((row) => row[at] !== 0).map((row) => row[0]));
      const absent = members().filter((member) => !present.has(member));
      return { columns, rows: absent.map((member) => [member, 0]) };
    },
    { columns, rows },
  );
}

function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1;
}

/** In the order asked, ties by the dimensions, null last either way. */
export function sorted(item: Question, { columns, rows }: Table): Cell[][] {
  const order = item.order ?? (item.per ? { by: [item.metric!].flat()[0]!, dir: 'desc' } : null);
  const at = order ? columns.indexOf(order.by) : -1;
  const sign = order?.dir === 'desc' ? -1 : 1;
  return rows.toSorted((a, b) => {
    const nulls = at >= 0 && (a[at] === null || b[at] === null);
    const first = at < 0 ? 0 : compareCells(a[at]!, b[at]!) * (nulls ? 1 : sign);
    return item.dimensions.reduce((so, _, index) => so || compareCells(a[index]!, b[index]!), first);
  });
}

/** The first rows of each member of the dimension that is ranked within. */
export function bestOfEach(item: Question, rows: readonly Cell[][]): Cell[][] {
  const at = item.dimensions.indexOf(item.per!);
  return [...Map.groupBy(rows, (row) => row[at]!).values()].flatMap((group) => group.slice(0, item.limit!));
}
