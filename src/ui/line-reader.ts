import { createInterface, type Interface } from 'node:readline';

/** Lines that a person types, or that stand in a file or a pipe. */
export interface LineReader {
  /** The next line without its end; undefined when there are no more. */
  next(): Promise<string | undefined>;
  /** Somebody sits there: there is a prompt, and lines can be edited. */
  readonly interactive: boolean;
  close(): void;
}

interface LineReaderOptions {
  prompt: string;
  interactive: boolean;
  /** Lines of earlier times for the arrow keys, the newest first. */
  history: readonly string[];
  /** Ctrl-C: whether something was stopped; otherwise the line that is being typed is dropped. */
  onInterrupt: () => boolean;
}

interface Streams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Lines typed ahead wait here for whoever asks for the next one. */
class LineQueue {
  readonly #lines: string[] = [];
  #waiting: ((line: string | undefined) => void) | undefined;
  #ended = false;

  push(line: string): void {
    if (this.#waiting) this.#give(line);
    else this.#lines.push(line);
  }

  end(): void {
    this.#ended = true;
    if (this.#waiting) this.#give(undefined);
  }

  /** Nothing is there, and something may still come. */
  get isWaiting(): boolean {
    return this.#lines.length === 0 && !this.#ended;
  }

  next(): Promise<string | undefined> {
    if (!this.isWaiting) return Promise.resolve(this.#lines.shift());
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #give(line: string | undefined): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.(line);
  }
}

function dropLine(lines: Interface, output: NodeJS.WritableStream): void {
  lines.write(null, { ctrl: true, name: 'e' });
  lines.write(null, { ctrl: true, name: 'u' });
  output.write('^C\n');
  lines.prompt();
}

const HISTORY_SIZE = 500;

/** Prompts go to stderr: stdout is for results. */
export function createLineReader(
  { prompt, interactive, history, onInterrupt }: LineReaderOptions,
  { input, output }: Streams = { input: process.stdin, output: process.stderr },
): LineReader {
  const queue = new LineQueue();
  const editing = { output, terminal: true, prompt, history: [...history], historySize: HISTORY_SIZE };
  const lines = createInterface({
    ...{ input, crlfDelay: Number.POSITIVE_INFINITY, removeHistoryDuplicates: true },
    ...(interactive && editing),
  });
  lines.on('line', (line) => queue.push(line));
  lines.on('close', () => queue.end());
  if (interactive) {
    lines.on('SIGINT', () => {
      if (!onInterrupt()) dropLine(lines, output);
    });
  }
  return {
    interactive,
    next() {
      if (interactive && queue.isWaiting) lines.prompt();
      return queue.next();
    },
    close: () => lines.close(),
  };
}

/** Whether nobody has put anything into stdin but a person could. */
export const stdinIsTerminal = (): boolean => Boolean(process.stdin.isTTY);
