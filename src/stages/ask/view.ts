import stringWidth from 'string-width';
import type { Answered, Declined } from '../../../lib/query/ask.ts';
import { toResult } from '../../../lib/query/result.ts';
import { formatCount } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { csvCell, formatCell } from './cells.ts';
import { barColumn, seriesChart } from './chart.ts';

export interface AskView {
  zone: string;
  sql: boolean;
  explain: boolean;
  /** Always, never; undefined where it helps. */
  chart?: boolean | undefined;
}

type Row = Answered['rows'][number];

function tableColumns(answer: Answered, zone: string): Column<Row>[] {
  return answer.columns.map((column, index): Column<Row> => {
    const align = column.kind === 'dimension' || column.unit === 'text' ? 'left' : 'right';
    return {
      title: column.name.replaceAll('_', ' '),
      align,
      value: (row) => formatCell(row[index] ?? null, column, zone),
    };
  });
}

function tableOf(answer: Answered, terminal: Terminal, zone: string, withBars: boolean): string {
  const columns = tableColumns(answer, zone);
  const style = { ascii: terminal.ascii ?? false };
  const plain = renderTable(answer.rows, columns, terminal.width, style);
  if (!withBars) return plain;
  const used = Math.max(...plain.split('\n').map((line) => stringWidth(line)));
  const bars = barColumn(answer, terminal, terminal.width - used);
  return bars ? renderTable(answer.rows, [...columns, bars], terminal.width, style) : plain;
}

/** The rows, with a chart where one helps. */
function rowsText(answer: Answered, terminal: Terminal, { zone, chart }: AskView): string[] {
  if (answer.rows.length === 0) return [];
  const series = chart === false ? undefined : seriesChart(answer, terminal, zone, chart ? 2 : undefined);
  const table = tableOf(answer, terminal, zone, chart !== false && !series);
  return series ? [series, '', table] : [table];
}

const NO_CHART = 'nothing to draw: a chart takes two rows or more of amounts that are not negative';

/** A chart of the answer alone. */
export function chartText(answer: Answered, terminal: Terminal, zone: string): string {
  const series = seriesChart(answer, terminal, zone, 2);
  if (series) return series;
  const bars = barColumn(answer, terminal, terminal.width);
  return bars ? tableOf(answer, terminal, zone, true) : NO_CHART;
}

/** Breaks at blanks; words longer than a line stay whole. */
function wrap(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}

function rest(answer: Answered): string[] {
  if (answer.dryRun) return ['not run'];
  if (answer.rows.length === 0) return ['no rows'];
  const more = answer.total - answer.rows.length;
  return more > 0 ? [`${formatCount(more)} more ${more === 1 ? 'row' : 'rows'}`] : [];
}

/** How the question was understood, what was taken for granted, the rows. */
export function answerText(answer: Answered, terminal: Terminal, view: AskView): string {
  // In a pipe the first line is for programs too, and stays one line.
  const lineWidth = terminal.live ? terminal.width : Number.POSITIVE_INFINITY;
  const head = [
    wrap(`Understood: ${answer.understood}`, lineWidth),
    ...answer.assumptions.map((assumption) => wrap(`Assumed: ${assumption}`, lineWidth)),
    ...(answer.prose ? ['', wrap(answer.prose, lineWidth)] : []),
  ];
  const notes = answer.notes.map((note) => wrap(`Note: ${note}`, lineWidth));
  const plan = view.explain ? ['', planText(answer)] : [];
  const sql = view.sql || answer.dryRun ? ['', sqlText(answer)] : [];
  return [...head, '', ...rowsText(answer, terminal, view), ...rest(answer), ...notes, ...plan, ...sql].join('\n');
}

export const planText = (answer: Answered): string => JSON.stringify(answer.plan, null, 2);

/** The statement, ready to be pasted into a client. */
export const sqlText = (answer: Answered): string => `${answer.sql};`;

/** RFC 4180 with a heading; amounts in units of their currency. */
export const answerCsv = (answer: Answered): string =>
  [answer.columns.map((column) => column.name).join(','), ...answer.rows.map((row) => row.map(csvCell).join(','))].join(
    '\n',
  );

const LEAD: Record<Declined['status'], string> = {
  clarify: 'Not sure what is meant.',
  refuse_write: 'Refused.',
  refuse_pii: 'Refused.',
  refuse_unsafe: 'Refused.',
  out_of_scope: 'Not in the data.',
};

/** Why there is no answer, and questions that have one. */
export const declinedText = (declined: Declined): string =>
  [declinedLead(declined), ...declined.choices.map((choice) => `  oms ask "${choice}"`)].join('\n');

/** The result under --json; `sql` only when it was asked for. */
export const answerJson = (outcome: Answered | Declined, { zone, sql }: AskView) => toResult(outcome, { zone, sql });

/** The same choices, to be picked by their number. */
export const offerText = (choices: readonly string[]): string =>
  choices.map((choice, index) => `  ${index + 1}  ${choice}`).join('\n');

export const declinedLead = ({ status, message, notes = [] }: Declined): string =>
  [`${LEAD[status]} ${message}`, ...notes.map((note) => `Note: ${note}`)].join('\n');
