import { type Column, renderTable } from '../../../ui/table.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import type { CheckState } from './check.ts';
import type { PreflightReport, PreflightRow } from './preflight.ts';

const WORDS: Record<CheckState, string> = { ok: 'ok', warning: 'warning', failed: 'FAILED', skipped: 'skipped' };

const COLUMNS: Column<PreflightRow>[] = [
  { title: 'check', value: ({ name }) => name },
  { title: 'state', value: ({ state }) => WORDS[state] },
  { title: 'found', value: ({ detail }) => detail },
];

const quote = (word: string, { name, detail, next }: PreflightRow) => [
  `${word} ${name}: ${detail}`,
  ...next.map((step) => `  next  ${step}`),
];

function verdict(rows: readonly PreflightRow[]): string {
  const count = (state: CheckState) => rows.filter((row) => row.state === state).length;
  const [bad, notes, skipped] = [count('failed'), count('warning'), count('skipped')];
  const parts = [
    bad === 0 ? 'Ready to provision' : `Not ready: ${bad} of ${rows.length} checks failed`,
    ...(notes ? [`${notes} ${notes === 1 ? 'warning' : 'warnings'}`] : []),
    ...(skipped ? [`${skipped} not looked at`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** A table of every check, then the warnings and, last because they are read first, the failures; whole and uncut. */
export function preflightReport(report: PreflightReport, terminal: Pick<Terminal, 'width' | 'style'>): string {
  const { rows } = report;
  const of = (state: CheckState) => rows.filter((row) => row.state === state);
  const warnings = of('warning').flatMap((row) => quote(terminal.style('yellow', 'warning'), row));
  const failures = of('failed').flatMap((row) => quote(terminal.style('red', 'failed'), row));
  const notes = [...warnings, ...failures];
  const table = renderTable(rows, COLUMNS, terminal.width);
  return [table, '', ...(notes.length ? [...notes, ''] : []), verdict(rows)].join('\n');
}
