import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { FaultRule, FaultSettings } from './faults.ts';
import type { HubStatus, PartitionStatus } from './hub-status.ts';
import { countEvents, type RemovedHub } from './manage.ts';
import type { HubReady } from './run.ts';

/** The lines that somebody needs who wants to connect. */
export function renderReady(ready: HubReady): string {
  const rows: Array<[string, string]> = [
    ['hubs', ready.hubs.join(', ') || 'none yet (oms hub create NAME)'],
    ['connection string', ready.connectionString],
    ...(ready.tlsConnectionString === null ? [] : [['over TLS', ready.tlsConnectionString] as [string, string]]),
    ['health, hubs', `${ready.httpUrl}/health, ${ready.httpUrl}/hubs`],
    ['events', ready.data],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(19)}${value}`);
  return ['A local Event Hubs is running; Ctrl-C stops it, its events stay.', ...lines].join('\n');
}

type Screen = Pick<Terminal, 'width'>;

const RATE_DIGITS = 1;
const rate = (perSecond: number) => perSecond.toFixed(RATE_DIGITS);
const sum = (hub: HubStatus, of: (partition: PartitionStatus) => number) =>
  hub.partitions.reduce((total, partition) => total + of(partition), 0);

const HUB_COLUMNS: Column<HubStatus>[] = [
  { title: 'hub', value: ({ name }) => name },
  { title: 'partitions', value: ({ partitions }) => String(partitions.length), align: 'right' },
  { title: 'events', value: (hub) => formatCount(countEvents(hub)), align: 'right' },
  { title: 'in/s', value: (hub) => rate(sum(hub, ({ inPerSecond }) => inPerSecond)), align: 'right' },
  { title: 'out/s', value: (hub) => rate(sum(hub, ({ outPerSecond }) => outPerSecond)), align: 'right' },
  { title: 'readers', value: (hub) => String(sum(hub, ({ readers }) => readers)), align: 'right' },
  { title: 'consumer groups', value: ({ consumerGroups }) => consumerGroups.join(', ') },
];

export const renderHubs = (hubs: readonly HubStatus[], { width }: Screen): string =>
  hubs.length === 0 ? 'There is no hub yet. Next: oms hub create NAME' : renderTable(hubs, HUB_COLUMNS, width);

/** A partition with the hub it belongs to. */
export interface PartitionRow extends PartitionStatus {
  hub: string;
}

const orDash = (sequence: number) => (sequence < 0 ? '-' : String(sequence));

/** The reader that is furthest behind; the lag of a partition without readers is nobody's. */
const worstLag = ({ links }: PartitionStatus) =>
  links.length === 0 ? '-' : formatCount(Math.max(...links.map(({ lag }) => lag)));

const PARTITION_COLUMNS: Column<PartitionRow>[] = [
  { title: 'hub', value: ({ hub }) => hub },
  { title: 'partition', value: ({ id }) => id, align: 'right' },
  { title: 'first', value: ({ firstSequence }) => orDash(firstSequence), align: 'right' },
  { title: 'last', value: ({ lastSequence }) => orDash(lastSequence), align: 'right' },
  { title: 'in/s', value: ({ inPerSecond }) => rate(inPerSecond), align: 'right' },
  { title: 'out/s', value: ({ outPerSecond }) => rate(outPerSecond), align: 'right' },
  { title: 'readers', value: ({ readers }) => String(readers), align: 'right' },
  { title: 'lag', value: worstLag, align: 'right' },
];

/** Each partition: its sequence numbers, what goes in and out, who reads it and how far behind. */
export function renderPartitions(hubs: readonly HubStatus[], { width }: Screen): string {
  const rows = hubs.flatMap(({ name, partitions }) => partitions.map((partition) => ({ ...partition, hub: name })));
  return renderTable(rows, PARTITION_COLUMNS, width);
}

/** How long events are kept. */
function kept({ seconds, bytes }: NonNullable<HubStatus['retention']>): string {
  const parts = [
    ...(seconds === undefined ? [] : [`for ${formatDuration(seconds * 1_000)}`]),
    ...(bytes === undefined ? [] : [`up to ${formatBytes(bytes)} a partition`]),
  ];
  return `events kept ${parts.join(', ') || 'for ever'}`;
}

/** One hub, with its readers. */
export function renderHub(hub: HubStatus, screen: Screen): string {
  const head = [
    `${hub.name}, since ${hub.createdAt}`,
    `consumer groups: ${hub.consumerGroups.join(', ')}`,
    ...(hub.retention ? [kept(hub.retention)] : []),
  ];
  return `${head.join('; ')}\n\n${renderPartitions([hub], screen)}`;
}

export const renderRemoved = ({ name, removed, events }: RemovedHub): string =>
  removed ? `${name} is removed, with ${formatCount(events)} events.` : `${name} stays.`;

const ruleLine = ({ fault, rate: share, side, hub, partition, delayMs, times }: FaultRule): string =>
  [
    `${side ?? 'send and receive'}: ${fault}, rate ${share}`,
    ...(delayMs === undefined ? [] : [`${delayMs} ms`]),
    ...(hub === undefined ? [] : [`hub ${hub}`]),
    ...(partition === undefined ? [] : [`partition ${partition}`]),
    ...(times === undefined ? [] : [`${times} times`]),
  ].join(', ');

export const renderFaults = ({ seed, rules }: FaultSettings): string =>
  rules.length === 0 ? 'Nothing goes wrong on purpose.' : [...rules.map(ruleLine), `seed ${seed ?? 1}`].join('\n');
