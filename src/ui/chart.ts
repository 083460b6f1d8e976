import stringWidth from 'string-width';

export interface ChartStyle {
  /** Columns of the terminal that may be used. */
  width: number;
  /** Where nothing but ASCII can be shown. */
  ascii: boolean;
}

const EIGHTHS_ACROSS = ' ▏▎▍▌▋▊▉█';
const EIGHTHS_UP = ' ▁▂▃▄▅▆▇█';

/** A bar of `share` (0 to 1) of `width` columns; whatever is more than nothing can be seen. */
export function bar(share: number, { width, ascii }: ChartStyle): string {
  if (share <= 0) return '';
  if (ascii) return '#'.repeat(Math.max(1, Math.round(share * width)));
  const eighths = Math.max(1, Math.round(share * width * 8));
  const rest = eighths % 8;
  return '█'.repeat(Math.floor(eighths / 8)) + (rest > 0 ? EIGHTHS_ACROSS[rest] : '');
}

/** What one column of one line shows of a value that is `level` lines high. */
function segment(level: number, line: number, ascii: boolean): string {
  const filled = Math.min(1, Math.max(0, level - line));
  if (ascii) return filled >= 0.5 || (line === 0 && level > 0) ? '#' : ' ';
  const eighths = Math.round(filled * 8);
  return EIGHTHS_UP[line === 0 && level > 0 ? Math.max(1, eighths) : eighths]!;
}

/** Neighbours averaged, so that there are no more than `most`. */
function thinned(values: readonly number[], most: number): { values: number[]; per: number } {
  const per = Math.max(1, Math.ceil(values.length / most));
  const groups = Array.from({ length: Math.ceil(values.length / per) }, (_, at) =>
    values.slice(at * per, (at + 1) * per),
  );
  return { values: groups.map((group) => group.reduce((sum, value) => sum + value, 0) / group.length), per };
}

export interface Series {
  values: readonly number[];
  /** Written under the first and the last column. */
  ends: readonly [first: string, last: string];
  /** How an amount is written at the axis. */
  format: (value: number) => string;
}

const HEIGHT = 6;
const MAX_COLUMN = 6;

/** First and last label under the columns; the last alone where there is no room for two. */
function endsLine([first, last]: Series['ends'], width: number): string {
  const gap = width - stringWidth(first) - stringWidth(last);
  return gap > 0 ? first + ' '.repeat(gap) + last : `${first} .. ${last}`;
}

/**
 * Columns from zero up, six lines high: values over time.
 * @param series its values are not negative, and one is greater than zero
 */
export function columnChart({ values: given, ends, format }: Series, { width, ascii }: ChartStyle): string[] {
  const top = format(Math.max(...given));
  const margin = Math.max(stringWidth(top), stringWidth(format(0)));
  const room = Math.max(8, width - margin - 2);
  const { values, per } = thinned(given, room);
  const column = Math.max(1, Math.min(MAX_COLUMN, Math.floor(room / values.length)));
  const gap = column > 2 ? 1 : 0;
  const highest = Math.max(...values);
  const axis = ascii ? '|' : '┤';
  const lines = Array.from({ length: HEIGHT }, (_, fromTop) => {
    const line = HEIGHT - 1 - fromTop;
    const label = fromTop === 0 ? format(highest) : line === 0 ? format(0) : '';
    const drawn = values.map(
      (value) => segment((value / highest) * HEIGHT, line, ascii).repeat(column - gap) + ' '.repeat(gap),
    );
    return `${label.padStart(margin)} ${axis}${drawn.join('')}`.trimEnd();
  });
  const used = values.length * column - gap;
  const note = per > 1 ? [`${' '.repeat(margin + 2)}each column is the mean of ${per} rows`] : [];
  return [...lines, ' '.repeat(margin + 2) + endsLine(ends, used), ...note];
}
