import { type Static, Type } from 'typebox';
import { Workload } from '../environment.ts';
import { HUBS } from '../topology.ts';
import { ArchiveGrowth, growthOf } from './archive-growth.ts';
import { Fit, premiumFit, standardFit, throughputUnitsFor } from './fit.ts';
import { PREMIUM } from './limits.ts';
import { askedLoad, bindingOf, Demand, DemandName, demandsOf, Load, lifeLoad } from './load.ts';

/** What a load needs, with the arithmetic. */
export const LoadSizing = Type.Object({
  load: Load,
  demands: Type.Array(Demand, { description: 'against one throughput unit, line by line' }),
  binding: DemandName,
  throughputUnits: Type.Integer({
    description: 'with headroom, rounded up; also where that is more than a Standard namespace has',
  }),
  standard: Fit,
  premium: Fit,
  archive: ArchiveGrowth,
  retained: Type.Object(
    { hours: Type.Number(), bytes: Type.Number() },
    { description: 'what the hubs keep when the load lasts for their whole retention' },
  ),
});
export type LoadSizing = Static<typeof LoadSizing>;

/** What a workload needs: as it was asked for, and when every order of that rate lives its whole life. */
export const Sizing = Type.Object({ ...LoadSizing.properties, workload: Workload, life: LoadSizing });
export type Sizing = Static<typeof Sizing>;

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
