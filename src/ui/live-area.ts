import cliTruncate from 'cli-truncate';

/** Lines at the end of a terminal that are drawn anew in place. */
export class LiveArea {
  private readonly stream: NodeJS.WriteStream;
  private height = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  /** Replaces what was drawn before; one write, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.stream;
    const shown = lines.slice(0, rows - 1).map((line) => `\x1b[2K${cliTruncate(line, columns - 1)}\n`);
    this.stream.write(`${this.home}${shown.join('')}\x1b[J`);
    this.height = shown.length;
  }

  /** Takes the lines away, as if they had never been. */
  clear(): void {
    if (this.height > 0) this.stream.write(`${this.home}\x1b[J`);
    this.height = 0;
  }

  private get home(): string {
    return this.height > 0 ? `\x1b[${this.height}A\r` : '\r';
  }
}
