/** What one order scored, and whether it was fraud. */
export interface Judged {
  score: number;
  fraud: boolean;
}

/**
 * The lowest score from which on at least `precision` of the orders are fraud: of all cuts that are precise enough, the
 * one that catches most.
 * @returns 1 when no cut is precise enough
 */
export function thresholdFor(judged: readonly Judged[], precision: number): number {
  const sorted = [...judged].sort((a, b) => b.score - a.score);
  let frauds = 0;
  let threshold = 1;
  for (const [index, { score, fraud }] of sorted.entries()) {
    if (fraud) frauds++;
    // Orders with the same score fall on the same side.
    const isCut = sorted[index + 1]?.score !== score;
    if (isCut && frauds / (index + 1) >= precision) threshold = score;
  }
  return threshold;
}
