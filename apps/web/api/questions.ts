import { type Static, Type } from 'typebox';
import type { Call, OrderApi } from './order-api.ts';

const Texts = Type.Array(Type.String());
const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()]);

const Answer = Type.Object({
  status: Type.Literal('answer'),
  understood: Type.String(),
  assumptions: Texts,
  /** Who read the question: rules, or a language model with them. */
  by: Type.Enum(['planner', 'model']),
  /** What a question that continues this one is sent along with; nothing here looks into it. */
  plan: Type.Object({ dimensions: Texts }),
  window: Type.Object({ timezone: Type.String() }),
  sql: Type.Optional(Type.String()),
  columns: Texts,
  kinds: Texts,
  units: Texts,
  rows: Type.Array(Type.Array(Cell)),
  total_rows: Type.Integer(),
  notes: Texts,
  follow_ups: Texts,
});
export type Answer = Static<typeof Answer>;
export type Cell = Static<typeof Cell>;

const Declined = Type.Object({
  status: Type.Enum(['clarify', 'refuse_write', 'refuse_pii', 'refuse_unsafe', 'out_of_scope']),
  message: Type.String(),
  choices: Texts,
  notes: Type.Optional(Texts),
});
export type Declined = Static<typeof Declined>;

const Reply = Type.Union([Answer, Declined]);

export interface Question {
  question: string;
  /** The plan of the answer before. */
  previous?: object | undefined;
  limit: number;
}

/** The staff's questions to the order API. */
export class Questions {
  readonly #api: OrderApi;

  constructor(api: OrderApi) {
    this.#api = api;
  }

  ask(question: Question, call: Call): Promise<Answer | Declined> {
    return this.#api.query('/api/admin/ask', Reply, { ...call, body: { ...question, sql: true } });
  }
}
