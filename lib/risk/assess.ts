import type { OrderPlacedData } from '../domain/order-events.ts';
import type { RiskVerdict } from '../process/world.ts';
import { BUILT_IN_MODEL } from './built-in-model.ts';
import { featuresOf } from './features.ts';
import { type RiskModel, score } from './model.ts';
import { brokenRule } from './rules.ts';
import type { Velocity } from './velocity.ts';

function decide(score: number, { review, block }: RiskModel['thresholds']): RiskVerdict['decision'] {
  if (score >= block) return 'block';
  return score >= review ? 'review' : 'allow';
}

/**
 * Says whether an order may go on, has to be looked at, or is refused: the stricter of the rules and the model. Pure;
 * takes a few microseconds.
 */
export function assessRisk(data: OrderPlacedData, velocity: Velocity, model: RiskModel = BUILT_IN_MODEL): RiskVerdict {
  const scored = score(model, featuresOf(data, velocity));
  const decision = decide(scored.score, model.thresholds);
  const rule = brokenRule(data, velocity);
  const verdict = { decision, ...scored, model: model.version };
  if (!rule) return verdict;
  return {
    ...verdict,
    decision: decision === 'block' ? 'block' : rule.decision,
    reasons: [rule.code, ...scored.reasons],
  };
}
