import { OmsError } from '../errors.ts';
import type { Terminal } from './terminal.ts';

/** Where a question is asked; the terminal's own streams unless told otherwise. */
export interface Asking {
  input?: NodeJS.ReadableStream;
  output?: NodeJS.WritableStream;
  /** Ends the question with its reason. */
  signal?: AbortSignal;
}

type Question = { type: 'confirm'; message: string; default: boolean } | { type: 'input'; message: string };

const refuse = (what: string, question: string, flagged: string) =>
  new OmsError('refused', `this needs ${what}, and there is no terminal to ask on`, { why: question, next: [flagged] });

/** Ctrl-D ends a line reader without an answer, and nothing would ever come: it is taken for Ctrl-C. */
function onEnd(input: NodeJS.ReadableStream, leave: () => void): () => void {
  const press = (_: unknown, key?: { ctrl?: boolean; name?: string }) => {
    if (key?.ctrl && key.name === 'd') leave();
  };
  input.on('keypress', press).once('end', leave);
  return () => {
    input.removeListener('keypress', press).removeListener('end', leave);
  };
}

const isGone = (error: unknown) =>
  error instanceof Error && ['ExitPromptError', 'AbortPromptError', 'CancelPromptError'].includes(error.name);

/** @throws {OmsError} interrupted where the person leaves instead of answering; the signal's reason where it aborts. */
async function ask(question: Question, asking: Asking): Promise<unknown> {
  const { default: inquirer } = await import('inquirer');
  const { input = process.stdin, output = process.stderr, signal } = asking;
  const left = new AbortController();
  const ended = AbortSignal.any(signal ? [signal, left.signal] : [left.signal]);
  const release = onEnd(input, () => left.abort());
  try {
    const streams = { input: input as NodeJS.ReadStream, output: output as NodeJS.WriteStream };
    const prompt = inquirer.createPromptModule({ ...streams, signal: ended });
    const { answer } = await prompt([{ ...question, name: 'answer' }]);
    return answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw isGone(error) ? new OmsError('interrupted', 'interrupted at a question', { cause: error }) : error;
  } finally {
    release();
  }
}

/**
 * Asks a yes-or-no question; no is the default.
 * @param flagged the call that answers yes without asking.
 * @throws {OmsError} refused where nobody can be asked, interrupted on Ctrl-C.
 */
export async function confirm(
  terminal: Pick<Terminal, 'interactive'>,
  question: string,
  flagged: string,
  asking: Asking = {},
): Promise<boolean> {
  if (!terminal.interactive) throw refuse('a yes', question, flagged);
  return (await ask({ type: 'confirm', message: question, default: false }, asking)) === true;
}

/**
 * Has a name typed before something is destroyed.
 * @param expected the one text that means yes, blanks around it aside.
 * @param flagged the call that answers without asking.
 * @returns whether it was typed.
 * @throws {OmsError} refused where nobody can be asked, interrupted on Ctrl-C.
 */
export async function confirmTyped(
  terminal: Pick<Terminal, 'interactive'>,
  question: string,
  expected: string,
  flagged: string,
  asking: Asking = {},
): Promise<boolean> {
  if (!terminal.interactive) throw refuse(`"${expected}" to be typed`, question, flagged);
  const answer = await ask({ type: 'input', message: question }, asking);
  return String(answer).trim() === expected;
}
