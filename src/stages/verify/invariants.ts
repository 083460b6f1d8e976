import type { Invariant } from './invariants/invariant.ts';
import { MESSAGE_INVARIANTS } from './invariants/messages.ts';
import { MONEY_INVARIANTS } from './invariants/money.ts';
import { ORDER_INVARIANTS } from './invariants/orders.ts';
import { STOCK_INVARIANTS } from './invariants/stock.ts';

/** What has to hold, whoever wrote the rows. Portable SQL: foreign keys are not part of the schema, this is. */
export const INVARIANTS: readonly Invariant[] = [
  ...ORDER_INVARIANTS,
  ...STOCK_INVARIANTS,
  ...MONEY_INVARIANTS,
  ...MESSAGE_INVARIANTS,
];
