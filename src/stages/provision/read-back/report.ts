import { formatCount } from '../../../ui/format.ts';
import { type Column, renderTable } from '../../../ui/table.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import type { Finding } from './expectation.ts';
import type { ReadBack } from './read-back.ts';

const MARKS = { error: ['red', '✗'], warning: ['yellow', '!'] } as const;

/** Errors, then warnings, then what is as it should be; each in the order it was looked at. */
const rank = ({ ok, weight }: Finding): number => (ok ? 2 : weight === 'error' ? 0 : 1);

const columns = (terminal: Terminal): Column<Finding>[] => {
  const mark = ({ ok, weight }: Finding) => {
    const [style, sign] = ok ? (['green', '✓'] as const) : MARKS[weight];
    return terminal.style(style, sign);
  };
  return [
    { title: '', value: mark },
    { title: 'RESOURCE', value: ({ resource }) => resource },
    { title: 'SETTING', value: ({ name }) => name },
    { title: 'EXPECTED', value: ({ expected }) => expected },
    { title: 'AZURE SAYS', value: ({ actual }) => actual },
  ];
};

function verdict({ findings, errors, warnings }: ReadBack): string {
  const read = `${formatCount(findings.length)} settings read back from Azure`;
  if (errors + warnings === 0) return `${read}: all as expected`;
  const parts = [errors > 0 && `${errors} wrong`, warnings > 0 && `${warnings} to look at`].filter(Boolean);
  return `${read}: ${parts.join(', ')}`;
}

/** Everything that was looked at, what differs first. */
export function readBackReport(readBack: ReadBack, terminal: Terminal): string {
  const rows = readBack.findings.toSorted((a, b) => rank(a) - rank(b));
  return `${renderTable(rows, columns(terminal), terminal.width)}\n\n${verdict(readBack)}`;
}
