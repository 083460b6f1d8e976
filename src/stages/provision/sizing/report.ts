import { formatCount, formatDecimalBytes } from '../../../ui/format.ts';
import { type Column, renderTable } from '../../../ui/table.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import type { Capacity } from '../environment.ts';
import type { CostDrivers } from './cost-drivers.ts';
import { type Fit, partitionDemand, processingUnitDemand, unitArithmetic } from './fit.ts';
import { GB, PROCESSING_UNIT, THROUGHPUT_UNIT } from './limits.ts';
import { type Load, megabytes, upward } from './load.ts';
import type { LoadSizing, Sizing } from './sizing.ts';

const UNCUT = 1_000;

/** Tables are made to fit 80 columns; where there are fewer, a terminal wraps, and nothing is cut. */
const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string => renderTable(rows, columns, UNCUT);

const groups = (count: number): string => `${formatCount(count)} consumer group${count === 1 ? '' : 's'}`;

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > width) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function title({ workload: { rate, eventsPerOrder, eventBytes }, load }: Sizing): string {
  const events = eventsPerOrder === 1 ? '1 event' : `${eventsPerOrder} events`;
  return `${formatCount(rate)} orders/s of ${events} with ${formatCount(eventBytes)} B, read by ${groups(load.consumers)}`;
}

const LIMIT_TEXTS = { 'events in': '1,000/s', 'data in': '1 MB/s', 'events out': '4,096/s', 'data out': '2 MB/s' };

const sameLife = ({ load, life }: Sizing): boolean => load.eventsPerOrder === life.load.eventsPerOrder;

type Demand = Sizing['demands'][number];
const amountText = ({ what, amount }: Demand): string =>
  what.startsWith('events') ? `${formatCount(amount)}/s` : `${megabytes(amount)}/s`;

/** Two columns of a load: what it asks for, and in units. */
function loadColumns(title: string, { demands, binding }: LoadSizing): Column<Demand['what']>[] {
  const demandOf = (what: Demand['what']) => demands.find((demand) => demand.what === what)!;
  return [
    { title, value: (what) => amountText(demandOf(what)), align: 'right' },
    {
      title: 'TU ',
      value: (what) => `${upward(demandOf(what).units)}${what === binding ? '*' : ' '}`,
      align: 'right',
    },
  ];
}

const demandTable = (sizing: Sizing): string =>
  table(
    sizing.demands.map(({ what }) => what),
    [
      { title: 'a second', value: (what) => what },
      { title: 'one TU', value: (what) => LIMIT_TEXTS[what], align: 'right' },
      ...loadColumns('asked for', sizing),
      ...(sameLife(sizing) ? [] : loadColumns('whole life', sizing.life)),
    ],
  );

const partitionText = (load: Load): string => {
  const { events, data } = partitionDemand(load);
  return `partitions: events ${upward(events)}, data ${upward(data)} (1,000/s or 1 MB/s each)`;
};

function standardLines({ load, standard }: LoadSizing): string[] {
  if (!standard.holds) return [`Standard cannot hold it: ${standard.reasons.join('; ')}`];
  const { maximumUnits, partitions } = standard;
  return [
    `Standard: ${unitArithmetic(load)}; auto-inflate up to ${maximumUnits}, never down by itself`,
    `${partitionText(load)} -> ${partitions}, for ever: Standard cannot change them`,
  ];
}

const premiumText = (load: Load, fit: Fit): string =>
  fit.holds
    ? `Premium: about ${fit.units} PU and ${fit.partitions} partitions (${upward(processingUnitDemand(load))} PU at 5 MB/s in and 10 MB/s out each: Microsoft gives a range, this is its low end; measure before relying on it)`
    : `Premium cannot hold it: ${fit.reasons.join('; ')}`;

/** Premium is spoken of where Standard will not do, or where it was chosen all the same. */
const tierLines = (sized: LoadSizing, chosen?: Capacity['sku']): string[] => [
  ...standardLines(sized),
  ...(sized.standard.holds && chosen !== 'Premium' ? [] : [premiumText(sized.load, sized.premium)]),
];

const lifeTitle = ({ life: { load } }: Sizing): string =>
  `The whole life of an order (${load.eventsPerOrder} events, ${formatCount(load.bytesPerOrder)} B): ${formatCount(load.eventsPerSecond)} events/s with ${megabytes(load.bytesPerSecond)}/s`;

function archiveTable(sizing: Sizing): string {
  const rows = [
    { what: 'asked for', of: sizing.archive },
    ...(sameLife(sizing) ? [] : [{ what: 'whole life', of: sizing.life.archive }]),
  ];
  return table(rows, [
    { title: 'archive', value: ({ what }) => what },
    { title: 'partitions', value: ({ of }) => formatCount(of.capturedPartitions), align: 'right' },
    { title: 'a day', value: ({ of }) => formatDecimalBytes(of.bytesPerDay), align: 'right' },
    { title: 'a year', value: ({ of }) => formatDecimalBytes(of.bytesPerYear), align: 'right' },
    { title: '10 years', value: ({ of }) => formatDecimalBytes(of.bytesInTenYears), align: 'right' },
    { title: 'files/day', value: ({ of }) => formatCount(of.filesPerDay), align: 'right' },
    { title: 'in 10 years', value: ({ of }) => formatCount(of.filesInTenYears), align: 'right' },
  ]);
}

/** Azure counts what comes with a unit in gigabytes of 1,024 megabytes. */
const gigabytes = (bytes: number): string => `${formatCount(Math.ceil(bytes / GB))} GB`;

function retainedText({ retained, throughputUnits }: LoadSizing, capacity: Capacity | undefined): string {
  const premium = capacity?.sku === 'Premium';
  const units = capacity?.units ?? throughputUnits;
  const included = units * (premium ? PROCESSING_UNIT : THROUGHPUT_UNIT).storedBytes;
  const verdict = retained.bytes > included ? 'the rest is billed as storage' : 'that is enough';
  const each = premium ? '1 TB' : '84 GB';
  return `The hubs keep ${gigabytes(retained.bytes)} for ${retained.hours} h; ${units} ${premium ? 'PU' : 'TU'} with ${each} each include ${gigabytes(included)}: ${verdict}`;
}

export function capacityText({ sku, units, maximumUnits, partitions }: Capacity): string {
  const inflate = maximumUnits > 0 ? `, auto-inflate up to ${maximumUnits}` : '';
  return `${sku}, ${units} ${sku === 'Standard' ? 'throughput' : 'processing'} unit${units === 1 ? '' : 's'}${inflate}, ${partitions} partition${partitions === 1 ? '' : 's'} a hub`;
}

/** What was computed, line by line, and what was chosen; nothing of it is ever cut. */
export function sizingReport(sizing: Sizing, { style, width }: Terminal, capacity?: Capacity): string {
  const lines = (texts: readonly string[]) => texts.flatMap((text) => wrap(text, Math.max(40, Math.min(width, 100))));
  const { archive } = sizing;
  return [
    style('bold', 'Sizing'),
    ...lines([title(sizing)]),
    '',
    demandTable(sizing),
    ...lines(['* decides, times 1.2 for peaks within a second. 1 MB is taken as 1,048,576 bytes.']),
    '',
    ...lines(tierLines(sizing, capacity?.sku)),
    ...(capacity ? lines([`Chosen: ${capacityText(capacity)}`]) : []),
    '',
    ...(sameLife(sizing) ? [] : [...lines([lifeTitle(sizing), ...tierLines(sizing.life)]), '']),
    archiveTable(sizing),
    ...lines([
      `Payload around the clock, uncompressed, decimal units; each partition of the captured hubs writes a file every ${archive.intervalSeconds} s, or sooner when it is full.`,
      retainedText(sizing, capacity),
    ]),
  ].join('\n');
}

const quantity = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 1_000 ? 1 : 0 });

/** What is billed by what, in quantities. */
export function costReport({ month, redundancy, archive }: CostDrivers, { style }: Terminal): string {
  return [
    style('bold', 'What is billed by what'),
    table(month, [
      { title: 'a month, around the clock', value: ({ what }) => what },
      { title: 'billed by', value: ({ billedBy }) => billedBy },
      { title: 'quantity', value: (row) => quantity(row.quantity), align: 'right' },
      { title: 'at the cap', value: ({ worst }) => (worst === null ? '' : quantity(worst)), align: 'right' },
    ]),
    '',
    table(archive, [
      { title: `archive, ${redundancy}`, value: ({ tier }) => tier },
      { title: 'from day', value: ({ fromDay }) => String(fromDay), align: 'right' },
      { title: 'GB after 1 year', value: ({ afterYearGb }) => quantity(afterYearGb), align: 'right' },
      { title: 'GB after 10 years', value: ({ afterTenYearsGb }) => quantity(afterTenYearsGb), align: 'right' },
    ]),
    'No prices: they differ by region and contract.',
  ].join('\n');
}
