import { type Static, Type } from 'typebox';
import { DIMENSIONS, FILTER_FIELDS, METRICS } from './model/names.ts';

/** A question in the terms of the semantic model: what the planner makes and the compiler reads. */

const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });
const UnitName = Type.Enum(['hour', 'day', 'week', 'month', 'quarter', 'half', 'year']);

/** Half-open [start, end) in UTC; start null = since ever. */
export const Window = Type.Object(
  {
    rule: Type.String(),
    start: Type.Union([Instant, Type.Null()]),
    end: Instant,
    step: Type.Object({ unit: UnitName, count: Type.Integer({ minimum: 1 }) }),
    running: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type Window = Static<typeof Window>;

export const Metric = Type.Enum([...METRICS]);
export const Dimension = Type.Enum([...DIMENSIONS]);
const Operator = Type.Enum(['=', '!=', '>', '>=', '<', '<=', 'in', 'not in']);
export type Operator = Static<typeof Operator>;

const Value = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]);

/** Amounts are in units of the currency (500 = 500.00), durations in hours, instants in UTC. */
export const Filter = Type.Object(
  {
    field: Type.Enum([...FILTER_FIELDS]),
    op: Operator,
    value: Type.Union([Value, Type.Array(Value, { minItems: 1 })]),
  },
  { additionalProperties: false },
);
export type Filter = Static<typeof Filter>;

/** A condition on a finished column: a metric of the plan or, when two windows are compared, the change. */
export const Having = Type.Object(
  { column: Type.Union([Metric, Type.Enum(['delta', 'delta_pct'])]), op: Operator, value: Type.Number() },
  { additionalProperties: false },
);
export type Having = Static<typeof Having>;

const OrderBy = Type.Object(
  {
    by: Type.Union([Metric, Dimension, Type.Enum(['share', 'delta', 'delta_pct'])]),
    dir: Type.Enum(['asc', 'desc']),
  },
  { additionalProperties: false },
);

export const Plan = Type.Object(
  {
    metrics: Type.Array(Metric, { minItems: 1, maxItems: 4 }),
    dimensions: Type.Array(Dimension, { maxItems: 3 }),
    filters: Type.Array(Filter),
    having: Type.Array(Having),
    window: Window,
    compare: Type.Union([Window, Type.Null()]),
    transform: Type.Enum(['none', 'share_of_total', 'compare', 'running_total']),
    order: Type.Union([OrderBy, Type.Null()]),
    limit: Type.Union([Type.Integer({ minimum: 1, maximum: 10_000 }), Type.Null()]),
    /** Rank within each member of this dimension instead of over all rows. */
    per: Type.Union([Dimension, Type.Null()]),
    /** Keep only the best members of a dimension by another metric (and its own window). */
    cohort: Type.Union([
      Type.Object({ dimension: Dimension, metric: Metric, window: Window, limit: Type.Integer({ minimum: 1 }) }),
      Type.Null(),
    ]),
    /** Members without any fact get a row too ("never sold"). */
    allMembers: Type.Boolean(),
    /** The number of rows instead of the rows: "how many customers with more than 3 orders". */
    count: Type.Optional(Type.Literal(true)),
    /** What one such stretch of time brings on average: "orders per day on average". */
    averagePer: Type.Optional(Type.Enum(['day', 'week', 'month', 'quarter', 'year'])),
  },
  { additionalProperties: false },
);
export type Plan = Static<typeof Plan>;
