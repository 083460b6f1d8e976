import type { OrderState } from '../../../lib/process/order-state.ts';
import { type FieldError, Problem } from '../http/problem.ts';
import { possibleActions } from '../orders/possible-actions.ts';

/** What can be asked of the order instead, by the last part of its path. */
function possibleInstead(order: OrderState): string[] {
  const { cancel, amend, payment_method, mfa, returns } = possibleActions(order);
  const names = { cancel, amend, 'payment-method': payment_method, mfa, returns: returns.possible };
  return Object.entries(names).flatMap(([name, possible]) => (possible ? [name] : []));
}

/** @returns the refusal of something that the order's state does not allow */
export function notPossible(order: OrderState, what: string): Problem {
  const waiting = order.status === 'action_required' ? ` (${order.reason})` : '';
  return new Problem('invalid_transition', `the order is ${order.status}${waiting}: ${what} is not possible`, {
    possible: possibleInstead(order),
  });
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
