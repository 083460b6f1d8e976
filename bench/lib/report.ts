/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs of several measurements taken in turn: medians, and the ratio of each to the first, pair by pair. */
export function printRates(title: string, unit: string, runs: Record<string, number[]>, base: string): void {
  console.log(`\n${title}`);
  for (const [name, values] of Object.entries(runs)) {
    const ratios = values.map((value, index) => value / runs[base]![index]!);
    const spread = values.map((value) => Math.round(value).toLocaleString('en-US')).join(' ');
    const ratio = name === base ? '' : `  x${median(ratios).toFixed(3)} of ${base}`;
    console.log(
      `  ${name.padEnd(34)} ${Math.round(median(values)).toLocaleString('en-US').padStart(9)} ${unit}${ratio}   (${spread})`,
    );
  }
}
