import { Compile } from 'typebox/compile';
import { minorDigits } from '../domain/money.ts';
import type { Catalogue } from './catalogue.ts';
import type { Cell, Reader } from './execute.ts';
import { understood } from './explain.ts';
import { buildLexicon } from './language/lexicon.ts';
import { FIXED_VALUES } from './model/values.ts';
import { Plan } from './plan.ts';
import { AskBack, Screened as Misspelt } from './planner/draft.ts';
import { planFollowUp } from './planner/follow-up.ts';
import { NotCovered } from './planner/leftovers.ts';
import { type Planned, plan as planQuestion } from './planner/planner.ts';
import { type Refusal, type Screened, screen } from './safety.ts';
import { type Column, compile } from './sql/compile.ts';
import { UnsupportedPlan } from './sql/conditions.ts';
import { inline } from './sql/fragment.ts';
import type { Clock } from './time/period.ts';

/** The question itself cannot be taken: empty, too long, or not text. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
}

/** Declined, or not clear enough: a sentence and questions that can be answered instead. No SQL was sent. */
export interface Declined {
  status: Refusal | 'clarify';
  question: string;
  message: string;
  choices: readonly string[];
}

export interface Answered {
  status: 'answer';
  question: string;
  understood: string;
  assumptions: readonly string[];
  plan: Plan;
  sql: string;
  columns: readonly (Column & { currency?: string })[];
  /** Amounts in units of their currency, ratios 0..1, instants in ISO 8601 UTC. */
  rows: (string | number | null)[][];
  /** Rows there are, of which `rows` may be the first. */
  total: number;
}

export interface AskOptions {
  clock: Clock;
  /** At most this many rows, whatever the question says. */
  limit?: number;
  /** The plan of the question before, for "and by brand?". */
  previous?: Plan;
}

const MAX_LENGTH = 2_000;
const MAX_ROWS = 1_000;
const checkPlan = Compile(Plan);

/** @throws {BadQuestion} when there is nothing to read */
export function checkQuestion(question: string): string {
  const text = question.trim();
  if (text.length === 0) throw new BadQuestion('the question is empty');
  if (text.length > MAX_LENGTH)
    throw new BadQuestion(`the question has more than ${MAX_LENGTH.toLocaleString('en-US')} characters`);
  if (/\p{Cc}/u.test(text)) throw new BadQuestion('the question holds control characters');
  return text;
}

const refused = (question: string, { class: status, message, choices }: Screened): Declined => ({
  status,
  question,
  message,
  choices,
});

/** What can be said without the database: refusals, and questions that no name in it could make clearer. */
export function decline(question: string, options?: AskOptions): Declined | undefined {
  const screened = screen(question);
  if (screened) return refused(question, screened);
  if (!options || options.previous) return undefined;
  try {
    planFor(question, { values: FIXED_VALUES, currencies: [] }, options);
    return undefined;
  } catch (error) {
    if (error instanceof Misspelt) return refused(question, error.refusal);
    return error instanceof AskBack && error.certain ? askBack(question, error) : undefined;
  }
}

const askBack = (question: string, error: AskBack): Declined => ({
  status: error instanceof NotCovered ? 'out_of_scope' : 'clarify',
  question,
  message: error.message,
  choices: error.choices,
});

function withCurrency(plan: Plan, catalogue: Catalogue): Plan {
  const mixed = catalogue.currencies.length > 1 && !plan.dimensions.includes('currency');
  return mixed && plan.dimensions.length < 3 ? { ...plan, dimensions: [...plan.dimensions, 'currency'] } : plan;
}

function toCell(value: Cell, column: Column, factor: number): string | number | null {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (column.unit === 'text') return column.name === 'order' ? asUuid(String(value)) : value;
  if (column.unit === 'timestamp') return new Date(`${value}Z`).toISOString();
  const number = Number(value);
  // The servers divide to different lengths; nobody reads a ratio to the ninth digit.
  return Number((column.unit === 'money' ? number / factor : number).toFixed(column.unit === 'money' ? 6 : 8));
}

const asUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Plans the question, with its catalogue. @throws {AskBack} */
export function planFor(question: string, catalogue: Catalogue, options: AskOptions): Planned {
  const lexicon = buildLexicon(catalogue);
  return options.previous
    ? planFollowUp(question, options.previous, lexicon, options.clock)
    : planQuestion(question, lexicon, options.clock);
}

/**
 * Answers a question from the database, or says why not. The catalogue is read first: names in a question are
 * looked up in it.
 */
export async function ask(question: string, reader: Reader, options: AskOptions): Promise<Answered | Declined> {
  const text = checkQuestion(question);
  const declined = decline(text, options);
  if (declined) return declined;
  const catalogue = await reader.catalogue();
  const screened = screen(text, Object.values(catalogue.values).flat());
  if (screened) return refused(text, screened);
  try {
    const planned = planFor(text, catalogue, options);
    return await answer(text, planned, catalogue, reader, options);
  } catch (error) {
    if (error instanceof Misspelt) return refused(text, error.refusal);
    if (error instanceof AskBack) return askBack(text, error);
    if (error instanceof UnsupportedPlan) {
      return askBack(
        text,
        new AskBack(`That cannot be answered: ${error.message}.`, [
          'revenue by category this month',
          'how many orders last week',
        ]),
      );
    }
    throw error;
  }
}

async function answer(
  text: string,
  planned: Planned,
  catalogue: Catalogue,
  reader: Reader,
  options: AskOptions,
): Promise<Answered> {
  const plan = withCurrency(planned.plan, catalogue);
  if (!checkPlan.Check(plan)) throw new Error(`the plan is not valid: ${JSON.stringify(checkPlan.Errors(plan))}`);
  const currency = catalogue.currencies[0] ?? 'USD';
  const factor = 10 ** minorDigits(currency);
  const wanted = Math.min(options.limit ?? MAX_ROWS, plan.per ? MAX_ROWS : (plan.limit ?? MAX_ROWS));
  const context = { now: options.clock.now, zone: options.clock.zone, minorFactor: factor };
  const { statement, columns } = compile(plan, context, wanted);
  const found = await reader.rows(statement);
  const currencyAt = columns.findIndex((column) => column.name === 'currency');
  const rows = found.slice(0, wanted).map((row) => {
    const own = currencyAt >= 0 ? 10 ** minorDigits(String(row[currencyAt])) : factor;
    return columns.map((column, index) => toCell(row[index] ?? null, column, own));
  });
  return {
    status: 'answer',
    question: text,
    understood: understood(plan, options.clock.zone),
    assumptions: planned.assumptions,
    plan,
    sql: inline(statement),
    columns: columns.map((column) => (column.unit === 'money' && currencyAt < 0 ? { ...column, currency } : column)),
    rows,
    total: Number(found[0]?.at(-1) ?? 0),
  };
}
