import { type Static, Type } from 'typebox';
import type { Answered, Declined } from './ask.ts';
import { Plan } from './plan.ts';

const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const Strings = Type.Array(Type.String());

const Window = Type.Object(
  {
    start: Type.Union([Type.String(), Type.Null()], { description: 'UTC; null since ever' }),
    end: Type.String({ description: 'UTC, exclusive' }),
    timezone: Type.String(),
    rule: Type.String(),
  },
  { additionalProperties: false },
);

const AnswerResult = Type.Object(
  {
    question: Type.String(),
    status: Type.Literal('answer'),
    understood: Type.String({ description: 'how the question was read, in one line' }),
    assumptions: Type.Array(Type.String(), { description: 'what was taken for granted' }),
    by: Type.Enum(['planner', 'model'], { description: 'who read the question' }),
    prose: Type.Optional(Type.String({ description: 'a sentence of a model about the rows' })),
    plan: Type.Union([Plan, Type.Null()], { description: 'null where a model wrote the statement itself' }),
    window: Type.Union([Window, Type.Null()]),
    sql: Type.Optional(Type.String()),
    columns: Strings,
    kinds: Type.Array(Type.String(), { description: 'by column: dimension, metric, share, change or detail' }),
    units: Type.Array(Type.String(), {
      description: 'by column: a currency (amounts in its units), ratio (0 to 1), timestamp (UTC), text, count, ...',
    }),
    rows: Type.Array(Type.Array(Cell)),
    total_rows: Type.Integer({ description: 'rows there are, of which `rows` may be the first' }),
    notes: Strings,
    follow_ups: Type.Array(Type.String(), { description: 'questions that continue this one' }),
    dry_run: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);

const DeclinedResult = Type.Object(
  {
    question: Type.String(),
    status: Type.Enum(['clarify', 'refuse_write', 'refuse_pii', 'refuse_unsafe', 'out_of_scope']),
    message: Type.String({ description: 'one helpful sentence' }),
    choices: Type.Array(Type.String(), { description: 'questions that can be answered instead' }),
    notes: Type.Optional(Strings),
  },
  { additionalProperties: false },
);

/** One question answered or declined, as programs get it: `oms ask --json` and POST /api/admin/ask. */
export const AskResult = Type.Union([AnswerResult, DeclinedResult]);
export type AskResult = Static<typeof AskResult>;

const windowOf = ({ start, end, rule }: Plan['window'], timezone: string) => ({ start, end, timezone, rule });

/** @param options.sql whether the statement is part of it */
export function toResult(outcome: Answered | Declined, options: { zone: string; sql: boolean }): AskResult {
  if (outcome.status !== 'answer') {
    const { question, status, message, choices, notes = [] } = outcome;
    return { question, status, message, choices: [...choices], ...(notes.length > 0 && { notes: [...notes] }) };
  }
  const { question, status, understood, assumptions, plan, sql, columns, rows, total, notes, followUps } = outcome;
  return {
    question,
    status,
    understood,
    assumptions: [...assumptions],
    by: outcome.by,
    ...(outcome.prose !== undefined && { prose: outcome.prose }),
    plan,
    window: plan && windowOf(plan.window, options.zone),
    ...(options.sql && { sql }),
    columns: columns.map((column) => column.name),
    kinds: columns.map((column) => column.kind),
    units: columns.map((column) => column.currency ?? column.unit),
    rows,
    total_rows: total,
    notes: [...notes],
    follow_ups: [...followUps],
    ...(outcome.dryRun && { dry_run: true }),
  };
}
