/** Says how long something took since the stopwatch was made. */
export function stopwatch(log: (line: string) => void): (what: string) => void {
  const from = performance.now();
  return (what) => log(`${what}: ${((performance.now() - from) / 1_000).toFixed(1)} s`);
}
