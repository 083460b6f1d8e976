import { OmsError } from '../errors.ts';

/** Questions whose answer is more than yes or no; a test hands in answers of its own. */
export interface Prompts {
  /** @param question validate: what is wrong with an answer, or true. */
  text(question: { message: string; validate: (answer: string) => true | string }): Promise<string>;
  choice(question: { message: string; choices: readonly string[] }): Promise<string>;
}

interface Streams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

const CHOICES_SHOWN = 12;

/** Ctrl-C at a question is an interruption like any other; inquirer throws an error of its own. */
function interrupted(error: unknown): never {
  if (error instanceof Error && error.name === 'ExitPromptError') {
    throw new OmsError('interrupted', 'interrupted at a question; nothing was changed', { cause: error });
  }
  throw error;
}

/** Asks on a terminal; questions go to stderr, stdout is for results. */
export function createPrompts(streams: Streams = { input: process.stdin, output: process.stderr }): Prompts {
  const promptModule = async () => {
    const { default: inquirer } = await import('inquirer');
    return inquirer.createPromptModule(streams as { input: NodeJS.ReadStream; output: NodeJS.WriteStream });
  };
  return {
    async text(question) {
      const prompt = await promptModule();
      const { answer } = await prompt([{ type: 'input', name: 'answer', ...question }]).catch(interrupted);
      return String(answer).trim();
    },
    async choice({ message, choices }) {
      const prompt = await promptModule();
      const list = { type: 'select' as const, name: 'answer', message, choices, pageSize: CHOICES_SHOWN };
      const { answer } = await prompt([list]).catch(interrupted);
      return String(answer);
    },
  };
}
