import { type Static, Type } from 'typebox';
import { type Capacity, Environment } from '../environment.ts';
import { DAYS_PER_YEAR } from './archive-growth.ts';
import { BILLED_EVENT_BYTES, PROCESSING_UNIT, THROUGHPUT_UNIT } from './limits.ts';
import type { Sizing } from './sizing.ts';

/** Azure's price calculator counts a month as so many hours. */
export const HOURS_PER_MONTH = 730;
const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3_600;

/** Assumed, not measured: bytes that the log keeps of one write to the archive, and writes a Capture file takes. */
const LOGGED_WRITE_BYTES = 2_000;
const WRITES_PER_FILE = 3;

/** Something that is billed, by the month, if the load lasts around the clock. */
export const MonthlyDriver = Type.Object({
  what: Type.String(),
  billedBy: Type.String(),
  quantity: Type.Number(),
  worst: Type.Union([Type.Number(), Type.Null()], {
    description:
      'when auto-inflate has gone to its cap, from where it never comes down by itself; null where it makes no difference',
  }),
});
export type MonthlyDriver = Static<typeof MonthlyDriver>;

/** Decimal gigabytes that lie in a tier of the archive. */
export const ArchiveTier = Type.Object({
  tier: Type.Enum(['Hot', 'Cool', 'Cold', 'Archive']),
  fromDay: Type.Integer(),
  afterYearGb: Type.Number(),
  afterTenYearsGb: Type.Number(),
});
export type ArchiveTier = Static<typeof ArchiveTier>;

/** What is billed by what, in quantities; prices differ by region and contract and are not here. */
export const CostDrivers = Type.Object({
  month: Type.Array(MonthlyDriver),
  redundancy: Environment.properties.archiveRedundancy,
  archive: Type.Array(ArchiveTier),
});
export type CostDrivers = Static<typeof CostDrivers>;

export interface CostChoices {
  capacity: Capacity;
  redundancy: Environment['archiveRedundancy'];
  /** A second namespace in another region. */
  pair: boolean;
}

const driver = (what: string, billedBy: string, quantity: number, worst: number | null = null): MonthlyDriver => ({
  what,
  billedBy,
  quantity,
  worst,
});

const hours = (units: number): number => units * HOURS_PER_MONTH;

function unitDrivers({ capacity: { sku, units, maximumUnits }, pair }: CostChoices): MonthlyDriver[] {
  const billedBy = sku === 'Standard' ? 'TU hours' : 'PU hours';
  const worst = maximumUnits > units ? hours(maximumUnits) : null;
  return [
    driver('namespace', billedBy, hours(units), worst),
    ...(pair ? [driver('namespace in the second region', billedBy, hours(units), worst)] : []),
    ...(sku === 'Standard'
      ? [driver('Capture', billedBy, hours(units), worst)]
      : [driver('Capture', 'nothing, included', 0)]),
  ];
}

function trafficDrivers({ load, archive, retained }: Sizing, { capacity }: CostChoices): MonthlyDriver[] {
  const standard = capacity.sku === 'Standard';
  const billed = Math.ceil(load.bytesPerOrder / load.eventsPerOrder / BILLED_EVENT_BYTES);
  const events = load.eventsPerSecond * billed * SECONDS_PER_MONTH;
  const included = capacity.units * (standard ? THROUGHPUT_UNIT : PROCESSING_UNIT).storedBytes;
  const days = HOURS_PER_MONTH / 24;
  const files = archive.filesPerDay * days;
  return [
    standard ? driver('events in', 'million of 64 KB', events / 1e6) : driver('events in', 'nothing, included', 0),
    driver('kept beyond what units include', 'GB', Math.max(0, retained.bytes - included) / 1e9),
    driver(
      'read by consumers outside Azure',
      'GB out',
      (load.consumers * load.bytesPerSecond * SECONDS_PER_MONTH) / 1e9,
    ),
    driver('Capture files written', 'thousand writes', files / 1e3),
    driver('log of those writes (estimate)', 'GB in', (files * WRITES_PER_FILE * LOGGED_WRITE_BYTES) / 1e9),
  ];
}

const TIERS = [
  { tier: 'Hot', fromDay: 0 },
  { tier: 'Cool', fromDay: 30 },
  { tier: 'Cold', fromDay: 90 },
  { tier: 'Archive', fromDay: 180 },
] as const;

/** The lifecycle of the archive; with zone redundancy there is no Archive tier. */
function archiveTiers(bytesPerDay: number, redundancy: CostChoices['redundancy']): ArchiveTier[] {
  const tiers = redundancy === 'RAGRS' ? TIERS : TIERS.slice(0, -1);
  return tiers.map(({ tier, fromDay }, index) => {
    const untilDay = tiers[index + 1]?.fromDay ?? Number.POSITIVE_INFINITY;
    const after = (days: number) => ((Math.min(days, untilDay) - fromDay) * bytesPerDay) / 1e9;
    return { tier, fromDay, afterYearGb: after(DAYS_PER_YEAR), afterTenYearsGb: after(10 * DAYS_PER_YEAR) };
  });
}

/** What of an environment of this sizing is billed by what, and how much of it. */
export const costDrivers = (sizing: Sizing, choices: CostChoices): CostDrivers => ({
  month: [...unitDrivers(choices), ...trafficDrivers(sizing, choices)],
  redundancy: choices.redundancy,
  archive: archiveTiers(sizing.archive.bytesPerDay, choices.redundancy),
});
