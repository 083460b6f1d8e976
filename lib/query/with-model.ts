import type { Answered, AskOptions, AskSource, Declined } from './ask.ts';
import { answerFreeSql } from './assistant/free-sql.ts';
import { type Assistant, type ByRules, type Reading, readWithModel } from './assistant/index.ts';
import { describeRows } from './assistant/prose.ts';
import type { Catalogue } from './catalogue.ts';
import type { Lexicon } from './language/lexicon.ts';
import type { AskBack } from './planner/draft.ts';
import type { Planned } from './planner/planner.ts';
import { refuse } from './safety.ts';

/** What an answer is made from, and the one way to run a plan. */
export interface Sources {
  catalogue: Catalogue;
  lexicon: Lexicon;
  reader: AskSource;
  options: AskOptions;
  run(planned: Planned): Promise<Answered>;
  askBack(question: string, reason: AskBack): Declined;
}

const withNotes = (answered: Answered, ...notes: string[]): Answered => ({
  ...answered,
  notes: [...answered.notes, ...notes],
});

/** The model's own sentence about the rows, where they may be shown to it. */
async function withProse(answered: Answered, assistant: Assistant): Promise<Answered> {
  const { question, understood, columns, rows } = answered;
  if (!assistant.shareRows || rows.length === 0) return answered;
  const described = await describeRows(assistant.model, { question, understood, columns, rows }, assistant);
  return 'prose' in described ? { ...answered, prose: described.prose } : withNotes(answered, described.note);
}

const contentOf = ({ columns, rows, total }: Answered) =>
  JSON.stringify([columns.map(({ name }) => name), rows, total]);

/** Two readings that give the same rows need nobody to choose between them. */
async function settleDispute(
  question: string,
  { message, choices, notes, readings }: Extract<Reading, { kind: 'clarify' }>,
  { options, run }: Sources,
): Promise<Answered | Declined> {
  const declined: Declined = { status: 'clarify', question, message, choices, notes };
  if (!readings || options.dryRun) return declined;
  const [byRules, byModel] = [await run(readings[0]), await run(readings[1])];
  if (contentOf(byRules) !== contentOf(byModel)) return declined;
  return withNotes(byRules, `the model reads it as: ${byModel.understood}; the rows are the same`);
}

/** A statement that the guard took and the server does not: no answer, and no fault of the database. */
async function runSql(
  question: string,
  reading: Extract<Reading, { kind: 'sql' }>,
  assistant: Assistant,
  sources: Sources,
): Promise<Answered | Declined> {
  try {
    return await withProse(await answerFreeSql(question, reading, sources), assistant);
  } catch (error) {
    if (!(error as { sqlState?: string }).sqlState) throw error;
    const message = 'The statement that the language model wrote does not run.';
    return { status: 'clarify', question, message, choices: SIMPLE, notes: [] };
  }
}

const SIMPLE = ['revenue by category this month', 'how many orders last week'];

/** Answers what a model and the rules read together; `byRules` is what the rules read alone. */
export async function answerWithModel(
  question: string,
  byRules: ByRules,
  assistant: Assistant,
  sources: Sources,
): Promise<Answered | Declined> {
  const { catalogue, lexicon, reader, options, run, askBack } = sources;
  const { clock, previous } = options;
  const asked = { question, clock, catalogue, lexicon, previous };
  const freeSql = reader.freeSql ? assistant.freeSql : undefined;
  const reading = await readWithModel({ ...assistant, freeSql }, asked, byRules);
  switch (reading.kind) {
    case 'plan': {
      const answered = { ...(await run(reading.planned)), by: reading.by };
      return withProse(withNotes(answered, ...reading.notes), assistant);
    }
    case 'sql':
      return runSql(question, reading, assistant, sources);
    case 'refused': {
      const { class: status, message, choices } = refuse(reading.class);
      return { status, question, message, choices, notes: reading.notes };
    }
    case 'clarify':
      return settleDispute(question, reading, sources);
    case 'unread':
      return { ...askBack(question, reading.reason), notes: reading.notes };
  }
}
