import { Compile } from 'typebox/compile';
import { minorDigits } from '../domain/money.ts';
import type { FreeReader } from './assistant/free-sql.ts';
import type { Assistant, ByRules } from './assistant/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { Cell, Reader } from './execute.ts';
import { understood } from './explain.ts';
import { buildLexicon, type Lexicon } from './language/lexicon.ts';
import { FIXED_VALUES } from './model/values.ts';
import { Plan } from './plan.ts';
import { AskBack, Screened as Misspelt } from './planner/draft.ts';
import { planFollowUp } from './planner/follow-up.ts';
import { NotCovered } from './planner/leftovers.ts';
import { type Planned, plan as planQuestion } from './planner/planner.ts';
import { type Refusal, type Screened, screen } from './safety.ts';
import { type Column, compile } from './sql/compile.ts';
import { UnsupportedPlan } from './sql/conditions.ts';
import { type Fragment, inline } from './sql/fragment.ts';
import { followUps } from './suggest.ts';
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
  /** What happened on the way: a model that was not there, another reading. */
  notes?: readonly string[];
}

export interface Answered {
  status: 'answer';
  question: string;
  understood: string;
  assumptions: readonly string[];
  /** Who read the question; what a model read has passed the same checks. */
  by: 'planner' | 'model';
  /** null where a model wrote the statement itself. */
  plan: Plan | null;
  sql: string;
  columns: readonly (Column & { currency?: string })[];
  /** Amounts in units of their currency, ratios 0..1, instants in ISO 8601 UTC. */
  rows: (string | number | null)[][];
  /** Rows there are, of which `rows` may be the first. */
  total: number;
  /** What a reader should know beside the rows: that there are no orders yet. */
  notes: readonly string[];
  /** Questions that change this plan into another one that can be answered. */
  followUps: readonly string[];
  /** A sentence of a model about the rows, where they may be shared; every number in it stands in them. */
  prose?: string;
  /** Planned and compiled only: no row was read. */
  dryRun?: true;
}

export interface AskOptions {
  clock: Clock;
  /** At most this many rows, whatever the question says. */
  limit?: number;
  /** The plan of the question before, for "and by brand?". */
  previous?: Plan;
  /** Says what would be run; the catalogue is read, the answer is not. */
  dryRun?: boolean;
  /** A language model to read with; without one the rules read alone. */
  assistant?: Assistant | undefined;
}

/** What answers are read from. */
export type AskSource = Pick<Reader, 'catalogue' | 'rows'> & FreeReader;

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
    if (!(error instanceof AskBack) || !error.certain) return undefined;
    return options.assistant && error.unread ? undefined : askBack(question, error);
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

const lexicons = new WeakMap<Catalogue, Lexicon>();

function lexiconOf(catalogue: Catalogue): Lexicon {
  const known = lexicons.get(catalogue);
  if (known) return known;
  const built = buildLexicon(catalogue);
  lexicons.set(catalogue, built);
  return built;
}

/** Plans the question, with its catalogue. @throws {AskBack} */
export function planFor(question: string, catalogue: Catalogue, options: AskOptions): Planned {
  const lexicon = lexiconOf(catalogue);
  return options.previous
    ? planFollowUp(question, options.previous, lexicon, options.clock)
    : planQuestion(question, lexicon, options.clock);
}

/**
 * Answers a question from the database, or says why not. The catalogue is read first: names in a question are
 * looked up in it.
 */
export async function ask(question: string, reader: AskSource, options: AskOptions): Promise<Answered | Declined> {
  const text = checkQuestion(question);
  const declined = decline(text, options);
  if (declined) return declined;
  const catalogue = await reader.catalogue();
  const screened = screen(text, Object.values(catalogue.values).flat());
  if (screened) return refused(text, screened);
  const byRules = readByRules(text, catalogue, options);
  if ('status' in byRules) return byRules;
  const run = (planned: Planned) => answer(text, planned, catalogue, reader, options);
  const { assistant } = options;
  // What is vague stays vague, whoever reads it; a model is asked about words that the rules do not know.
  if (assistant && !(byRules instanceof AskBack && !byRules.unread)) {
    const { answerWithModel } = await import('./with-model.ts');
    return answerWithModel(text, byRules, assistant, {
      catalogue,
      lexicon: lexiconOf(catalogue),
      reader,
      options,
      run,
      askBack,
    });
  }
  return byRules instanceof AskBack ? askBack(text, byRules) : run(byRules);
}

/** What the rules make of a question: a plan that compiles, or why not; refused where a slip of the hand hid what is asked. */
function readByRules(text: string, catalogue: Catalogue, options: AskOptions): ByRules | Declined {
  try {
    const planned = planFor(text, catalogue, options);
    compileFor(planned.plan, catalogue, options);
    return planned;
  } catch (error) {
    if (error instanceof Misspelt) return refused(text, error.refusal);
    if (error instanceof AskBack) return error;
    if (!(error instanceof UnsupportedPlan)) throw error;
    const choices = ['revenue by category this month', 'how many orders last week'];
    return new AskBack(`That cannot be answered: ${error.message}.`, choices);
  }
}

interface Compiled {
  plan: Plan;
  /** Rows wanted at most. */
  wanted: number;
  minorFactor: number;
  currency: string;
  statement: Fragment;
  columns: readonly Column[];
}

function compileFor(planned: Plan, catalogue: Catalogue, options: AskOptions): Compiled {
  const plan = withCurrency(planned, catalogue);
  if (!checkPlan.Check(plan)) throw new Error(`the plan is not valid: ${JSON.stringify(checkPlan.Errors(plan))}`);
  const currency = catalogue.currencies[0] ?? 'USD';
  const minorFactor = 10 ** minorDigits(currency);
  const wanted = Math.min(options.limit ?? MAX_ROWS, plan.per ? MAX_ROWS : (plan.limit ?? MAX_ROWS));
  const { now, zone } = options.clock;
  return {
    plan,
    wanted,
    minorFactor,
    currency,
    ...compile(plan, { now, zone, minorFactor, since: catalogue.since }, wanted),
  };
}

/** Those that plan and compile. */
function followUpsOf(plan: Plan, catalogue: Catalogue, options: AskOptions): string[] {
  return followUps(plan, (question) => {
    try {
      return compileFor(planFor(question, catalogue, { ...options, previous: plan }).plan, catalogue, options).plan;
    } catch (error) {
      if ([AskBack, UnsupportedPlan, Misspelt].some((known) => error instanceof known)) return undefined;
      throw error;
    }
  });
}

/** The rows in units that people use. */
function readable(found: readonly Cell[][], { columns, wanted, minorFactor }: Compiled): Answered['rows'] {
  const currencyAt = columns.findIndex((column) => column.name === 'currency');
  return found.slice(0, wanted).map((row) => {
    const own = currencyAt >= 0 ? 10 ** minorDigits(String(row[currencyAt])) : minorFactor;
    return columns.map((column, index) => toCell(row[index] ?? null, column, own));
  });
}

const NO_ORDERS = 'there are no orders in this database yet; "oms seed" makes some';

/** Nothing but zeros and blanks may mean that nothing was ever stored. */
async function emptiness(rows: Answered['rows'], reader: AskSource): Promise<string[]> {
  if (rows.some((row) => row.some((cell) => typeof cell === 'number' && cell !== 0))) return [];
  const any = await reader.rows({ text: 'SELECT 1 FROM orders LIMIT 1', params: [] });
  return any.length > 0 ? [] : [NO_ORDERS];
}

async function answer(
  text: string,
  planned: Planned,
  catalogue: Catalogue,
  reader: AskSource,
  options: AskOptions,
): Promise<Answered> {
  const compiled = compileFor(planned.plan, catalogue, options);
  const { plan, statement, columns, currency } = compiled;
  const found = options.dryRun ? [] : await reader.rows(statement);
  const rows = readable(found, compiled);
  const isMixed = columns.some((column) => column.name === 'currency');
  return {
    status: 'answer',
    question: text,
    understood: understood(plan, options.clock.zone),
    assumptions: planned.assumptions,
    by: 'planner',
    plan,
    sql: inline(statement),
    columns: columns.map((column) => (column.unit === 'money' && !isMixed ? { ...column, currency } : column)),
    rows,
    total: Number(found[0]?.at(-1) ?? 0),
    notes: options.dryRun ? [] : await emptiness(rows, reader),
    followUps: followUpsOf(plan, catalogue, options),
    ...(options.dryRun && { dryRun: true }),
  };
}
