import { formatCount, formatDuration } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { SeedResult } from './result.ts';

const LABELS: Record<string, string> = {
  products: 'products',
  customers: 'customers',
  orders: 'orders',
  order_items: 'order lines',
  order_history: 'order steps',
  reservations: 'reservations',
  payments: 'payments',
  shipments: 'parcels',
  refunds: 'refunds',
  stock_moves: 'stock moves',
};

function summaryOf(result: SeedResult): string[] {
  const how = { seeded: 'seeded', resumed: 'finished what was begun', already_seeded: 'already seeded' }[result.state];
  const until = result.history_until?.slice(0, 16).replace('T', ' ');
  const lines = [`${how}: ${formatCount(result.products)} products in ${result.currency}`];
  if (until) lines.push(`${formatCount(result.orders)} orders up to ${until} UTC`);
  if (result.orders_per_second) {
    const rate = formatCount(result.orders_per_second);
    lines.push(`${formatDuration(result.seconds * 1_000)}, ${rate} orders/s`);
  }
  if (result.state === 'already_seeded') lines.push('nothing was written');
  return lines;
}

function importLine({ imported }: SeedResult): string[] {
  if (!imported) return [];
  const { added, changed, unchanged, restocked } = imported;
  const counts = [
    `${formatCount(added)} added`,
    `${formatCount(changed)} changed`,
    `${formatCount(unchanged)} unchanged`,
    `stock set anew for ${formatCount(restocked)}`,
  ];
  return [`catalogue: ${counts.join(', ')}`];
}

/** What was written, as a table, and what to do next. */
export function renderSeed(result: SeedResult, terminal: Terminal): string {
  const rows = Object.entries(result.written).filter(([, count]) => count > 0);
  const table = renderTable(
    rows,
    [
      { title: 'written', value: ([name]) => LABELS[name] ?? name },
      { title: 'rows', value: ([, count]) => formatCount(count), align: 'right' },
    ],
    terminal.width,
  );
  const next = `Next: ${terminal.style('bold', 'oms simulate --rate 500 --duration 20s')}`;
  return [...(rows.length > 0 ? [table, ''] : []), ...summaryOf(result), ...importLine(result), next].join('\n');
}
