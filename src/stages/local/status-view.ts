import { formatBytes, formatDuration } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { renderPartitions } from '../hub/view.ts';
import type { Health, ProcessHealth } from './health.ts';
import type { LocalStatus } from './status.ts';

const COLOURS = { healthy: 'green', degraded: 'yellow', down: 'red' } as const satisfies Record<Health, string>;

const orDash = (value: number | null, format: (value: number) => string = String) =>
  value === null ? '-' : format(value);

const COLUMNS: Column<ProcessHealth>[] = [
  { title: 'process', value: ({ name }) => name },
  { title: 'status', value: ({ status }) => status },
  { title: 'pid', value: ({ pid }) => orDash(pid), align: 'right' },
  { title: 'port', value: ({ port }) => orDash(port), align: 'right' },
  { title: 'up', value: ({ uptimeMs }) => orDash(uptimeMs, formatDuration), align: 'right' },
  { title: 'restarts', value: ({ restarts }) => String(restarts), align: 'right' },
  { title: 'memory', value: ({ memoryBytes }) => orDash(memoryBytes, formatBytes), align: 'right' },
];

/** What is left out where there is no room for all. */
const WIDE_ONLY = new Set(['pid', 'restarts', 'memory']);
const WIDE = 60;

/** The sentence first, then a table of what there is, and one of the partitions of the hub. */
export function renderStatus(status: LocalStatus, terminal: Pick<Terminal, 'style' | 'width'>): string {
  const [word = '', ...rest] = status.sentence.split(/(?<=^\w+)/);
  const sentence = terminal.style(COLOURS[status.health], word) + rest.join('');
  if (status.processes.length === 0) return sentence;
  const columns = terminal.width >= WIDE ? COLUMNS : COLUMNS.filter(({ title }) => !WIDE_ONLY.has(title));
  const parts = [sentence, renderTable(status.processes, columns, terminal.width)];
  if (status.hubs !== null && status.hubs.length > 0) parts.push(renderPartitions(status.hubs, terminal));
  return parts.join('\n\n');
}
