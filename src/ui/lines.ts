/** Writes a whole line to stdout, wider than the terminal or not: what is read for its end must not be cut. */
export function writeLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
