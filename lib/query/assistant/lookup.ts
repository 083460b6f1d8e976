import { editDistance } from '../language/spelling.ts';

const SHOWN = 8;
const MAX_LENGTH = 80;

/** Stored text as data: one line, no control characters, of bounded length. */
export const asData = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, MAX_LENGTH);

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** How alike two names are: words in common, else letters. 0 is nothing alike. */
function likeness(wanted: string, value: string): number {
  const [a, b] = [wordsOf(wanted), wordsOf(value)];
  const shared = a.filter((word) => b.includes(word)).length;
  if (shared > 0) return 1 + shared / Math.max(a.length, b.length);
  const limit = Math.ceil(wanted.length / 3);
  const distance = editDistance(wanted.toLowerCase(), value.toLowerCase(), limit);
  return distance > limit ? 0 : 1 - distance / (limit + 1);
}

/** The stored values most like a text, best first; all of a short list when the text is empty. */
export function nearestValues(text: string, values: readonly string[]): string[] {
  if (text.trim() === '') return values.slice(0, SHOWN).map(asData);
  return values
    .map((value) => ({ value, score: likeness(text, value) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.value < b.value ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ value }) => asData(value));
}
