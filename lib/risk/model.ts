import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { FEATURE_CODES } from './features.ts';

const Score = Type.Number({ minimum: 0, maximum: 1 });

/** A logistic model: the score is 1 / (1 + exp(-(bias + sum of weight * (value - mean) / deviation))). */
export const RiskModel = Type.Object({
  version: Type.String({ pattern: '^[a-z0-9-]{1,32}$' }),
  bias: Type.Number(),
  features: Type.Array(
    Type.Object({
      code: Type.String(),
      mean: Type.Number(),
      deviation: Type.Number({ exclusiveMinimum: 0 }),
      weight: Type.Number(),
    }),
  ),
  /** From which score on a person has to look, and from which on the order is refused. */
  thresholds: Type.Object({ review: Score, block: Score }),
  trained: Type.Object({
    orders: Type.Integer(),
    frauds: Type.Integer(),
    seeds: Type.Array(Type.Integer()),
  }),
});
export type RiskModel = Static<typeof RiskModel>;

const validator = Compile(RiskModel);

/** A file that is no model of this version's features. */
export class RiskModelError extends Error {
  override readonly name = 'RiskModelError';
}

/**
 * @throws {RiskModelError} when the value has another shape, or weighs other features than this version reads
 */
export function parseRiskModel(value: unknown): RiskModel {
  if (!validator.Check(value)) {
    const [error] = validator.Errors(value);
    throw new RiskModelError(`no risk model: ${error?.instancePath || 'the file'} ${error?.message ?? ''}`);
  }
  if (value.thresholds.block < value.thresholds.review) {
    throw new RiskModelError('no risk model: it would block orders before anybody reviews them');
  }
  const codes = value.features.map((feature) => feature.code);
  if (codes.join() !== FEATURE_CODES.join()) {
    throw new RiskModelError('the risk model was trained with other features; train it again: oms fraud train');
  }
  return value;
}

export interface Scored {
  /** From 0 to 1. */
  score: number;
  /** What speaks for fraud, the strongest first. */
  reasons: string[];
}

/** Less than this in the exponent is no reason. */
const LEAST_REASON = 0.3;
const MOST_REASONS = 4;

const logistic = (exponent: number): number => 1 / (1 + Math.exp(-exponent));

/** @param values one for each feature of the model; NaN weighs nothing */
export function score(model: RiskModel, values: Float64Array): Scored {
  let exponent = model.bias;
  const weighed: { code: string; weight: number }[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) continue;
    const { code, mean, deviation, weight } = model.features[index]!;
    const part = (weight * (value - mean)) / deviation;
    exponent += part;
    if (part >= LEAST_REASON) weighed.push({ code, weight: part });
  }
  weighed.sort((a, b) => b.weight - a.weight);
  return { score: logistic(exponent), reasons: weighed.slice(0, MOST_REASONS).map(({ code }) => code) };
}
