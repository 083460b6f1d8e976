/** One line of a session, as it is meant. */
export type Entry =
  | { kind: 'nothing' | 'quit' | 'help' | 'new' | 'sql' | 'explain' | 'chart' }
  | { kind: 'csv'; file: string }
  /** The nth of what was offered last, from 1. */
  | { kind: 'choice'; number: number }
  | { kind: 'unknown'; name: string }
  | { kind: 'question'; text: string };

const COMMANDS: Record<string, 'quit' | 'help' | 'new' | 'sql' | 'explain' | 'chart'> = {
  '\\q': 'quit',
  '\\quit': 'quit',
  quit: 'quit',
  exit: 'quit',
  '\\?': 'help',
  '\\help': 'help',
  help: 'help',
  '\\new': 'new',
  '\\sql': 'sql',
  '\\explain': 'explain',
  '\\chart': 'chart',
};

/** A line that begins with # is a remark, for files of questions. */
export function readEntry(line: string): Entry {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return { kind: 'nothing' };
  if (/^\d{1,2}$/.test(text)) return { kind: 'choice', number: Number(text) };
  const [name = '', ...rest] = text.split(/\s+/);
  const file = rest.join(' ');
  if (name === '\\csv') return { kind: 'csv', file };
  const command = rest.length === 0 && Object.hasOwn(COMMANDS, text) ? COMMANDS[text] : undefined;
  if (command) return { kind: command };
  return text.startsWith('\\') ? { kind: 'unknown', name } : { kind: 'question', text };
}

export const HELP = `Ask in plain words; the next question may change the one before: "and by brand?", "only mobile".
  1, 2, 3         one of the questions that are offered
  \\sql            the statement of the last answer
  \\explain        its plan
  \\chart          a chart of it
  \\csv FILE       its rows as a file (without FILE: here)
  \\new            forget what was asked before
  \\quit           leave (so do Ctrl-D, quit and exit); Ctrl-C stops a question that runs`;
