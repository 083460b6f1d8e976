import { type Column, renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { DoctorReport, ToolReport } from './doctor.ts';

const WORDS: Record<ToolReport['state'], string> = {
  ok: 'ok',
  missing: 'missing',
  'too old': 'too old',
  fetchable: 'oms up fetches it',
};

const COLUMNS: Column<ToolReport>[] = [
  { title: 'tool', value: ({ name }) => name },
  { title: 'state', value: ({ state, required }) => (state === 'missing' && !required ? 'not there' : WORDS[state]) },
  { title: 'found', value: ({ found }) => found ?? '-' },
  { title: 'at least', value: ({ minimum }) => minimum },
  { title: 'purpose', value: ({ purpose }) => purpose },
];

/** What is left out where there is no room for all. */
const WIDE_ONLY = new Set(['at least', 'purpose']);
const WIDE = 60;

function advice(tools: readonly ToolReport[]): string[] {
  return tools
    .filter(({ state }) => state !== 'ok')
    .map(({ name, hint, neededBy, required }) => {
      const commands = neededBy.join(', ');
      const who = required ? `needed by ${commands}` : `optional${commands && `, for ${commands}`}`;
      return `  ${name} (${who}): ${hint}`;
    });
}

/** A table of what was looked for, then how to get what is not there. */
export function renderDoctor(report: DoctorReport, terminal: Pick<Terminal, 'width'>): string {
  const hints = advice(report.tools);
  const verdict = report.lacking ? 'Something that is needed is missing.' : 'Everything that is needed is here.';
  const columns = terminal.width >= WIDE ? COLUMNS : COLUMNS.filter(({ title }) => !WIDE_ONLY.has(title));
  return [renderTable(report.tools, columns, terminal.width), '', ...hints, verdict].join('\n');
}
