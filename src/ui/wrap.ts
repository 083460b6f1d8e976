import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** Breaks a sentence between words into lines of at most `width` columns; a word that is too long is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(cliTruncate(word, width));
  }
  return lines;
}
