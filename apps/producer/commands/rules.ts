import { allowedActions } from '../../../lib/process/allowed-actions.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { type FieldError, Problem } from '../http/problem.ts';

/** What its customer can ask of the order instead, by the last part of the path. */
function possibleInstead(order: OrderState): string[] {
  const { cancel, amend, payment_method, mfa, return: returns } = allowedActions(order);
  const names = { cancel, amend, 'payment-method': payment_method, mfa, returns };
  return Object.entries(names).flatMap(([name, { allowed }]) => (allowed ? [name] : []));
}

/**
 * @param why the reason that something is not possible now, if it is not
 * @throws {Problem} invalid_transition, with what is possible instead
 */
export function refuseImpossible(order: OrderState, why: string | null | undefined): void {
  if (why) throw new Problem('invalid_transition', why, { possible: possibleInstead(order) });
}

interface LineQuantity {
  line: number;
  quantity: number;
}

/**
 * @param limits how much of each line there is; lines that are missing have none
 * @throws {Problem} quantity_exceeded for every line that asks for more, or comes twice
 */
export function refuseExcess(asked: readonly LineQuantity[], limits: readonly LineQuantity[]): void {
  const errors = asked.flatMap(({ line, quantity }, index): FieldError[] => {
    const limit = limits.find((each) => each.line === line)?.quantity ?? 0;
    if (asked.findIndex((each) => each.line === line) !== index) {
      return [{ pointer: `/lines/${index}/line`, code: 'duplicate', message: 'comes twice' }];
    }
    if (quantity <= limit) return [];
    return [{ pointer: `/lines/${index}/quantity`, code: 'quantity_exceeded', message: `is more than ${limit}` }];
  });
  const [first] = errors;
  if (first) throw new Problem('quantity_exceeded', `${first.pointer} ${first.message}`, { errors });
}
