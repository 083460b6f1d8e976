import { type Measure, SALE, SOURCES, type SourceName } from '../model/measures.ts';
import type { DimensionName, FilterField } from '../model/names.ts';
import type { Filter, Window } from '../plan.ts';

/** What says how much of the history a window takes in. */
export interface History {
  now: number;
  /** When the oldest order was placed, in ms; where nobody looked, nothing is said in advance. */
  since?: number | undefined;
}

/** The index on a time column that windows are on, and the columns that can be read from it alone. */
interface TimeIndex {
  /** With its alias, a letter. */
  table: string;
  columns: readonly string[];
}
const TIME_INDEX: Record<string, TimeIndex> = {
  'o.placed_at': { table: 'orders o', columns: ['order_seq', 'placed_at', 'reporting_status'] },
  'p.created_at': { table: 'payments p', columns: ['order_seq', 'created_at', 'status'] },
  's.shipped_at': { table: 'shipments s', columns: ['order_seq', 'shipped_at', 'carrier'] },
  's.delivered_at': {
    table: 'shipments s',
    columns: ['order_seq', 'delivered_at', 'carrier', 'promised_at', 'shipped_at'],
  },
};

/** Filters that leave few orders, by an index of their own. */
const NARROW: readonly FilterField[] = [
  'customer',
  'order_status',
  'status_since',
  'status_age_hours',
  'placed_not_shipped',
  'open_order',
];

/** A row found by an index costs three times one that is passed on the way through the table. */
const WORTH_A_SCAN = 1 / 3;

/** Up to this share servers find the rows of a window by its index themselves. */
const SHORT = 1 / 20;

/** The part of the history that a window takes in, 0 to 1, as if orders were spread evenly. */
function shareOf(window: Window, now: number, since: number): number {
  if (since >= now) return 0;
  if (window.start === null) return 1;
  const from = Math.max(since, Date.parse(window.start));
  return Math.max(0, Math.min(now, Date.parse(window.end)) - from) / (now - since);
}

const columnsOf = (alias: string, texts: readonly string[]) =>
  texts.flatMap((text) => [...text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))].map((match) => match[1]!));

interface Access {
  window: Window;
  filters: readonly Filter[];
  dimensions: readonly DimensionName[];
}

function hintFor({ dimensions }: Access, measure: Measure, texts: readonly string[], share: number): string {
  const index = TIME_INDEX[measure.time ?? ''];
  // Orders of refunds, for one, are found by way of the refunds.
  if (!index || !SOURCES[measure.source].startsWith(index.table)) return '';
  const isOfOrders = index.table === 'orders o';
  const isInIndex = (column: string) => index.columns.includes(column) || (isOfOrders && column === 'customer_ref');
  const isCovered = columnsOf(index.table.at(-1)!, texts).every(isInIndex);
  if (share > WORTH_A_SCAN && !isCovered) return ' FORCE INDEX (PRIMARY)';
  const isLong = share > SHORT && isOfOrders && measure.where?.includes(SALE);
  const isByCustomer = isOfOrders && dimensions.includes('customer') && !isCovered;
  const countsCustomers = texts.some((text) => text.includes('DISTINCT o.customer_ref'));
  // In the order of customers, or of orders, those of all time would be passed.
  if (isOfOrders && countsCustomers && share <= WORTH_A_SCAN && !isByCustomer) return ' FORCE INDEX (ix_orders_placed)';
  return [
    // Nearly all orders are sales: the index on their status finds them one by one.
    isLong ? ' IGNORE INDEX (ix_orders_status)' : '',
    isByCustomer ? ' IGNORE INDEX FOR GROUP BY (ix_orders_customer)' : '',
  ].join('');
}

/**
 * The tables of a source with what both servers guess wrong said in advance, where it costs several times as much: that
 * most of a table is better read from its beginning to its end than row by row through an index.
 * @param texts every expression over the rows
 */
export function tablesOf(access: Access, measure: Measure, texts: readonly string[], history: History): string {
  const source: SourceName = measure.source;
  const tables = SOURCES[source];
  const isNarrow = access.filters.some(({ field }) => NARROW.includes(field as FilterField));
  if (history.since === undefined || isNarrow) return tables;
  const hint = hintFor(access, measure, texts, shareOf(access.window, history.now, history.since));
  return tables.replace(/^(\w+ \w)\b/, `$1${hint}`);
}
