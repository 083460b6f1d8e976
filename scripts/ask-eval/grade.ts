import type { Answered, Declined } from '../../lib/query/ask.ts';

export interface Question {
  id: string;
  question: string;
  class: string;
  metric: string | string[] | null;
  dimensions: string[];
  order: { by: string; dir: string } | null;
  limit: number | null;
  unit?: string | string[];
  alt?: { metric: string }[];
  context?: string[];
}

export interface Expected {
  columns: string[];
  rows: (string | number | null)[][];
  total: number;
}

export type Verdict = 'right' | 'wrong' | 'asked back' | 'refused';

const GIVEN = /^(day|week|month|quarter|year|hour_of_day|weekday)$/;

/** The id of the fixture inside an order's UUID; a carrier's name before a tracking number is dropped. */
function plain(value: string | number | null, column: string): string | number | null {
  if (column === 'order' && typeof value === 'string') return Number(value.replaceAll('-', ''));
  if (column === 'shipment' && typeof value === 'string') return Number(value.split(' ').at(-1));
  if (column === 'customer') return Number(value);
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return value.slice(0, 19).replace('T', ' ');
  return value;
}

/** Counts exact, money to a cent, ratios to 0.0005, other averages to 0.1 %. */
function same(actual: string | number | null, expected: string | number | null, unit: string): boolean {
  if (typeof actual !== 'number' || typeof expected !== 'number') return String(actual) === String(expected);
  const difference = Math.abs(actual - expected);
  if (unit === 'ratio') return difference <= 0.0005;
  if (unit.startsWith('USD')) return difference <= 0.0101;
  if (/^(units|orders|customers|refunds|payments|shipments)$/.test(unit)) return difference < 1e-6;
  return difference <= Math.max(1e-3 * Math.abs(expected), 1e-3);
}

const unitOf = (question: Question, column: string, index: number): string => {
  if (/(share|_pct)$/.test(column)) return 'ratio';
  const units = [question.unit ?? ''].flat();
  return units[Math.min(index, units.length - 1)] ?? '';
};

/** The expected columns picked out of the answer; undefined when one is missing. */
function project(answer: Answered, expected: Expected): (string | number | null)[][] | undefined {
  const at = expected.columns.map((name) => answer.columns.findIndex((column) => column.name === name));
  if (at.includes(-1)) return undefined;
  return answer.rows.map((row) => at.map((index, i) => plain(row[index] ?? null, expected.columns[i]!)));
}

function rowsMatch(question: Question, actual: (string | number | null)[][], expected: Expected): string | undefined {
  const keys = question.dimensions.length;
  const wanted = question.limit ? Math.min(expected.rows.length, question.limit) : expected.rows.length;
  const isSame = (a: (string | number | null)[], e: (string | number | null)[]) =>
    e.every((value, index) =>
      same(a[index] ?? null, value, index < keys ? 'key' : unitOf(question, expected.columns[index]!, index - keys)),
    );
  const last = expected.rows[wanted - 1];
  for (const [index, row] of expected.rows.slice(0, wanted).entries()) {
    const found =
      question.order && !GIVEN.test(question.order.by) ? actual.slice(0, Math.max(wanted, index + 1)) : actual;
    if (found.some((one) => isSame(one, row))) continue;
    const tied =
      actual[index] &&
      row
        .slice(keys)
        .every((value, i) =>
          same(actual[index]![i + keys] ?? null, value, unitOf(question, expected.columns[i + keys]!, i)),
        );
    const atCut = last && row.slice(keys).every((value, i) => value === last[i + keys]);
    if (!(tied && atCut))
      return `row ${index + 1}: expected ${JSON.stringify(row)}, got ${JSON.stringify(actual[index])}`;
  }
  if (question.limit && actual.length > Math.max(question.limit, wanted))
    return `${actual.length} rows, ${question.limit} asked`;
  const inOrder = question.order && keys > 0 ? orderProblem(question, actual, expected) : undefined;
  return inOrder;
}

function orderProblem(
  question: Question,
  actual: (string | number | null)[][],
  expected: Expected,
): string | undefined {
  const column = expected.columns.indexOf(question.order!.by);
  if (column < 0) return undefined;
  const values = actual.map((row) => row[column]).filter((value) => value !== null && value !== undefined);
  const sign = question.order!.dir === 'asc' ? 1 : -1;
  const broken = values.findIndex(
    (value, index) => index > 0 && sign * (value! > values[index - 1]! ? 1 : value! < values[index - 1]! ? -1 : 0) < 0,
  );
  return broken > 0 ? `rows are not in ${question.order!.dir} order of ${question.order!.by}` : undefined;
}

/** Compares an outcome with what the question must get. */
export function grade(
  question: Question,
  outcome: Answered | Declined,
  expected: Expected | undefined,
): { verdict: Verdict; why?: string } {
  if (question.class !== 'answer') {
    if (outcome.status === question.class) return { verdict: 'right' };
    const harmless = outcome.status !== 'answer';
    return { verdict: harmless ? 'refused' : 'wrong', why: `got ${outcome.status}` };
  }
  if (outcome.status !== 'answer') {
    return { verdict: outcome.status === 'clarify' ? 'asked back' : 'refused', why: outcome.message };
  }
  if (!expected) return { verdict: 'wrong', why: 'nothing expected is known' };
  const actual = project(outcome, expected);
  if (!actual)
    return {
      verdict: 'wrong',
      why: `columns ${outcome.columns.map((column) => column.name).join(', ')}; ${outcome.understood}`,
    };
  if (!question.limit && actual.length < expected.rows.length)
    return { verdict: 'wrong', why: `${actual.length} rows; ${outcome.understood}` };
  const problem = rowsMatch(question, actual, expected);
  return problem ? { verdict: 'wrong', why: `${problem}; ${outcome.understood}` } : { verdict: 'right' };
}
