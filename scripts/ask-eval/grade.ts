import { matchColumns } from './columns.ts';
import type { Cell, Expected, Question } from './question.ts';
import { plainKey, sameKey, sameValue, toleranceOf } from './tolerance.ts';

export const VERDICTS = ['right', 'wrong', 'asked back', 'refused', 'failed'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What came back, from a process or from the engine itself. */
export interface Outcome {
  /** `answer`, `clarify`, a refusal, or `failed`. */
  status: string;
  understood?: string;
  /** Why there is no answer. */
  message?: string;
  choices?: readonly string[];
  columns?: readonly string[];
  rows?: Cell[][];
  total?: number;
  plan?: unknown;
  sql?: string;
  exitCode?: number;
  /** Of the whole call. */
  ms: number;
}

/** A reading of a question and the rows it must get. */
export interface Reading {
  meaning: Question;
  expected: Expected;
}

export interface Graded {
  verdict: Verdict;
  why?: string;
}

const TIME_KEYS = /^(day|week|month|quarter|year|hour_of_day|weekday)$/;
const REFUSALS = /^(refuse_|out_of_scope)/;

/** Rows whose position is decided by the dimension alone may lack or have empty buckets. */
const isByTime = ({ order }: Question) => order !== null && TIME_KEYS.test(order.by);

class Mismatch extends Error {}

function alike(meaning: Question, expected: Expected): (actual: Cell[], wanted: Cell[]) => boolean {
  const keys = meaning.dimensions.length;
  const tolerances = expected.columns.map((name, index) => toleranceOf(meaning, name, index - keys));
  return (actual, wanted) =>
    wanted.every((value, index) =>
      index < keys
        ? sameKey(actual[index] ?? null, value, expected.columns[index]!)
        : sameValue(actual[index] ?? null, value, tolerances[index]!),
    );
}

const measures = (meaning: Question, row: readonly Cell[]) => row.slice(meaning.dimensions.length);
const isEmpty = (cells: readonly Cell[]) => cells.every((cell) => cell === null || Number(cell) === 0);

/** Every expected row is there; one that ties with the last row kept may be another one. */
function checkRows(meaning: Question, actual: Cell[][], expected: Expected): void {
  const same = alike(meaning, expected);
  const wanted = expected.rows.slice(0, meaning.per ? undefined : (meaning.limit ?? undefined));
  const keys = meaning.dimensions.length;
  const sameMeasures = (a: Cell[], b: Cell[]) => same([...b.slice(0, keys), ...a.slice(keys)], b);
  const last = wanted.at(-1);
  for (const [index, row] of wanted.entries()) {
    if (actual.some((one) => same(one, row))) continue;
    const tied = last && actual[index] && sameMeasures(actual[index], last) && sameMeasures(row, last);
    if (!tied || !meaning.order)
      throw new Mismatch(
        `row ${index + 1}: expected ${JSON.stringify(row)}, got ${JSON.stringify(actual[index] ?? null)}`,
      );
  }
}

function checkCount(meaning: Question, actual: Cell[][], expected: Expected, total: number): void {
  const { limit, per } = meaning;
  if (limit && !per && actual.length > Math.max(limit, expected.rows.length))
    throw new Mismatch(`${actual.length} rows where ${limit} were asked`);
  const whole = limit && !per ? Math.min(limit, expected.total) : expected.total;
  if (actual.length < Math.min(whole, expected.rows.length)) throw new Mismatch(`${actual.length} rows of ${whole}`);
  const complete = expected.rows.length === expected.total && (!limit || per);
  const full = actual.filter((row) => !isEmpty(measures(meaning, row)));
  const wanted = expected.rows.filter((row) => !isEmpty(measures(meaning, row)));
  if (complete && full.length > wanted.length)
    throw new Mismatch(`${full.length} rows where there are ${wanted.length}`);
  if (!complete && !limit && total < expected.total) throw new Mismatch(`${total} rows in all of ${expected.total}`);
}

/** The column that was asked to be in order is, and its values stand where they must. */
function checkOrder(meaning: Question, actual: Cell[][], expected: Expected): void {
  if (!meaning.order || meaning.dimensions.length === 0 || meaning.per) return;
  const at = expected.columns.indexOf(meaning.order.by);
  if (at < 0) return;
  const keys = meaning.dimensions.length;
  const isKey = at < keys;
  const tolerance = toleranceOf(meaning, expected.columns[at]!, at - keys);
  const same = (a: Cell, b: Cell) => (isKey ? sameKey(a, b, expected.columns[at]!) : sameValue(a, b, tolerance));
  const rows = isByTime(meaning) ? actual.filter((row) => !isEmpty(measures(meaning, row))) : actual;
  const wanted = isByTime(meaning) ? expected.rows.filter((row) => !isEmpty(measures(meaning, row))) : expected.rows;
  for (const [index, row] of wanted.slice(0, rows.length).entries()) {
    if (!same(rows[index]![at] ?? null, row[at] ?? null))
      throw new Mismatch(
        `not in ${meaning.order.dir} order of ${meaning.order.by}: row ${index + 1} is ${JSON.stringify(rows[index])}, not ${JSON.stringify(row)}`,
      );
  }
}

/** A list that is cut without an order: which ones are shown is open, how many there are is not. */
const isAnyOf = ({ order, limit, per }: Question, { total }: Expected) =>
  order === null && limit !== null && !per && total > limit;

function checkReading(outcome: Outcome, { meaning, expected }: Reading): void {
  const rows = outcome.rows ?? [];
  const at = matchColumns(expected, outcome.columns ?? [], rows);
  if (typeof at === 'string') throw new Mismatch(`no column ${at} in ${(outcome.columns ?? []).join(', ')}`);
  const keys = meaning.dimensions.length;
  const actual = rows.map((row) =>
    at.map((from, index) => plainKey(row[from] ?? null, index < keys ? expected.columns[index]! : '')),
  );
  // A row for what has no member of the dimension may be there or not, unless one is expected.
  const withoutMember = (row: readonly Cell[]) => row.slice(0, keys).includes(null);
  const named = expected.rows.some(withoutMember) ? actual : actual.filter((row) => !withoutMember(row));
  const total = outcome.total ?? named.length;
  checkCount(meaning, named, expected, total);
  if (isAnyOf(meaning, expected)) {
    if (total !== expected.total) throw new Mismatch(`${total} rows in all, not ${expected.total}`);
    return;
  }
  checkRows(meaning, named, expected);
  checkOrder(meaning, named, expected);
}

function problemOf(outcome: Outcome, reading: Reading): string | undefined {
  try {
    checkReading(outcome, reading);
    return undefined;
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
}

function gradeDeclined(question: Question, outcome: Outcome): Graded {
  if (outcome.status === 'failed') return { verdict: 'failed', why: outcome.message ?? '' };
  if (outcome.sql) return { verdict: 'wrong', why: 'SQL was sent' };
  if (outcome.status === question.class) {
    const vague = outcome.status === 'clarify' && (outcome.choices ?? []).length < 2;
    return vague ? { verdict: 'asked back', why: 'fewer than two readings were offered' } : { verdict: 'right' };
  }
  if (outcome.status === 'answer') return { verdict: 'wrong', why: `answered: ${outcome.understood}` };
  return {
    verdict: outcome.status === 'clarify' ? 'asked back' : 'refused',
    why: `${outcome.status}: ${outcome.message}`,
  };
}

/**
 * Compares what came back with what the question must get: the first reading is the one meant, the others count too.
 * A class nobody knows is graded as a status: the same word must come back.
 */
export function grade(question: Question, outcome: Outcome, readings: readonly Reading[]): Graded {
  if (question.class !== 'answer') return gradeDeclined(question, outcome);
  if (outcome.status === 'failed') return { verdict: 'failed', why: outcome.message ?? '' };
  if (outcome.status !== 'answer') {
    const verdict = REFUSALS.test(outcome.status) ? 'refused' : 'asked back';
    return { verdict, why: `${outcome.status}: ${outcome.message}` };
  }
  if (readings.length === 0) return { verdict: 'failed', why: 'nothing is known of the rows it must get' };
  const problems = readings.map((reading) => problemOf(outcome, reading));
  return problems.includes(undefined)
    ? { verdict: 'right' }
    : { verdict: 'wrong', why: `${problems[0]}; understood: ${outcome.understood}` };
}
