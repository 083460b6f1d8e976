import type { Labels } from '../runs/manifest.ts';
import type { Fate } from './fate.ts';
import type { OrderStory } from './order-source.ts';

function plansOf({ cancelAfterMs, returns, answersAfterMs }: Fate): string[] {
  return [
    ...(cancelAfterMs === null ? [] : [`cancel after ${cancelAfterMs} ms`]),
    ...(returns === null ? [] : [`return ${returns}`]),
    ...(answersAfterMs === null ? ['never answer'] : []),
  ];
}

/** The truth about an order, as the manifest keeps it. */
export const labelsOf = ({ fate, fraud }: OrderStory): Labels => ({
  payment: fate.payment,
  parcel: fate.parcel,
  fraud,
  plans: plansOf(fate),
});
