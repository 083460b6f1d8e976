import { editDistance } from '../language/edit-distance.ts';

const SHOWN = 8;
const MAX_LENGTH = 80;

/** Stored text as data: one line, no control characters, of bounded length. */
export const asData = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, MAX_LENGTH);

const MOST_WORDS = 8;
const MOST_EDITS = 3;

const wordsOf = (text: string): string[] =>
  (
    text
      .slice(0, MAX_LENGTH)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).slice(0, MOST_WORDS);

/** How alike two words are: 1 the same, 0 nothing alike. */
function wordLikeness(a: string, b: string): number {
  const limit = Math.min(MOST_EDITS, Math.ceil(a.length / 3));
  const distance = editDistance(a, b, limit);
  return distance > limit ? 0 : 1 - distance / (limit + 1);
}

/** How much of the wanted words a name has, and how little else: 0 is nothing alike. */
function likeness(wanted: string, value: string): number {
  const [asked, words] = [wordsOf(wanted), wordsOf(value)];
  const found = asked.map((word) => Math.max(0, ...words.map((other) => wordLikeness(word, other))));
  const sum = found.reduce((total, score) => total + score, 0);
  return sum / Math.max(asked.length, words.length, 1);
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
