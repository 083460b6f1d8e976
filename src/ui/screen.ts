import type { Terminal } from './terminal.ts';

const CLEAR = '\u001b[H\u001b[2J';

/** Shows a text in place of the one before; where stdout is no terminal, one after the other. */
export function createScreen(terminal: Terminal): (text: string) => void {
  return (text) => {
    if (terminal.live) process.stdout.write(CLEAR);
    terminal.print(text);
  };
}
