import { stripVTControlCharacters } from 'node:util';
import type { Diagnostic } from '../../tools/terraform-messages.ts';

/** Terraform draws a box around each error when it writes for people. */
const BOX = /^[╷│╵]\s?/;

/** What is said without a mark: a crash is told by its panic, anything else by its first line; the rest stands below. */
function unmarked(lines: readonly string[]): Diagnostic[] {
  const said = lines.filter(Boolean);
  const head = said.find((line) => line.startsWith('panic: ')) ?? said[0];
  if (head === undefined) return [];
  const detail = said.filter((line) => line !== head).join('\n');
  return [{ severity: 'error', summary: head, ...(detail && { detail }) }];
}

/** The errors in what Terraform wrote for people; all of it as one error when none is marked as such. */
export function plainErrors(text: string): Diagnostic[] {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.replace(BOX, '').trimEnd());
  const starts = lines.flatMap((line, index) => (line.startsWith('Error: ') ? [index] : []));
  if (starts.length === 0) return unmarked(lines);
  return starts.map((start, index) => ({
    severity: 'error',
    summary: lines[start]!.slice('Error: '.length),
    detail: lines
      .slice(start + 1, starts[index + 1])
      .join('\n')
      .trim(),
  }));
}
