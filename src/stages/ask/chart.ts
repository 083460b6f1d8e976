import type { Answered } from '../../../lib/query/ask.ts';
import { isTimeDimension } from '../../../lib/query/model/names.ts';
import { bar, type ChartStyle, columnChart } from '../../ui/chart.ts';
import type { Column } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { formatCell } from './cells.ts';

type Row = Answered['rows'][number];

const BAR_MIN = 10;
const BAR_MAX = 30;
const BAR_GAP = 2;
const CHART_MAX = 100;
/** Fewer values over time are read faster than a chart of them. */
const SERIES_MIN = 3;

interface Measure {
  at: number;
  values: number[];
}

/** The first amount of an answer that lengths can stand for: none is negative, one is more than nothing. */
function measureOf(answer: Answered): Measure | undefined {
  const at = answer.columns.findIndex((column) => column.kind === 'metric');
  const column = answer.columns[at];
  if (!column || ['timestamp', 'text'].includes(column.unit) || answer.rows.length < 2) return undefined;
  const values = answer.rows.map((row) => Number(row[at] ?? 0));
  return Math.max(...values) > 0 && Math.min(...values) >= 0 ? { at, values } : undefined;
}

const styleOf = (terminal: Terminal, width: number): ChartStyle => ({ width, ascii: terminal.ascii ?? false });

const isSeries = ({ plan }: Answered) => plan?.dimensions.length === 1 && isTimeDimension(plan.dimensions[0]!);

/**
 * Values over time as columns; undefined for everything else.
 * @param least values it takes to be worth it
 */
export function seriesChart(answer: Answered, terminal: Terminal, zone: string, least = SERIES_MIN) {
  const measure = isSeries(answer) && answer.rows.length >= least ? measureOf(answer) : undefined;
  if (!measure) return undefined;
  const { at, values } = measure;
  const time = answer.columns.findIndex((column) => column.name === answer.plan?.dimensions[0]);
  const label = (row: Row) => formatCell(row[time] ?? null, answer.columns[time]!, zone);
  const ends = [label(answer.rows[0]!), label(answer.rows.at(-1)!)] as const;
  const format = (value: number) => formatCell(value, answer.columns[at]!, zone);
  const lines = columnChart({ values, ends, format }, styleOf(terminal, Math.min(CHART_MAX, terminal.width)));
  return terminal.style('cyan', lines.join('\n'));
}

/** Bars beside the rows where members are compared and the terminal has room for them. */
export function barColumn(answer: Answered, terminal: Terminal, widthLeft: number): Column<Row> | undefined {
  const width = Math.min(BAR_MAX, widthLeft - BAR_GAP);
  if (!answer.plan?.dimensions.length || width < BAR_MIN) return undefined;
  const measure = measureOf(answer);
  if (!measure) return undefined;
  const greatest = Math.max(...measure.values);
  const shown = (row: Row) => bar(Number(row[measure.at] ?? 0) / greatest, styleOf(terminal, width));
  return { title: '', value: (row) => terminal.style('cyan', shown(row)) };
}
