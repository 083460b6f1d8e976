import type { Machine } from '../domain/machine.ts';
import type { Handled } from './effects.ts';

export const APPLIED: Handled = { verdict: 'applied', detail: null };
export const DUPLICATE: Handled = { verdict: 'duplicate', detail: null };

export const refused = (detail: string): Handled => ({ verdict: 'refused', detail });
export const early = (detail: string): Handled => ({ verdict: 'early', detail });
export const late = (detail: string): Handled => ({ verdict: 'late', detail });

/** Why a fact cannot be taken by its machine now: it was before, it will be, or it never will. */
export function misplaced<State extends string>(machine: Machine<State>, state: State, trigger: string): Handled {
  const leadsHere = machine.transitions.some((row) => row.trigger === trigger && row.to === state);
  if (leadsHere) return DUPLICATE;
  const detail = `${trigger} while the ${machine.name} is ${state}`;
  return machine.canStillAccept(state, trigger) ? early(detail) : late(detail);
}
