import { type Static, Type } from 'typebox';
import type { SizingOptions } from '../../config/provision-options.ts';
import { OmsError } from '../../errors.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { Capacity } from '../provision/environment.ts';
import { type CapacityWanted, chooseCapacity } from '../provision/sizing/capacity.ts';
import { CostDrivers, costDrivers } from '../provision/sizing/cost-drivers.ts';
import { workloadOf } from '../provision/sizing/load.ts';
import { costReport, sizingReport } from '../provision/sizing/report.ts';
import { Sizing, sizeNamespace } from '../provision/sizing/sizing.ts';

/** The result of `oms cost --json`. */
export const CostResult = Type.Object({ sizing: Sizing, capacity: Capacity, drivers: CostDrivers });
export type CostResult = Static<typeof CostResult>;

/** Without a word about the tier: Standard where it holds the load, else Premium. */
function tierOf({ sku }: SizingOptions, sizing: Sizing): CapacityWanted['sku'] {
  return sku ?? (sizing.standard.holds ? 'Standard' : 'Premium');
}

/**
 * What a workload needs and what of it is billed; nothing is touched, no login needed.
 * @throws {OmsError} usage without a rate; refused when no tier, or not the one asked for, holds it.
 */
export function cost(options: SizingOptions): CostResult {
  const { rate } = options;
  if (rate === undefined)
    throw new OmsError('usage', '--rate: how many orders a second?', { next: ['oms cost --rate 5000'] });
  const sizing = sizeNamespace(workloadOf({ ...options, rate }), options);
  const capacity = chooseCapacity(sizing, { sku: tierOf(options, sizing), command: 'oms cost' });
  const redundancy = options.archiveRedundancy ?? 'RAGRS';
  return { sizing, capacity, drivers: costDrivers(sizing, { capacity, redundancy, pair: false }) };
}

export const costText = ({ sizing, capacity, drivers }: CostResult, terminal: Terminal): string =>
  [sizingReport(sizing, terminal, capacity), '', costReport(drivers, terminal)].join('\n');
