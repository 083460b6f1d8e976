import type { TerraformEngine } from './engine.ts';

const later = () => Promise.reject(new Error('not connected'));

/** The terraform program of the machine. */
export function createEngine(): TerraformEngine {
  return {
    version: later,
    init: later,
    plan: later,
    showPlan: later,
    apply: later,
    outputs: later,
    resources: later,
    forget: later,
    unlock: later,
  };
}
