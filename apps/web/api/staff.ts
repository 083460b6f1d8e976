import { type Static, Type } from 'typebox';
import type { Call, OrderApi } from './order-api.ts';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const Rate = Type.Object({
  at: Type.String(),
  placed: Type.Integer(),
  confirmed: Type.Integer(),
  failed: Type.Integer(),
});
export type Rate = Static<typeof Rate>;

const Partition = Type.Object({
  partition: Type.Integer(),
  stored_at: Type.String(),
  behind: orNull(Type.Integer()),
  behind_since: orNull(Type.String()),
  owner: orNull(Type.String()),
});
export type Partition = Static<typeof Partition>;

const NewOrder = Type.Object({
  order_id: Type.String(),
  status: Type.String(),
  placed_at: Type.String(),
  total_minor: Type.Integer(),
  currency: Type.String(),
});
export type NewOrder = Static<typeof NewOrder>;

/** The flow of orders as of one second. Only what pages use of it. */
export const Board = Type.Object({
  at: Type.String(),
  open_orders: Type.Record(Type.String(), Type.Integer()),
  placed_per_minute: Type.Integer(),
  confirmed_per_minute: Type.Integer(),
  failed_per_minute: Type.Integer(),
  rates: Type.Array(Rate),
  newest: Type.Array(NewOrder),
  partitions: Type.Array(Partition),
  behind: orNull(Type.Integer()),
  dead_letters: Type.Object({ open: Type.Integer(), parked: Type.Integer() }),
});
export type Board = Static<typeof Board>;

const Letter = Type.Object({
  id: Type.Integer(),
  reason: Type.String(),
  detail: orNull(Type.String()),
  event_type: orNull(Type.String()),
  order_id: orNull(Type.String()),
  failed_at: Type.String(),
  waiting: Type.Integer(),
});
export type Letter = Static<typeof Letter>;

const Letters = Type.Object({ items: Type.Array(Letter) });

/** The newest that are looked at; more are counted, and listed by `oms dlq list`. */
const MAX_LETTERS = 200;

export const LIVE_PATH = '/api/admin/live';

/** What the order API tells the staff. */
export class Staff {
  readonly #api: OrderApi;

  constructor(api: OrderApi) {
    this.#api = api;
  }

  board(call: Call): Promise<Board> {
    return this.#api.get(LIVE_PATH, Board, call);
  }

  /** Whether who asks is let in. @throws {ApiProblem} */
  async check(call: Call): Promise<void> {
    await this.#api.get('/api/admin/dead-letters?limit=1', Letters, call);
  }

  /** Open dead letters, newest first. */
  async letters(call: Call): Promise<Letter[]> {
    const { items } = await this.#api.get(`/api/admin/dead-letters?limit=${MAX_LETTERS}`, Letters, call);
    return items;
  }
}
