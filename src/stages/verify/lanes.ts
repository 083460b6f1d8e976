/** Checks at once; the database works on each with one thread. */
export const LANES = 2;

/** Runs tasks a few at a time; results in the order of the tasks. The first failure stops what has not begun. */
export async function inLanes<Result>(
  tasks: readonly (() => Promise<Result>)[],
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    while (next < tasks.length) {
      signal.throwIfAborted();
      const index = next++;
      try {
        results[index] = await tasks[index]!();
      } catch (error) {
        next = tasks.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}
