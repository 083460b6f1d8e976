import { OmsError } from '../../../errors.ts';
import { formatCount } from '../../../ui/format.ts';
import type { Capacity } from '../environment.ts';
import { type Fit, partitionDemand, partitionsOfAll, standardFit, unitArithmetic } from './fit.ts';
import { PREMIUM, STANDARD } from './limits.ts';
import { askedLoad, type Load, megabytes } from './load.ts';
import type { Sizing } from './sizing.ts';

/** What somebody wants of the namespace; what is left open follows from the sizing. */
export interface CapacityWanted {
  sku?: Capacity['sku'] | undefined;
  units?: number | undefined;
  /** 0 switches auto-inflate off. */
  maximumUnits?: number | undefined;
  partitions?: number | undefined;
  /** The tier cannot be changed any more: no other is proposed. */
  settled?: boolean | undefined;
  /** The command that the next steps name. */
  command?: string | undefined;
}

type Holding = Extract<Fit, { holds: true }>;

/** "40,000 events/s with 37.08 MB/s, read by 1 consumer group" */
const loadText = ({ eventsPerSecond, bytesPerSecond, consumers }: Load): string =>
  `${formatCount(eventsPerSecond)} events/s with ${megabytes(bytesPerSecond)}/s, read by ${consumers} consumer group${consumers === 1 ? '' : 's'}`;

/** Orders a second that the greatest Standard namespace holds of this kind; 0 when no rate makes it fit. */
function mostOnStandard({ workload }: Sizing): number {
  const holds = (rate: number) => standardFit(askedLoad({ ...workload, rate })).holds;
  let [most, tooMuch] = [0, workload.rate];
  while (tooMuch - most > 1) {
    const middle = Math.floor((most + tooMuch) / 2);
    [most, tooMuch] = holds(middle) ? [middle, tooMuch] : [most, middle];
  }
  return most;
}

const callOf = ({ workload }: Sizing, wanted: CapacityWanted, rate = workload.rate): string =>
  [
    wanted.command ?? 'oms provision',
    `--rate ${rate} --event-bytes ${workload.eventBytes}`,
    `--events-per-order ${workload.eventsPerOrder} --consumers ${workload.consumers}`,
  ].join(' ');

function nextSteps(sizing: Sizing, sku: Capacity['sku'], wanted: CapacityWanted): string[] {
  const premium =
    sku === 'Standard' && sizing.premium.holds && !wanted.settled
      ? [`${callOf(sizing, wanted)} --sku Premium  # about ${sizing.premium.units} processing units`]
      : [];
  const most = sku === 'Standard' ? mostOnStandard(sizing) : 0;
  const less = most > 0 ? [`${callOf(sizing, wanted, most)}  # the most that Standard holds`] : [];
  const split = premium.length + less.length > 0 ? [] : ['spread the orders over several namespaces'];
  return [...premium, ...less, ...split];
}

const usage = (message: string, why: string, next: string): OmsError =>
  new OmsError('usage', message, { why, next: [next] });

function choosePartitions(fit: Holding, wanted: CapacityWanted, sku: Capacity['sku'], load: Load): number {
  const most = (sku === 'Standard' ? STANDARD : PREMIUM).partitionChoices.at(-1)!;
  const { partitions = fit.partitions } = wanted;
  if (partitions > most) {
    const why = `a hub of a ${sku} namespace has at most ${most}`;
    throw usage(`--partitions: ${partitions} are too many`, why, `--partitions ${most}`);
  }
  const { events, data } = partitionDemand(load);
  if (partitions < Math.max(events, data)) {
    throw new OmsError('refused', `${partitions} partitions are too few for ${loadText(load)}`, {
      why: `a partition carries 1 MB/s or 1,000 events/s; on Standard the number can never be changed`,
      next: [`--partitions ${fit.partitions}`],
    });
  }
  return partitions;
}

function standardCapacity(sizing: Sizing, fit: Holding, wanted: CapacityWanted): Capacity {
  const units = wanted.units ?? Math.min(fit.units, wanted.maximumUnits || fit.units);
  const maximumUnits = wanted.maximumUnits ?? Math.max(units, fit.maximumUnits);
  if (units > STANDARD.mostUnits || maximumUnits > STANDARD.mostUnits) {
    const why = `a Standard namespace has 1 to ${STANDARD.mostUnits}`;
    throw usage('too many throughput units', why, `--units ${fit.units} --max-units ${fit.maximumUnits}`);
  }
  if (maximumUnits > 0 && maximumUnits < units) {
    const why = `auto-inflate begins at ${units} units and cannot stop at ${maximumUnits}`;
    throw usage('--max-units is below --units', why, `--units ${units} --max-units ${fit.maximumUnits}`);
  }
  if (Math.max(units, maximumUnits) < fit.units) {
    throw new OmsError(
      'refused',
      `${Math.max(units, maximumUnits)} throughput units are too few for ${loadText(sizing.load)}`,
      {
        why: unitArithmetic(sizing.load),
        next: [`--units ${fit.units}`, `--units ${units} --max-units ${fit.maximumUnits}`],
      },
    );
  }
  return {
    sku: 'Standard',
    units,
    maximumUnits,
    partitions: choosePartitions(fit, wanted, 'Standard', sizing.load),
  };
}

function premiumCapacity(sizing: Sizing, fit: Holding, wanted: CapacityWanted): Capacity {
  const units = wanted.units ?? fit.units;
  if (!PREMIUM.unitChoices.some((choice) => choice === units)) {
    const why = `a Premium namespace has ${PREMIUM.unitChoices.join(', ')} processing units`;
    throw usage(`--units: ${units} is no choice of Premium`, why, `--sku Premium --units ${fit.units}`);
  }
  if (wanted.maximumUnits) {
    throw usage('--max-units is of Standard alone', 'Premium does not inflate by itself', '--max-units 0');
  }
  const partitions = choosePartitions(fit, wanted, 'Premium', sizing.load);
  const all = partitionsOfAll(partitions);
  if (all > units * PREMIUM.partitionsPerUnit) {
    const why = `${all} partitions over all hubs, and a processing unit has ${PREMIUM.partitionsPerUnit}`;
    throw usage(`--partitions: ${partitions} are too many for ${units} processing units`, why, `--units ${units * 2}`);
  }
  return { sku: 'Premium', units, maximumUnits: 0, partitions };
}

/**
 * The capacity of a sizing: Standard unless asked otherwise.
 * @throws {OmsError} refused when the tier cannot hold the load, or what was wanted is too little; usage when the tier
 * has no such number of units or partitions.
 */
export function chooseCapacity(sizing: Sizing, wanted: CapacityWanted = {}): Capacity {
  const sku = wanted.sku ?? 'Standard';
  const fit = sku === 'Standard' ? sizing.standard : sizing.premium;
  if (!fit.holds) {
    throw new OmsError('refused', `a ${sku} namespace cannot hold ${loadText(sizing.load)}`, {
      why: fit.reasons.join('; '),
      next: nextSteps(sizing, sku, wanted),
    });
  }
  return sku === 'Standard' ? standardCapacity(sizing, fit, wanted) : premiumCapacity(sizing, fit, wanted);
}
