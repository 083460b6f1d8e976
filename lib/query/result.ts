import { type Static, Type } from 'typebox';
import type { Answered, Declined } from './ask.ts';
import { Plan } from './plan.ts';

const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()]);
const Strings = Type.Array(Type.String());

const AnswerResult = Type.Object(
  {
    question: Type.String(),
    status: Type.Literal('answer'),
    understood: Type.String({ description: 'how the question was read, in one line' }),
    assumptions: Type.Array(Type.String(), { description: 'what was taken for granted' }),
    plan: Plan,
    window: Type.Object(
      {
        start: Type.Union([Type.String(), Type.Null()], { description: 'UTC; null since ever' }),
        end: Type.String({ description: 'UTC, exclusive' }),
        timezone: Type.String(),
        rule: Type.String(),
      },
      { additionalProperties: false },
    ),
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
  },
  { additionalProperties: false },
);

/** One question answered or declined, as programs get it: `oms ask --json` and POST /api/admin/ask. */
export const AskResult = Type.Union([AnswerResult, DeclinedResult]);
export type AskResult = Static<typeof AskResult>;

/** @param options.sql whether the statement is part of it */
export function toResult(outcome: Answered | Declined, options: { zone: string; sql: boolean }): AskResult {
  if (outcome.status !== 'answer') {
    const { question, status, message, choices } = outcome;
    return { question, status, message, choices: [...choices] };
  }
  const { question, status, understood, assumptions, plan, sql, columns, rows, total, notes, followUps } = outcome;
  return {
    question,
    status,
    understood,
    assumptions: [...assumptions],
    plan,
    window: { start: plan.window.start, end: plan.window.end, timezone: options.zone, rule: plan.window.rule },
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
