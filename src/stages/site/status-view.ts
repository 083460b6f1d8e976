import { formatBytes } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { visible } from '../../ui/visible.ts';
import type { AuditEntry } from '../deploy/release.ts';
import { upFor } from './judge.ts';
import type { Container, HostStatus, SiteStatus } from './site-status.ts';

const COLOURS = { healthy: 'green', degraded: 'yellow', down: 'red' } as const;

interface Row {
  host: string;
  container: Container;
}

const columns = (now: Date): Column<Row>[] => [
  { title: 'server', value: ({ host }) => host },
  { title: 'container', value: ({ container }) => visible(container.name) },
  {
    title: 'state',
    value: ({ container: { state, health } }) => visible(state === 'running' && health ? health : state),
  },
  { title: 'up', value: ({ container: { startedAt, state } }) => upFor(startedAt, state, now), align: 'right' },
  { title: 'restarts', value: ({ container }) => String(container.restarts), align: 'right' },
  { title: 'image', value: ({ container }) => visible(container.image) },
];

const minute = (iso: string) => iso.slice(0, 16).replace('T', ' ');

const HOST_COLUMNS: Column<HostStatus>[] = [
  { title: 'server', value: ({ name }) => name },
  { title: 'carries', value: ({ groups }) => groups.join(', ') },
  { title: 'release', value: ({ state, away }) => visible(state?.release ?? (away === null ? 'none' : 'away')) },
  { title: 'since', value: ({ state }) => (state ? visible(minute(state.deployedAt)) : '-') },
  { title: 'producer', value: ({ state }) => state?.colours.producer ?? '-' },
  { title: 'consumer', value: ({ state }) => state?.colours.consumer ?? '-' },
  {
    title: 'disk free',
    value: ({ diskFreeBytes }) => (diskFreeBytes === null ? '-' : formatBytes(diskFreeBytes)),
    align: 'right',
  },
  { title: 'lock', value: ({ lock }) => visible(lock ?? 'free') },
];

const HISTORY_COLUMNS: Column<AuditEntry>[] = [
  { title: 'at', value: ({ at }) => visible(minute(at)) },
  { title: 'by', value: ({ by }) => visible(by) },
  { title: 'what', value: ({ action }) => action },
  { title: 'release', value: ({ release }) => visible(release ?? '-') },
  { title: 'ended', value: ({ outcome }) => outcome },
  { title: 'took', value: ({ seconds }) => `${Math.round(seconds)} s`, align: 'right' },
  { title: 'why', value: ({ why, detail }) => visible(why ?? detail ?? '') },
];

/** What was done to a site, the newest last. */
export const renderHistory = (entries: readonly AuditEntry[], width: number): string =>
  entries.length > 0 ? renderTable(entries, HISTORY_COLUMNS, width) : 'Nothing was done yet.';

/** Closed on purpose is no trouble, but has to be seen. */
function maintenanceLine(hosts: readonly HostStatus[]): string[] {
  const record = hosts.find(({ maintenance }) => maintenance !== null)?.maintenance;
  if (!record) return [];
  return [
    `Closed for maintenance since ${visible(minute(record.since))} UTC by ${visible(record.by)}: oms maintenance off`,
  ];
}

/** The sentence first, then the servers, their containers, and what was done last. */
export function renderSiteStatus(status: SiteStatus, terminal: Pick<Terminal, 'style' | 'width'>, now: Date): string {
  const { health, hosts } = status;
  const [word = '', ...rest] = visible(status.sentence).split(/(?<=^\w+)/);
  const rows = hosts.flatMap(({ name, containers }) => containers.map((container) => ({ host: name, container })));
  const last = hosts.flatMap(({ audit }) => audit).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  // Servers have the same lines.
  const history = [...new Map(last.map((entry) => [JSON.stringify(entry), entry])).values()].slice(-5);
  const parts = [
    terminal.style(COLOURS[health], word) + rest.join(''),
    ...maintenanceLine(hosts),
    renderTable(hosts, HOST_COLUMNS, terminal.width),
    ...(rows.length > 0 ? [renderTable(rows, columns(now), terminal.width)] : []),
    ...(history.length > 0 ? [renderHistory(history, terminal.width)] : []),
  ];
  return parts.join('\n\n');
}
