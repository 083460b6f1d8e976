import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from '../../tools/terraform-messages.ts';

/** Terraform draws a box around each error when it writes for people. */
const BOX = /^[╷│╵]\s?/;

/** The errors in what Terraform wrote for people; all of it as one error when none is marked as such. */
export function plainErrors(text: string): Diagnostic[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.replace(BOX, '').trimEnd());
  const starts = lines.flatMap((line, index) => (line.startsWith('Error: ') ? [index] : []));
  if (starts.length === 0) {
    const summary = lines.filter(Boolean).join('\n');
    return summary ? [{ severity: 'error', summary }] : [];
  }
  return starts.map((start, index) => ({
    severity: 'error',
    summary: lines[start]!.slice('Error: '.length),
    detail: lines
      .slice(start + 1, starts[index + 1])
      .join('\n')
      .trim(),
  }));
}
