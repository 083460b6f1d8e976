import type { Cell, Question } from './question.ts';

/** How far a value may be from the expected one. */
export type Tolerance = { absolute: number } | { relative: number };

const COUNTED = /^(units|orders|customers|refunds|payments|shipments|score)$/;
/** The last digit of a sum of cents in floating point. */
const CENT = 0.0101;
const RATIO = 0.0005;
const AVERAGE = 1e-3;

/** Counts exact, money to a cent, ratios to 0.0005, other averages to 0.1 %; by the unit the question names. */
export function toleranceOf(question: Question, column: string, metric: number): Tolerance {
  if (/(^|_)(share|pct|rate)$/.test(column)) return { absolute: RATIO };
  const units = [question.unit ?? ''].flat();
  const names = [question.metric ?? ''].flat();
  const at = names.findIndex((name) => column === name || column.startsWith(`${name}_`));
  const unit = units[at >= 0 ? at : Math.max(0, Math.min(metric, units.length - 1))] ?? '';
  if (unit === 'ratio') return { absolute: RATIO };
  if (/^[A-Z]{3}$/.test(unit) || /^[A-Z]{3}\//.test(unit)) return { absolute: CENT };
  if (COUNTED.test(unit)) return { absolute: 1e-6 };
  return { relative: AVERAGE };
}

export function sameValue(actual: Cell, expected: Cell, tolerance: Tolerance): boolean {
  if (expected === null || actual === null) return actual === expected;
  const [a, e] = [Number(actual), Number(expected)];
  if (typeof expected === 'string' || Number.isNaN(a) || Number.isNaN(e)) return text(actual) === text(expected);
  const bound = 'absolute' in tolerance ? tolerance.absolute : Math.max(tolerance.relative * Math.abs(e), AVERAGE);
  return Math.abs(a - e) <= bound;
}

/** Instants without their zone, to the second. */
const text = (value: Cell) =>
  String(value)
    .replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?Z?$/, '$1 $2')
    .toLowerCase();

/** What a row is called whose order, customer or item has no member of the dimension. */
const isNobody = (value: string) => value === '' || /^\(.*\)$/.test(value);

/** The number of the fixture inside what is shown of an order, a parcel or a customer. */
export function plainKey(value: Cell, column: string): Cell {
  if (typeof value !== 'string') return value;
  if (column !== '' && isNobody(value)) return null;
  if (column === 'order' && /^[0-9a-f-]{36}$/.test(value)) return Number(value.replaceAll('-', ''));
  if (column === 'shipment') return Number(value.split(' ').at(-1));
  return value;
}

export function sameKey(actual: Cell, expected: Cell, column: string): boolean {
  if (column === 'hour_of_day') return Number.parseInt(String(actual), 10) === Number.parseInt(String(expected), 10);
  if (column === 'weekday') return text(actual).slice(0, 3) === text(expected).slice(0, 3);
  return text(actual) === text(expected);
}
