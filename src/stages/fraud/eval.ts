import type { RiskEvaluation } from '../../../lib/risk/evaluate.ts';
import type { RiskModel } from '../../../lib/risk/model.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';

export interface EvalOptions {
  /** Orders made from each seed. */
  orders: number;
  seeds: readonly number[];
  /** A file that `oms fraud train` has written; default is the model that comes with this version. */
  model: string | undefined;
}

export interface EvalResult extends RiskEvaluation {
  model: string;
  thresholds: RiskModel['thresholds'];
  seeds: readonly number[];
  /** Mean time of one decision, in microseconds. */
  decision_us: number;
}

async function findModel(file: string | undefined): Promise<RiskModel> {
  const { readRiskModel } = await import('../../../lib/risk/model-file.ts');
  try {
    return readRiskModel(file);
  } catch (error) {
    throw new OmsError('input_file', `${file} cannot be used`, {
      why: messageOf(error),
      next: ['oms fraud train', 'oms fraud eval'],
      cause: error,
    });
  }
}

function refuseSeen(seeds: readonly number[], { trained }: RiskModel): void {
  const seen = seeds.filter((seed) => trained.seeds.includes(seed));
  if (seen.length === 0) return;
  throw new OmsError('usage', `the model was trained on seed ${seen.join(', ')}`, {
    why: 'what a model has seen says nothing about what it has not',
    next: ['oms fraud eval --seeds 201,202'],
  });
}

/**
 * Measures a model on orders made from seeds that it was not trained on.
 * @throws {OmsError} input_file for a file that is no model, usage for seeds that the model has seen
 */
export async function evaluateFraudModel(options: EvalOptions, context: Context): Promise<EvalResult> {
  const model = await findModel(options.model);
  refuseSeen(options.seeds, model);
  const { labelledOrders } = await import('./labelled-orders.ts');
  const { evaluateRisk } = await import('../../../lib/risk/evaluate.ts');
  const orders = [];
  for await (const order of labelledOrders(options.seeds, options.orders)) {
    if (context.signal.aborted) throw context.signal.reason;
    orders.push(order);
  }
  const startedAt = performance.now();
  const evaluation = evaluateRisk(orders, model);
  const decision_us = ((performance.now() - startedAt) * 1_000) / orders.length;
  return { model: model.version, thresholds: model.thresholds, seeds: options.seeds, decision_us, ...evaluation };
}
