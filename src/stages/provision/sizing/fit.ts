import { type Static, Type } from 'typebox';
import { formatCount } from '../../../ui/format.ts';
import { HUBS } from '../topology.ts';
import { HEADROOM, PARTITION, PREMIUM, PROCESSING_UNIT, STANDARD } from './limits.ts';
import { bindingOf, type Demand, demandsOf, type Load, megabytes, upward } from './load.ts';

const Count = Type.Integer({ minimum: 0 });

/** Whether a tier holds a load, and with what. */
export const Fit = Type.Union([
  Type.Object({
    holds: Type.Literal(true),
    units: Count,
    maximumUnits: Type.Integer({ description: 'cap of auto-inflate; 0 on Premium, which has none' }),
    partitions: Type.Integer({ description: 'of the hubs orders and order-events' }),
  }),
  Type.Object({
    holds: Type.Literal(false),
    reasons: Type.Array(Type.String(), { description: 'one sentence each, with the numbers' }),
  }),
]);
export type Fit = Static<typeof Fit>;

const withHeadroom = (demand: Demand): number =>
  Math.ceil((HEADROOM.times * demand.amount) / (HEADROOM.outOf * demand.limit));

/** Throughput units of a load: its greatest demand with headroom, rounded up; at least 1. */
export const throughputUnitsFor = (load: Load): number => Math.max(1, withHeadroom(bindingOf(demandsOf(load))));

/** Partitions a load asks for, as if all of it went through one hub. */
export const partitionDemand = (load: Load) => ({
  events: load.eventsPerSecond / PARTITION.events,
  data: load.bytesPerSecond / PARTITION.bytes,
});

const partitionsFor = (load: Load, choices: readonly number[]): number | undefined => {
  const { events, data } = partitionDemand(load);
  return choices.find((choice) => choice >= events && choice >= data);
};

/** "5.00 x 1.2 = 6.00, rounded up: 6 TU" of the demand that binds. */
export function unitArithmetic(load: Load): string {
  const { units, what } = bindingOf(demandsOf(load));
  const factor = HEADROOM.times / HEADROOM.outOf;
  return `${what} ${upward(units)} x ${factor} = ${upward(units * factor)}, rounded up: ${formatCount(throughputUnitsFor(load))} TU`;
}

/** Every hub has $Default, and the group that the checks read with. */
const OWN_GROUPS = 2;

const tooManyGroups = (consumers: number, most: number, tier: string): string[] =>
  consumers + OWN_GROUPS > most
    ? [`${consumers} consumer groups, $Default and that of the checks are more than the ${most} of a ${tier} hub`]
    : [];

function tooManyPartitions(load: Load, most: number, tier: string): string[] {
  const { events, data } = partitionDemand(load);
  const needed = Math.ceil(Math.max(events, data));
  const why = events >= data ? `${formatCount(load.eventsPerSecond)} events/s` : `${megabytes(load.bytesPerSecond)}/s`;
  return needed > most ? [`${why} need ${formatCount(needed)} partitions, more than the ${most} of a ${tier} hub`] : [];
}

/** A Standard namespace for a load. */
export function standardFit(load: Load): Fit {
  const units = throughputUnitsFor(load);
  const { mostUnits, partitionChoices, consumerGroups } = STANDARD;
  const partitions = partitionsFor(load, partitionChoices);
  const reasons = [
    ...(units > mostUnits ? [`${unitArithmetic(load)}, more than the ${mostUnits} of a Standard namespace`] : []),
    ...tooManyPartitions(load, partitionChoices.at(-1)!, 'Standard'),
    ...tooManyGroups(load.consumers, consumerGroups, 'Standard'),
  ];
  if (partitions === undefined || reasons.length > 0) return { holds: false, reasons };
  return { holds: true, units, maximumUnits: Math.min(mostUnits, 2 * units), partitions };
}

/** Processing units of a load, before they are rounded up to a choice that can be bought. */
export const processingUnitDemand = (load: Load): number =>
  Math.max(
    load.bytesPerSecond / PROCESSING_UNIT.bytesIn,
    (load.consumers * load.bytesPerSecond) / PROCESSING_UNIT.bytesOut,
  );

/** All partitions of a namespace whose sized hubs have so many each. */
export const partitionsOfAll = (sized: number): number =>
  HUBS.reduce((sum, { partitions }) => sum + (partitions === 'sized' ? sized : partitions), 0);

/** A Premium namespace for a load; the units are an estimate, for Microsoft publishes no figure. */
export function premiumFit(load: Load): Fit {
  const { unitChoices, partitionChoices, partitionsPerUnit, consumerGroups } = PREMIUM;
  const partitions = partitionsFor(load, partitionChoices);
  const demand = processingUnitDemand(load);
  const units = unitChoices.find(
    (choice) => choice >= demand && choice * partitionsPerUnit >= partitionsOfAll(partitions ?? 0),
  );
  const most = unitChoices.at(-1)!;
  const reasons = [
    ...(demand > most ? [`${upward(demand)} processing units, more than the ${most} of a Premium namespace`] : []),
    ...tooManyPartitions(load, partitionChoices.at(-1)!, 'Premium'),
    ...tooManyGroups(load.consumers, consumerGroups, 'Premium'),
  ];
  if (partitions === undefined || units === undefined || reasons.length > 0) return { holds: false, reasons };
  return { holds: true, units, maximumUnits: 0, partitions };
}
