const NEWLINE = 0x0a;

/** Makes lines of bytes as they come; holds no more than one line of the length allowed. */
export class LineSplitter {
  /** Lines that were too long. */
  dropped = 0;
  private readonly onLine: (line: string) => void;
  private readonly maxBytes: number;
  private parts: Buffer[] = [];
  private length = 0;
  private skipping = false;

  constructor(onLine: (line: string) => void, maxBytes: number) {
    this.onLine = onLine;
    this.maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, at));
      this.finish();
      from = at + 1;
    }
    this.keep(chunk.subarray(from));
  }

  /** The last line may have no end. */
  end(): void {
    if (this.length > 0 || this.skipping) this.finish();
  }

  private keep(piece: Buffer): void {
    if (this.skipping || piece.length === 0) return;
    if (this.length + piece.length > this.maxBytes) {
      this.skipping = true;
      this.parts = [];
      return;
    }
    // The caller uses its buffer again.
    this.parts.push(Buffer.from(piece));
    this.length += piece.length;
  }

  private finish(): void {
    const line = this.skipping ? undefined : Buffer.concat(this.parts).toString('utf8');
    if (this.skipping) this.dropped++;
    this.parts = [];
    this.length = 0;
    this.skipping = false;
    if (line) this.onLine(line);
  }
}
