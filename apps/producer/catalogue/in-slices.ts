import { setImmediate as turn } from 'node:timers/promises';

/** Work goes on for so long before others get their turn; nobody who asks meanwhile notices it. */
const SLICE_MS = 5;
/** Looking at the clock costs more than most steps. */
const STEPS = 64;

/** Gives others their turn now and then: called once a step, it mostly does nothing. */
export function createBreather(sliceMs = SLICE_MS): () => Promise<void> | undefined {
  let start = performance.now();
  let steps = 0;
  return () => {
    steps += 1;
    if (steps % STEPS !== 0 || performance.now() - start < sliceMs) return undefined;
    return turn().then(() => {
      start = performance.now();
    });
  };
}

/** As `items.map(make)`, with turns for others. */
export async function mapInSlices<T, R>(items: readonly T[], make: (item: T) => R): Promise<R[]> {
  const breathe = createBreather();
  const made: R[] = [];
  for (const item of items) {
    made.push(make(item));
    const pause = breathe();
    if (pause) await pause;
  }
  return made;
}

/** As `items.filter(test)`, with turns for others. */
export async function filterInSlices<T>(items: readonly T[], test: (item: T) => boolean): Promise<T[]> {
  const breathe = createBreather();
  const kept: T[] = [];
  for (const item of items) {
    if (test(item)) kept.push(item);
    const pause = breathe();
    if (pause) await pause;
  }
  return kept;
}

/** Sorted at once; a run of this length takes a millisecond or two, whatever compares it. */
const RUN = 256;

/** As `items.toSorted(compare)`, with turns for others: runs are sorted at once and then merged. */
export async function sortInSlices<T>(items: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  const breathe = createBreather();
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    await turn();
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      merged.push(await merge(runs[index]!, runs[index + 1] ?? [], compare, breathe));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  left: readonly T[],
  right: readonly T[],
  compare: (a: T, b: T) => number,
  breathe: () => Promise<void> | undefined,
): Promise<T[]> {
  const merged: T[] = [];
  let [fromLeft, fromRight] = [0, 0];
  while (merged.length < left.length + right.length) {
    const isLeft =
      fromRight === right.length || (fromLeft < left.length && compare(left[fromLeft]!, right[fromRight]!) <= 0);
    merged.push(isLeft ? left[fromLeft++]! : right[fromRight++]!);
    const pause = breathe();
    if (pause) await pause;
  }
  return merged;
}
