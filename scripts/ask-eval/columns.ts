import type { Cell, Expected } from './question.ts';

/** Other names for what a transform adds, without the metric's own name. */
const ALIASES: Record<string, RegExp> = {
  share: /^(share|share_of_total|pct|percentage|.*_share)$/,
  previous: /^(previous|prev|.*_prev|.*_previous)$/,
  delta: /^(delta|change|difference|.*_delta)$/,
  delta_pct: /^(delta_pct|change_pct|pct_change|.*_delta_pct)$/,
  running_total: /^(running_total|cumulative|.*_running_total|.*_cumulative|running_.*|cumulative_.*)$/,
};

const kindOf = (rows: readonly Cell[][], column: number) =>
  typeof rows.map((row) => row[column]).find((value) => value !== null && value !== undefined);

function aliased(name: string, columns: readonly string[], taken: ReadonlySet<number>): number {
  const alias = ALIASES[name];
  return alias ? columns.findIndex((column, index) => !taken.has(index) && alias.test(column)) : -1;
}

/**
 * Where each expected column is in the answer, which may have more and in another order: by its name, a name that means
 * the same, or as the next column left that holds the same kind of value. The name of one that is missing otherwise.
 */
export function matchColumns(
  expected: Expected,
  columns: readonly string[],
  rows: readonly Cell[][],
): number[] | string {
  const taken = new Set<number>();
  const take = (index: number) => {
    if (index >= 0) taken.add(index);
    return index;
  };
  const at = expected.columns.map((name) => take(columns.indexOf(name)));
  expected.columns.forEach((name, index) => {
    if (at[index] === -1) at[index] = take(aliased(name, columns, taken));
  });
  // Under a name of its own a column is told by its values.
  expected.columns.forEach((_, index) => {
    if (at[index] !== -1 || columns.length !== expected.columns.length) return;
    const kind = kindOf(expected.rows as Cell[][], index);
    at[index] = take(columns.findIndex((_name, column) => !taken.has(column) && kindOf(rows, column) === kind));
  });
  const missing = at.indexOf(-1);
  return missing < 0 ? at : expected.columns[missing]!;
}
