import { type Column, renderTable } from '../../../ui/table.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import { visible } from '../../../ui/visible.ts';
import type { Check, CheckState } from './check.ts';
import type { Preflight } from './preflight.ts';

const WORDS: Record<CheckState, string> = { ok: 'ok', warn: 'warning', fail: 'FAILED' };

const COLUMNS: Column<Check>[] = [
  { title: 'server', value: ({ host }) => host ?? 'all' },
  { title: 'check', value: ({ title }) => title },
  { title: 'state', value: ({ state }) => WORDS[state] },
  { title: 'found', value: ({ why }) => visible(why) },
];

const quote = (word: string, { host, title, why, next }: Check) => [
  `${word} ${host ? `${host}, ` : ''}${title}: ${visible(why)}`,
  ...next.map((step) => `  next  ${visible(step)}`),
];

function verdict(checks: readonly Check[]): string {
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  const [bad, notes] = [count('fail'), count('warn')];
  const first = bad === 0 ? 'Ready to deploy' : `Not ready: ${bad} of ${checks.length} checks failed`;
  return `${[first, ...(notes ? [`${notes} ${notes === 1 ? 'warning' : 'warnings'}`] : [])].join(', ')}.`;
}

/** A table of every check, then the warnings and, last because they are read first, the failures; whole and uncut. */
export function preflightReport({ checks }: Preflight, terminal: Pick<Terminal, 'width' | 'style'>): string {
  const of = (state: CheckState) => checks.filter((check) => check.state === state);
  const warnings = of('warn').flatMap((check) => quote(terminal.style('yellow', 'warning'), check));
  const failures = of('fail').flatMap((check) => quote(terminal.style('red', 'failed'), check));
  const notes = [...warnings, ...failures];
  const table = renderTable(checks, COLUMNS, terminal.width);
  return [table, '', ...(notes.length ? [...notes, ''] : []), verdict(checks)].join('\n');
}
