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

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const VOWELS = 'aeiouy';

function besidesOnKeyboard(): Set<string> {
  const pairs = new Set<string>();
  ROWS.forEach((row, index) => {
    [...row].forEach((key, at) => {
      const below = ROWS[index + 1] ?? '';
      for (const other of [row[at + 1], below[at - 1], below[at]]) {
        if (other) pairs.add(key + other).add(other + key);
      }
    });
  });
  return pairs;
}
const BESIDE = besidesOnKeyboard();

/** A slip of the finger costs one, a wrong vowel little more, any other letter for another is hardly a misspelling. */
function substitution(a: string, b: string): number {
  if (a === b) return 0;
  if (BESIDE.has(a + b)) return 1;
  return VOWELS.includes(a) && VOWELS.includes(b) ? 1.1 : 1.9;
}

/** A letter too many that repeats its neighbour is typed more easily than any other. */
const insertion = (word: string, at: number): number =>
  word[at] === word[at - 1] || word[at] === word[at + 1] ? 0.9 : 1;

/**
 * What it takes to mistype `meant` as `typed`: letters swapped, left out, doubled or hit beside the key.
 * Infinity above `limit`.
 */
export function slipDistance(typed: string, meant: string, limit: number): number {
  if (Math.abs(typed.length - meant.length) > Math.ceil(limit)) return Number.POSITIVE_INFINITY;
  let older: number[] = [];
  let previous = Array.from({ length: meant.length + 1 }, (_, index) => index);
  for (let i = 1; i <= typed.length; i++) {
    const row = [i];
    for (let j = 1; j <= meant.length; j++) {
      const swapped = i > 1 && j > 1 && typed[i - 1] === meant[j - 2] && typed[i - 2] === meant[j - 1];
      const swap = swapped && typed[i - 1] !== typed[i - 2] ? older[j - 2]! + 0.9 : Number.POSITIVE_INFINITY;
      const change = previous[j - 1]! + substitution(typed[i - 1]!, meant[j - 1]!);
      row.push(Math.min(previous[j]! + insertion(typed, i - 1), row[j - 1]! + insertion(meant, j - 1), change, swap));
    }
    // A swap still to come may take one off.
    if (Math.min(...row) > limit + 0.2) return Number.POSITIVE_INFINITY;
    [older, previous] = [previous, row];
  }
  return previous[meant.length]! <= limit ? previous[meant.length]! : Number.POSITIVE_INFINITY;
}

/** How far a word of this length may be from what was meant: "teh" only by a swap, long words by two slips. */
function allowance(length: number): number {
  if (length < 3) return 0;
  if (length === 3) return 0.9;
  return length >= 8 ? 2 : 1.1;
}

const ENDING = /^(?:s|es|d|ed|r|er|ers|ing|ly|y|n|al)$/;

/** One word is the other with an ending: "separate" is not "separated" mistyped, it is another form or another word. */
const differByEnding = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const ending = long.slice(short.length);
  return long.startsWith(short) && ending !== short.at(-1) && ENDING.test(ending);
};

const sameStart = (a: string, b: string) => a[0] === b[0] || (a[0] === b[1] && a[1] === b[0]);

const consonants = (word: string) => word[0] + word.slice(1).replace(/[aeiou]/g, '');

/** "lst", "brnd": a word without its vowels, of short words only one that questions are made of. */
const isShorthand = (word: string, meant: string, common: ReadonlySet<string>) =>
  word !== meant && consonants(meant) === word && (word.length > 3 || common.has(meant));

function slipOf(word: string, meant: string, limit: number, common: ReadonlySet<string>): number {
  if (isShorthand(word, meant, common)) return 0.9;
  return isScramble(word, meant) ? 1 : slipDistance(word, meant, limit);
}

/**
 * The known word that `word` is most likely a misspelling of; undefined where none or several are as near. Of several
 * the one that is common in questions. Short words that differ by a letter are different words: "coat" is no "cost".
 */
export function nearest(word: string, known: Iterable<string>, common: ReadonlySet<string>): string | undefined {
  const limit = allowance(word.length);
  const reach = /[aeiou]/.test(word.slice(1)) ? 2 : 4;
  let best: { words: string[]; distance: number } | undefined;
  for (const candidate of known) {
    if (candidate.length < 3 || Math.abs(candidate.length - word.length) > reach) continue;
    if (!sameStart(candidate, word) || differByEnding(candidate, word)) continue;
    if (word.length <= 4 && candidate.length <= word.length && !isSwap(word, candidate)) continue;
    const distance = slipOf(word, candidate, limit, common);
    if (distance > limit) continue;
    if (!best || distance < best.distance) best = { words: [candidate], distance };
    else if (distance === best.distance) best.words.push(candidate);
  }
  const likely = best?.words.filter((candidate) => common.has(candidate)) ?? [];
  if (likely.length === 1) return likely[0];
  return best?.words.length === 1 ? best.words[0] : undefined;
}

/** The letters of a longer word in another order between the first and the last: "reapet". */
const isScramble = (a: string, b: string) =>
  a.length >= 6 && a[0] === b[0] && a.at(-1) === b.at(-1) && a !== b && isSwap(a, b);

/** Whether two words of one length have the same letters. */
const isSwap = (a: string, b: string) => a.length === b.length && [...a].sort().join('') === [...b].sort().join('');
