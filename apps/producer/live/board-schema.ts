import { type Static, Type } from 'typebox';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';

/** What the staff see of the whole flow, as of one second. */

const count = Type.Integer({ minimum: 0 });
const time = Type.String({ format: 'date-time', description: 'UTC' });
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const Rate = Type.Object({ at: time, placed: count, confirmed: count, failed: count });

const Partition = Type.Object({
  partition: count,
  stored: Type.Integer({ description: 'sequence number of the last event in the database' }),
  stored_at: time,
  newest: orNull(Type.Integer({ description: 'sequence number of the last event in the hub, at most 5 s old' })),
  behind: orNull(count),
  behind_since: orNull({ ...time, description: 'since when this process sees it behind without a break' }),
  owner: orNull(Type.String({ description: 'the consumer that reads it' })),
});

const NewOrder = Type.Object({
  order_id: Type.String(),
  status: Type.Enum([...ORDER_STATUSES]),
  reporting_status: Type.String(),
  placed_at: time,
  total_minor: Type.Integer(),
  currency: Type.String(),
});

export const LiveBoard = Type.Object({
  at: time,
  open_orders: Type.Record(Type.String(), count, { description: 'open orders by status, at most 5 s old' }),
  placed_per_minute: count,
  confirmed_per_minute: count,
  failed_per_minute: count,
  rates: Type.Array(Rate, { description: 'the last minute in slices of 2 s, oldest first' }),
  newest: Type.Array(NewOrder),
  partitions: Type.Array(Partition),
  behind: orNull(count),
  dead_letters: Type.Object({ open: count, parked: count }),
});
export type LiveBoard = Static<typeof LiveBoard>;
