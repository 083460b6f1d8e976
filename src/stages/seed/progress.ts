import { formatCount, formatDuration } from '../../ui/format.ts';

const BAR_CELLS = 20;

/** Lines a person reads come four times a second; those that end in a log, once. */
const MOVING_MS = 250;
const PLAIN_MS = 1_000;

const bar = (share: number): string => {
  const full = Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS));
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
};

/** "██████░░░░ 30,000 of 100,000 orders, 8,200/s, 9 s left". */
export function progressLine(done: number, total: number, ordersASecond: number): string {
  const left = ordersASecond > 0 ? formatDuration(Math.ceil((total - done) / ordersASecond) * 1_000) : '?';
  const rate = formatCount(Math.round(ordersASecond));
  return `${bar(done / total)} ${formatCount(done)} of ${formatCount(total)} orders, ${rate}/s, ${left} left`;
}

/**
 * Tells how far the loading is, not more often than can be read.
 * @param options.already orders that were there before this run
 * @returns told the orders written by this run
 */
export function followProgress(
  report: (line: string) => void,
  options: { total: number; already: number; isMoving: boolean; now?: () => number },
): (written: number) => void {
  const { total, already, isMoving, now = () => performance.now() } = options;
  const start = now();
  const interval = isMoving ? MOVING_MS : PLAIN_MS;
  let lastReport = start;
  return (written) => {
    const at = now();
    if (at - lastReport < interval) return;
    lastReport = at;
    report(progressLine(already + written, total, (written / (at - start)) * 1_000));
  };
}
