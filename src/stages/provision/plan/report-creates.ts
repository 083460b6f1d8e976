import { type Column, renderTable } from '../../../ui/table.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import type { ResourceSummary } from './summary.ts';

const INDENT = '  ';

interface Group {
  module: string;
  kind: string;
  reason: string | null;
  names: string[];
}

/** "module.hubs[\"a\"].module.alerts" -> "hubs alerts"; the root is "-". */
const place = (module: string): string =>
  [...module.matchAll(/(?:^|\.)module\.([\w-]+)/g)].map((match) => match[1]!.replaceAll('_', ' ')).join(' ') || '-';

function groupsOf(resources: readonly ResourceSummary[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { module, kind, reason, name } of resources) {
    const group = { module: place(module), kind, reason, names: [] };
    const key = JSON.stringify(group);
    if (!groups.has(key)) groups.set(key, group);
    groups.get(key)!.names.push(name);
  }
  return [...groups.values()].sort((one, other) => one.module.localeCompare(other.module, 'en'));
}

/** A name that several share is told once: "Sender (2), Receiver". */
export function namesText(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${name} (${count})` : name)).join(', ');
}

const COLUMNS: Column<Group>[] = [
  { title: 'module', value: ({ module }) => module },
  { title: 'what', value: ({ kind }) => kind },
  { title: '', value: ({ names }) => String(names.length), align: 'right' },
  { title: 'names', value: ({ names }) => namesText(names) },
];
const REASON: Column<Group> = { title: 'because', value: ({ reason }) => reason ?? '' };

const indented = (table: string) => table.split('\n').map((line) => `${INDENT}${line}`);

/** One line a kind and module, so that a whole environment fits a screen. */
export function createLines(resources: readonly ResourceSummary[], { width }: Pick<Terminal, 'width'>): string[] {
  if (resources.length === 0) return [];
  const groups = groupsOf(resources);
  const columns = groups.some(({ reason }) => reason) ? [...COLUMNS, REASON] : COLUMNS;
  return indented(renderTable(groups, columns, width - INDENT.length));
}

const COST_COLUMNS: Column<ResourceSummary>[] = [
  { title: 'what', value: ({ kind }) => kind },
  { title: 'name', value: ({ name }) => name },
  { title: 'by', value: ({ costs }) => costs.join(', ') },
];

/** What is made and costs by its size, its copies or how long it keeps. */
export function costLines(resources: readonly ResourceSummary[], { width }: Pick<Terminal, 'width'>): string[] {
  const costly = resources.filter(({ costs }) => costs.length > 0);
  return costly.length > 0 ? indented(renderTable(costly, COST_COLUMNS, width - INDENT.length)) : [];
}
