import type { Terminal } from '../../ui/terminal.ts';
import type { LogLine } from './log-line.ts';

const COLOURS: Record<string, 'red' | 'yellow' | 'gray'> = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  debug: 'gray',
  trace: 'gray',
};
const NAME_WIDTH = 10;
const LEVEL_WIDTH = 5;
const NO_TIME = ' '.repeat(12);

/** "03:09:12.241 consumer   info  started partition=3" */
export function renderLogLine({ process, time, level = '', text }: LogLine, terminal: Pick<Terminal, 'style'>): string {
  const colour = COLOURS[level];
  const shown = level.padEnd(LEVEL_WIDTH);
  const clock = time ? time.slice(11, 23) : NO_TIME;
  return `${clock} ${process.padEnd(NAME_WIDTH)} ${colour ? terminal.style(colour, shown) : shown} ${text}`;
}
