/** Writes a whole line to stdout, wider than the terminal or not: what is read for its end must not be cut. */
export function writeLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes to stderr what belongs to a conversation, also under --quiet. */
export function writeNote(text: string): void {
  process.stderr.write(`${text}\n`);
}
