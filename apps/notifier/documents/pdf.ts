import PdfDocument from 'pdfkit';

/** Of a page in points: A4 with a margin. */
export const MARGIN = 50;
export const RIGHT = 545;
export const BOTTOM = 780;

/** What the fonts that every reader has can show: Windows code page 1252. */
const UNKNOWN = /[^\n\x20-\x7e\u00a0-\u00ff\u20ac\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2022\u2122]/u;
const EACH_UNKNOWN = new RegExp(UNKNOWN, 'gu');

/** Text as those fonts can show it: a letter with an accent they lack loses it, other scripts become question marks. */
export function showable(text: string): string {
  return text.replace(EACH_UNKNOWN, (char) => {
    const base = char.normalize('NFKD').replace(/\p{M}/gu, '');
    return base === '' || UNKNOWN.test(base) ? '?' : base;
  });
}

/**
 * Makes a PDF. The same content gives the same bytes: nothing in it depends on when it is made.
 * @param at what it says of its creation
 */
export async function makePdf(title: string, at: Date, draw: (document: PDFKit.PDFDocument) => void): Promise<Buffer> {
  const document = new PdfDocument({ size: 'A4', margin: MARGIN, info: { Title: title, CreationDate: at } });
  const pieces: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  document.on('data', (piece: Buffer) => pieces.push(piece));
  document.on('end', ended.resolve);
  document.on('error', ended.reject);
  draw(document);
  document.end();
  await ended.promise;
  return Buffer.concat(pieces);
}

export interface Column {
  title: string;
  width: number;
  align: 'left' | 'right';
}

const GAP = 6;

function drawRow(document: PDFKit.PDFDocument, columns: readonly Column[], cells: readonly string[]): void {
  const top = document.y;
  let left = MARGIN;
  let below = top;
  columns.forEach(({ width, align }, index) => {
    document.text(showable(cells[index] ?? ''), left, top, { width: width - GAP, align });
    below = Math.max(below, document.y);
    left += width;
  });
  document.x = MARGIN;
  document.y = below + 3;
}

function drawHeads(document: PDFKit.PDFDocument, columns: readonly Column[]): void {
  document.font('Helvetica-Bold');
  drawRow(
    document,
    columns,
    columns.map(({ title }) => title),
  );
  document.font('Helvetica');
  document.moveTo(MARGIN, document.y).lineTo(RIGHT, document.y).lineWidth(0.5).stroke();
  document.y += 4;
}

/** A table that goes on over as many pages as it needs, with its heads on each. */
export function drawTable(
  document: PDFKit.PDFDocument,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): void {
  drawHeads(document, columns);
  for (const cells of rows) {
    const heights = cells.map((cell, index) =>
      document.heightOfString(showable(cell), { width: columns[index]!.width - GAP }),
    );
    if (document.y + Math.max(...heights) > BOTTOM) {
      document.addPage();
      drawHeads(document, columns);
    }
    drawRow(document, columns, cells);
  }
}

/** Sums under a table, names left and amounts right of the last two columns; the last one stands out. */
export function drawSums(document: PDFKit.PDFDocument, sums: readonly (readonly [string, string])[]): void {
  const columns: Column[] = [
    { title: '', width: 295, align: 'left' },
    { title: '', width: 90, align: 'left' },
    { title: '', width: 110 + GAP, align: 'right' },
  ];
  if (document.y + sums.length * 16 > BOTTOM) document.addPage();
  document.moveDown(0.5);
  sums.forEach(([name, amount], index) => {
    document.font(index === sums.length - 1 ? 'Helvetica-Bold' : 'Helvetica');
    drawRow(document, columns, ['', name, amount]);
  });
  document.font('Helvetica');
}
