import type { Workload } from '../environment.ts';
import { HUBS } from '../topology.ts';
import { type ArchiveGrowth, growthOf } from './archive-growth.ts';
import { type Fit, premiumFit, standardFit, throughputUnitsFor } from './fit.ts';
import { PREMIUM } from './limits.ts';
import { askedLoad, bindingOf, type Demand, demandsOf, type Load, lifeLoad } from './load.ts';

/** What a load needs, with the arithmetic. */
export interface LoadSizing {
  load: Load;
  /** Against one throughput unit, line by line. */
  demands: Demand[];
  /** The demand that decides. */
  binding: Demand['what'];
  /** With headroom, rounded up; also where that is more than a Standard namespace has. */
  throughputUnits: number;
  standard: Fit;
  premium: Fit;
  archive: ArchiveGrowth;
  /** What the hubs keep when the load lasts for their whole retention. */
  retained: { hours: number; bytes: number };
}

export interface Sizing extends LoadSizing {
  workload: Workload;
  /** The same rate when every order lives its whole life. */
  life: LoadSizing;
}

const longestRetention = (): number => Math.max(...HUBS.map(({ retentionHours }) => retentionHours));

/** Where no tier holds the load the archive is counted with the most partitions there are. */
function partitionsOf(standard: Fit, premium: Fit): number {
  if (standard.holds) return standard.partitions;
  return premium.holds ? premium.partitions : PREMIUM.partitionChoices.at(-1)!;
}

function sizeLoad(load: Load, captureIntervalSeconds: number, partitions?: number): LoadSizing {
  const demands = demandsOf(load);
  const [standard, premium] = [standardFit(load), premiumFit(load)];
  const hours = longestRetention();
  return {
    load,
    demands,
    binding: bindingOf(demands).what,
    throughputUnits: throughputUnitsFor(load),
    standard,
    premium,
    archive: growthOf(load.bytesPerSecond, partitions ?? partitionsOf(standard, premium), captureIntervalSeconds),
    retained: { hours, bytes: load.bytesPerSecond * hours * 3_600 },
  };
}

/**
 * What a workload needs of a namespace, and what the same rate needs when orders live their whole life.
 * @param options captureIntervalSeconds: 300 is the service's default; partitions: of a hub that has been settled, as
 * many as the load asks for otherwise.
 */
export function sizeNamespace(
  workload: Workload,
  options: { captureIntervalSeconds?: number | undefined; partitions?: number | undefined } = {},
): Sizing {
  const interval = options.captureIntervalSeconds ?? 300;
  return {
    workload,
    ...sizeLoad(askedLoad(workload), interval, options.partitions),
    life: sizeLoad(lifeLoad(workload), interval),
  };
}
