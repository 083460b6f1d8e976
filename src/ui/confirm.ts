import { OmsError } from '../errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks a yes-or-no question; no is the default.
 * @param flagged the call that answers yes without asking.
 * @throws {OmsError} refused where nobody can be asked.
 */
export async function confirm(terminal: Terminal, question: string, flagged: string): Promise<boolean> {
  if (!terminal.interactive) {
    throw new OmsError('refused', 'this needs a yes, and there is no terminal to ask on', {
      why: question,
      next: [flagged],
    });
  }
  const { default: inquirer } = await import('inquirer');
  const output = process.stderr;
  const prompt = inquirer.createPromptModule({ input: process.stdin, output });
  const { answer } = await prompt([{ type: 'confirm', name: 'answer', message: question, default: false }]);
  return answer === true;
}
