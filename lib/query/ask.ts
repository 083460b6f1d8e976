import { Compile } from 'typebox/compile';
import { minorDigits } from '../domain/money.ts';
import { type Assistant, type ByRules, type Reading, readWithModel } from './assistant/index.ts';
import { describeRows } from './assistant/prose.ts';
import type { Catalogue } from './catalogue.ts';
import type { Cell, Reader } from './execute.ts';
import { understood } from './explain.ts';
import { buildLexicon } from './language/lexicon.ts';
import { FIXED_VALUES } from './model/values.ts';
import { Plan } from './plan.ts';
import { AskBack } from './planner/draft.ts';
import { planFollowUp } from './planner/follow-up.ts';
import { NotCovered } from './planner/leftovers.ts';
import { type Planned, plan as planQuestion } from './planner/planner.ts';
import { type Refusal, refuse, type Screened, screen } from './safety.ts';
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
  /** What happened on the way: a model that was not there, another reading. */
  notes: readonly string[];
  /** A sentence of the model about the rows, where they may be shared; every number in it stands in them. */
  prose?: string;
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
  /** A language model to read with; without one the rules read alone. */
  assistant?: Assistant | undefined;
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
  const byRules = readByRules(text, catalogue, options);
  const { assistant } = options;
  if (assistant && !(byRules instanceof AskBack && !byRules.unread)) {
    return askWithModel(text, byRules, { assistant, catalogue, reader, options });
  }
  if (byRules instanceof AskBack) return askBack(text, byRules);
  return answer(text, { kind: 'plan', planned: byRules, by: 'planner', notes: [] }, { catalogue, reader, options });
}

/** What the rules make of a question: a plan that compiles, or why not. */
function readByRules(text: string, catalogue: Catalogue, options: AskOptions): ByRules {
  try {
    const planned = planFor(text, catalogue, options);
    compile(planned.plan, compileContext(catalogue, options), 1);
    return planned;
  } catch (error) {
    if (error instanceof AskBack) return error;
    if (!(error instanceof UnsupportedPlan)) throw error;
    const choices = ['revenue by category this month', 'how many orders last week'];
    return new AskBack(`That cannot be answered: ${error.message}.`, choices);
  }
}

interface Sources {
  catalogue: Catalogue;
  reader: Reader;
  options: AskOptions;
}

async function askWithModel(
  text: string,
  byRules: ByRules,
  sources: Sources & { assistant: Assistant },
): Promise<Answered | Declined> {
  const { assistant, catalogue, options } = sources;
  const { clock, previous } = options;
  const asked = { question: text, clock, catalogue, lexicon: buildLexicon(catalogue), previous };
  const reading = await readWithModel(assistant, asked, byRules);
  const { notes } = reading;
  switch (reading.kind) {
    case 'plan':
      return withProse(await answer(text, reading, sources), assistant);
    case 'refused':
      return { ...refused(text, refuse(reading.class)), notes };
    case 'clarify':
      return { status: 'clarify', question: text, message: reading.message, choices: reading.choices, notes };
    case 'unread':
      return { ...askBack(text, reading.reason), notes };
  }
}

/** The model's own sentence about the rows, where they may be shown to it. */
async function withProse(answered: Answered, assistant: Assistant): Promise<Answered> {
  const { question, understood: meant, columns, rows } = answered;
  if (!assistant.shareRows || rows.length === 0) return answered;
  const described = await describeRows(assistant.model, { question, understood: meant, columns, rows }, assistant);
  return 'prose' in described
    ? { ...answered, prose: described.prose }
    : { ...answered, notes: [...answered.notes, described.note] };
}

const factorOf = (catalogue: Catalogue) => 10 ** minorDigits(catalogue.currencies[0] ?? 'USD');

const compileContext = (catalogue: Catalogue, { clock }: AskOptions) => {
  return { now: clock.now, zone: clock.zone, minorFactor: factorOf(catalogue) };
};

async function answer(
  text: string,
  { planned, by, notes }: Extract<Reading, { kind: 'plan' }>,
  { catalogue, reader, options }: Sources,
): Promise<Answered> {
  const plan = withCurrency(planned.plan, catalogue);
  if (!checkPlan.Check(plan)) throw new Error(`the plan is not valid: ${JSON.stringify(checkPlan.Errors(plan))}`);
  const currency = catalogue.currencies[0] ?? 'USD';
  const factor = factorOf(catalogue);
  const wanted = Math.min(options.limit ?? MAX_ROWS, plan.per ? MAX_ROWS : (plan.limit ?? MAX_ROWS));
  const { statement, columns } = compile(plan, compileContext(catalogue, options), wanted);
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
    by,
    notes,
    plan,
    sql: inline(statement),
    columns: columns.map((column) => (column.unit === 'money' && currencyAt < 0 ? { ...column, currency } : column)),
    rows,
    total: Number(found[0]?.at(-1) ?? 0),
  };
}
