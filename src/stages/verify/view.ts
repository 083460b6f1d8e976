import { formatDuration } from '../../ui/format.ts';
import { renderTable } from '../../ui/table.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { CheckResult, VerifyResult } from './result.ts';

const COLOURS = { ok: 'green', violated: 'red', skipped: 'yellow' } as const;

/** The name of a check without the run it is about. */
const shortName = (name: string): string => name.slice(name.lastIndexOf(' ') + 1);

function verdict({ checks, ok }: VerifyResult): string {
  const skipped = checks.filter((check) => check.result === 'skipped').map(({ name }) => name);
  const violated = checks.filter((check) => check.result === 'violated').length;
  const left =
    skipped.length > 0 ? `, ${skipped.length} skipped: ${[...new Set(skipped.map(shortName))].join(' ')}` : '';
  return ok
    ? `${checks.length - skipped.length} checks hold${left}`
    : `${violated} of ${checks.length} checks violated${left}`;
}

const violationLines = (checks: readonly CheckResult[]): string[] =>
  checks
    .filter((check) => check.result === 'violated')
    .flatMap((check) => [`${check.name}: ${check.sentence}`, `  first offender: ${check.detail}`]);

/** Of what holds, what that is and what was looked at; of the rest, why. */
const detailOf = ({ result, sentence, detail }: CheckResult): string =>
  result !== 'ok' ? detail : sentence + (detail && ` (${detail})`);

/** A line a check, and below them each violation in full. */
export function verifyReport(result: VerifyResult, terminal: Terminal): string {
  const table = renderTable(
    result.checks,
    [
      { title: 'check', value: (check) => check.name },
      { title: 'result', value: (check) => check.result },
      { title: 'detail', value: detailOf },
      { title: 'time', value: (check) => formatDuration(check.ms), align: 'right' },
    ],
    terminal.width,
  );
  const summary = terminal.style(COLOURS[result.ok ? 'ok' : 'violated'], verdict(result));
  const violations = violationLines(result.checks);
  return [table, '', ...violations, ...(violations.length > 0 ? [''] : []), summary].join('\n');
}
