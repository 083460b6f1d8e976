import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** How people are spoken to: data on stdout, everything else on stderr, colour and motion only on a terminal. */
export interface Terminal {
  /** Result lines, never cut: an address or a statement is there to be copied. Nothing is printed under --json. */
  print(text: string): void;
  /** Progress, hints and warnings, on stderr; nothing is printed under --json or --quiet. */
  note(text: string): void;
  /** Colours text meant for stdout, when stdout shows colours. */
  style(style: Style, text: string): string;
  /** Columns of stdout; 120 where it is no terminal. */
  readonly width: number;
  /** Whether a person sits at both ends: prompts and moving progress are allowed. */
  readonly interactive: boolean;
  /** Whether stdout shows colour and motion. */
  readonly live: boolean;
  /** Nothing but ASCII can be shown. */
  readonly ascii?: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** A file or a pipe has no width, and a terminal that nobody has told its size says 0; this is what most people can read in one line. */
const FALLBACK_WIDTH = 120;

export function createTerminal(options: { json: boolean; quiet: boolean; input: boolean; ascii?: boolean }): Terminal {
  const { stdout, stderr, stdin } = process;
  return {
    json: options.json,
    ascii: options.ascii ?? false,
    quiet: options.quiet,
    interactive: options.input && !options.json && Boolean(stdin.isTTY && stderr.isTTY),
    live: !options.json && Boolean(stdout.isTTY),
    get width() {
      return stdout.columns || FALLBACK_WIDTH;
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    print(text) {
      if (options.json) return;
      stdout.write(`${text}\n`);
    },
    note(text) {
      if (!options.json && !options.quiet) stderr.write(`${text}\n`);
    },
  };
}
