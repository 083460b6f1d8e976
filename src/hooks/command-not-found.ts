import { styleText } from 'node:util';
import type { Hook } from '@oclif/core';
import { editDistance } from '../../lib/query/language/edit-distance.ts';
import { visible } from '../ui/visible.ts';

/** docs/exit-codes.md; what shells give for a command that is not there. */
const UNKNOWN_COMMAND = 127;
const MOST_EDITS = 2;

const spoken = (words: readonly string[]): string => words.join(' ');

/** The command that was probably meant by the first words of a call: what stands behind them may be arguments. */
function meant(words: readonly string[], commands: readonly string[]): string | undefined {
  for (let count = words.length; count > 0; count--) {
    const said = spoken(words.slice(0, count));
    const [best] = commands
      .map((name) => ({ name, edits: editDistance(said, name, MOST_EDITS) }))
      .filter(({ edits }) => edits > 0 && edits <= MOST_EDITS)
      .sort((a, b) => a.edits - b.edits);
    if (best) return best.name;
  }
  return undefined;
}

/** Names the command that was probably meant, in a pipe and as JSON too, and never runs what it guessed. */
const commandNotFound: Hook<'command_not_found'> = async function ({ id, argv = [], config }) {
  const words = id.split(':');
  const commands = config.commands.filter(({ hidden }) => !hidden).map((command) => spoken(command.id.split(':')));
  const inTopic = commands.some((name) => name.startsWith(`${words[0]} `));
  const message = `oms has no command "${visible(spoken(words.slice(0, inTopic ? 2 : 1)))}"`;
  const guess = meant(words, commands);
  const next = [...(guess ? [`oms ${guess}`] : []), inTopic ? `oms ${words[0]} --help` : 'oms --help'];
  if (argv.includes('--json')) {
    const envelope = { status: UNKNOWN_COMMAND, error: { code: 'usage', message, next }, warnings: [] };
    process.stdout.write(`${JSON.stringify(envelope, null, 2)}\n`);
  } else {
    const red = styleText('red', 'error', { stream: process.stderr });
    process.stderr.write([`${red} ${message}`, ...next.map((step) => `  next  ${step}`), ''].join('\n'));
  }
  this.exit(UNKNOWN_COMMAND);
};
export default commandNotFound;
