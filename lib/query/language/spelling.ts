/** Edits between two words, a swap of neighbours counting as one (optimal string alignment); stops above `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let [older, previous] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? older[j - 2]! + 1 : Infinity;
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, change, swap));
    }
    if (Math.min(...row) > limit) return limit + 1;
    [older, previous] = [previous, row];
  }
  return previous[b.length]!;
}

/** Whether two words of one length have the same letters. */
const isSwap = (a: string, b: string) => [...a].sort().join('') === [...b].sort().join('');

/** How many edits a word of this length may be away from what was meant. */
function allowance(length: number): number {
  if (length < 3) return 0;
  return length >= 8 ? 2 : 1;
}

/**
 * The known word that `word` most likely stands for, or undefined where none or several are as near; of several the
 * one that is common in questions.
 * Short words must begin alike: "wek" is "week", "pat" is nothing.
 */
export function nearest(word: string, known: Iterable<string>, common: ReadonlySet<string>): string | undefined {
  const limit = allowance(word.length);
  let best: { words: string[]; distance: number } | undefined;
  for (const candidate of known) {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > limit) continue;
    if (candidate[0] !== word[0] && word.length < 6) continue;
    // "coat" is no "cost": of short words one letter for another is only believed where the word is expected.
    if (word.length <= 4 && candidate.length === word.length && !common.has(candidate) && !isSwap(word, candidate))
      continue;
    const distance = editDistance(word, candidate, limit);
    if (distance > limit) continue;
    if (!best || distance < best.distance) best = { words: [candidate], distance };
    else if (distance === best.distance) best.words.push(candidate);
  }
  const likely = best?.words.filter((candidate) => common.has(candidate)) ?? [];
  if (likely.length === 1) return likely[0];
  return best?.words.length === 1 ? best.words[0] : undefined;
}
