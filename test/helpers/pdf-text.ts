import { inflateSync } from 'node:zlib';

const STREAM = /\/Filter \/FlateDecode\n>>\nstream\n/g;
/** An array of shown pieces, or one piece: [<48656c> 20 <6c6f>] TJ. */
const SHOWN = /\[([^\]]*)\] TJ/g;

const decode = (array: string): string =>
  [...array.matchAll(/<([0-9a-f]*)>/g)].map((match) => Buffer.from(match[1]!, 'hex').toString('latin1')).join('');

/** The text of a PDF that was made with the standard fonts: a line for each piece that is shown. */
export function pdfText(pdf: Buffer): string {
  const source = pdf.toString('latin1');
  const pages = [...source.matchAll(STREAM)].map((match) => {
    const start = match.index + match[0].length;
    return inflateSync(pdf.subarray(start, source.indexOf('\nendstream', start))).toString('latin1');
  });
  return pages.flatMap((page) => [...page.matchAll(SHOWN)].map((match) => decode(match[1]!))).join('\n');
}

export const pageCount = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\n/g)?.length ?? 0;
