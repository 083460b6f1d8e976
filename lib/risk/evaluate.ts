import type { RiskVerdict } from '../process/world.ts';
import { assessRisk } from './assess.ts';
import type { RiskModel } from './model.ts';
import type { LabelledOrder } from './train.ts';

/** How many orders of one kind met with which decision. */
export type Decisions = Record<RiskVerdict['decision'], number>;

/** An order that is reviewed or blocked counts as caught. */
export interface RiskEvaluation {
  orders: number;
  frauds: number;
  /** Of the orders caught, the share that was fraud; of the frauds, the share that was caught. 1 when there are none. */
  precision: number;
  recall: number;
  /** The precision of blocking alone: nobody looks at these again. */
  block_precision: number;
  confusion: { fraud: Decisions; honest: Decisions };
  by_pattern: { pattern: string; orders: number; caught: number; recall: number }[];
}

const none = (): Decisions => ({ allow: 0, review: 0, block: 0 });
const caught = ({ review, block }: Decisions): number => review + block;
const total = (decisions: Decisions): number => decisions.allow + caught(decisions);
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Measures a model on orders whose truth is known; they should be none that it was trained on. */
export function evaluateRisk(orders: Iterable<LabelledOrder>, model?: RiskModel): RiskEvaluation {
  const honest = none();
  const patterns = new Map<string, Decisions>();
  for (const { data, velocity, fraud } of orders) {
    const { decision } = assessRisk(data, velocity, model);
    const decisions = fraud === null ? honest : (patterns.get(fraud) ?? none());
    decisions[decision]++;
    if (fraud !== null) patterns.set(fraud, decisions);
  }
  const frauds = none();
  for (const { allow, review, block } of patterns.values()) {
    frauds.allow += allow;
    frauds.review += review;
    frauds.block += block;
  }
  return {
    orders: total(frauds) + total(honest),
    frauds: total(frauds),
    precision: share(caught(frauds), caught(frauds) + caught(honest)),
    recall: share(caught(frauds), total(frauds)),
    block_precision: share(frauds.block, frauds.block + honest.block),
    confusion: { fraud: frauds, honest },
    by_pattern: [...patterns]
      .map(([pattern, decisions]) => ({
        pattern,
        orders: total(decisions),
        caught: caught(decisions),
        recall: share(caught(decisions), total(decisions)),
      }))
      .sort((a, b) => (a.pattern < b.pattern ? -1 : 1)),
  };
}
