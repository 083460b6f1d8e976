import type { OrderPlacedData } from '../domain/order-events.ts';
import type { Velocity } from './velocity.ts';

/** What no weighing of other circumstances may overrule. */
export interface RiskRule {
  code: string;
  decision: 'review' | 'block';
  applies: (data: OrderPlacedData, velocity: Velocity) => boolean;
}

/** Nobody places so many orders an hour on one device; robots do. */
const ROBOT_ORDERS = 25;
/** Different devices and customers, one doorstep. */
const DROP_ORDERS = 25;

export const RULES: readonly RiskRule[] = [
  { code: 'robot', decision: 'block', applies: (_, { device }) => device >= ROBOT_ORDERS },
  {
    code: 'drop_address',
    decision: 'review',
    applies: (_, { address, device, customer }) => address - Math.max(device, customer) >= DROP_ORDERS,
  },
];

/** The first rule that applies; those that block come first. */
export const brokenRule = (data: OrderPlacedData, velocity: Velocity): RiskRule | undefined =>
  RULES.find((rule) => rule.applies(data, velocity));
