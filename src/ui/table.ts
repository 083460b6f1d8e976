import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

export interface Column<Row> {
  title: string;
  value: (row: Row) => string;
  /** Numbers are read by their last digit. */
  align?: 'left' | 'right';
}

const GAP = '  ';
const MIN_COLUMN = 6;

const pad = (text: string, width: number, align: 'left' | 'right' = 'left') => {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
};

/** Takes what is too much from the widest columns, never below MIN_COLUMN. */
function fitWidths(widths: number[], available: number): number[] {
  const fitted = [...widths];
  let excess = fitted.reduce((sum, width) => sum + width, GAP.length * (fitted.length - 1)) - available;
  while (excess > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    if (fitted[widest]! <= MIN_COLUMN) break;
    fitted[widest]!--;
    excess--;
  }
  return fitted;
}

/**
 * Rows under a heading and a rule, no wider than `width`: cells that do not fit end in an ellipsis.
 * @param options.ascii where nothing else can be shown
 */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
  { ascii = false }: { ascii?: boolean } = {},
): string {
  const cut = (text: string, most: number) => cliTruncate(text, most, ascii ? { truncationCharacter: '~' } : {});
  const cells = rows.map((row) => columns.map((column) => column.value(row)));
  const natural = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[index]!))),
  );
  const widths = fitWidths(natural, width);
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => pad(cut(value, widths[index]!), widths[index]!, columns[index]!.align))
      .join(GAP)
      .trimEnd();
  const rule = widths
    .map((columnWidth, index) => (columns[index]!.title === '' ? ' ' : ascii ? '-' : '─').repeat(columnWidth))
    .join(GAP)
    .trimEnd();
  const lines = [line(columns.map((column) => column.title)), rule, ...cells.map(line)];
  return lines.map((text) => cut(text, width)).join('\n');
}
