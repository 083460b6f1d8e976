import { type Static, Type } from 'typebox';
import { Counts } from './counters.ts';
import { FlashSale } from './flash-sale.ts';
import { Percentiles } from './latency.ts';
import { Outage } from './outage.ts';
import { Outcomes } from './outcomes.ts';
import { Threshold, VERDICTS } from './verdict.ts';

/** What a run came to: the result of `oms simulate --json`, and summary.json. */
export const SimulateResult = Type.Object({
  run: Type.String(),
  mode: Type.String({ description: 'how orders were sent, in words' }),
  url: Type.String(),
  seed: Type.Union([Type.Integer(), Type.Null()], { description: 'null for recorded orders' }),
  started_at: Type.String(),
  ended_at: Type.String(),
  key_prefix: Type.String({ description: 'what the Idempotency-Key of each of its orders begins with' }),
  counts: Counts,
  rates: Type.Object(
    { asked: Type.Number(), issued: Type.Number(), accepted: Type.Number(), stored: Type.Number() },
    { description: 'orders a second' },
  ),
  latency_ms: Type.Object(
    { accepted: Percentiles, stored: Percentiles },
    { description: 'from the moment an order was due' },
  ),
  sent_in_ms: Type.Number(),
  drained_in_ms: Type.Union([Type.Number(), Type.Null()]),
  generator: Type.Object({ loop_lag_p99_ms: Type.Number(), cpu_percent: Type.Number() }),
  answers: Type.Record(Type.String(), Type.Integer(), { description: 'refusals and errors, by reason' }),
  thresholds: Type.Array(Threshold),
  verdict: Type.Enum([...VERDICTS]),
  manifest: Type.String(),
  outcomes: Type.Optional(Outcomes),
  customers: Type.Optional(
    Type.Record(Type.String(), Type.Object({ done: Type.Integer(), refused: Type.Integer(), failed: Type.Integer() }), {
      description: 'requests of customers and staff, by what they asked for',
    }),
  ),
  ended_in_ms: Type.Optional(
    Type.Union([Type.Number(), Type.Null()], { description: 'from the end of the drain to the end of the last order' }),
  ),
  flash_sale: Type.Optional(FlashSale),
  outage: Type.Optional(Outage),
  bad_input: Type.Optional(
    Type.Object({
      sent: Type.Integer(),
      as_expected: Type.Integer(),
      surprises: Type.Array(
        Type.Object({ kind: Type.String(), key: Type.String(), expected: Type.String(), got: Type.String() }),
        { description: 'the first ten that had other consequences than they should have' },
      ),
    }),
  ),
  sent_again: Type.Optional(
    Type.Object({
      times: Type.Integer(),
      unexpected: Type.Record(Type.String(), Type.Integer(), { description: 'answers that should not have been' }),
    }),
  ),
  environment: Type.Object({ node: Type.String(), platform: Type.String(), cpus: Type.Integer() }),
});
export type SimulateResult = Static<typeof SimulateResult>;
