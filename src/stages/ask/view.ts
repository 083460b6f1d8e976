import type { Answered, Declined } from '../../../lib/query/ask.ts';
import { formatCount } from '../../ui/format.ts';
import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import { csvCell, formatCell } from './cells.ts';

export interface AskView {
  zone: string;
  sql: boolean;
  explain: boolean;
}

type Row = Answered['rows'][number];

const BAR_MIN = 10;
const BAR_MAX = 30;
const BAR_GAP = 2;

/** Bars where members are compared by one amount and the terminal has room for them. */
function barColumn(answer: Answered, widthLeft: number): Column<Row> | undefined {
  const at = answer.columns.findIndex((column) => column.kind === 'metric');
  const column = answer.columns[at];
  const comparable = column && !['timestamp', 'text'].includes(column.unit) && answer.rows.length > 1;
  const width = Math.min(BAR_MAX, widthLeft - BAR_GAP);
  if (!comparable || answer.plan.dimensions.length === 0 || width < BAR_MIN) return undefined;
  const values = answer.rows.map((row) => Number(row[at] ?? 0));
  const greatest = Math.max(...values);
  if (greatest <= 0 || Math.min(...values) < 0) return undefined;
  return { title: '', value: (row) => '█'.repeat(Math.round((Number(row[at] ?? 0) / greatest) * width)) };
}

function tableOf(answer: Answered, terminal: Terminal, zone: string): string {
  const columns = answer.columns.map((column, index): Column<Row> => {
    const align = column.kind === 'dimension' || column.unit === 'text' ? 'left' : 'right';
    return {
      title: column.name.replaceAll('_', ' '),
      align,
      value: (row) => formatCell(row[index] ?? null, column, zone),
    };
  });
  const plain = renderTable(answer.rows, columns, terminal.width);
  const used = Math.max(...plain.split('\n').map((line) => line.length));
  const bar = barColumn(answer, terminal.width - used);
  return bar ? renderTable(answer.rows, [...columns, bar], terminal.width) : plain;
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
  ];
  const table = answer.rows.length > 0 ? [tableOf(answer, terminal, view.zone)] : [];
  const plan = view.explain ? ['', JSON.stringify(answer.plan, null, 2)] : [];
  const sql = view.sql ? ['', `${answer.sql};`] : [];
  return [...head, '', ...table, ...rest(answer), ...plan, ...sql].join('\n');
}

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
  [`${LEAD[declined.status]} ${declined.message}`, ...declined.choices.map((choice) => `  oms ask "${choice}"`)].join(
    '\n',
  );

/** The result under --json; `sql` only when it was asked for. */
export function answerJson(outcome: Answered | Declined, view: AskView) {
  if (outcome.status !== 'answer') return outcome;
  const { question, status, understood, assumptions, plan, sql, columns, rows, total } = outcome;
  return {
    question,
    status,
    understood,
    assumptions,
    plan,
    window: { start: plan.window.start, end: plan.window.end, timezone: view.zone, rule: plan.window.rule },
    ...(view.sql && { sql }),
    columns: columns.map((column) => column.name),
    units: columns.map((column) => column.currency ?? column.unit),
    rows,
    total_rows: total,
  };
}
