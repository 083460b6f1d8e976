import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { createLineReader, type LineReader, stdinIsTerminal } from '../../../ui/line-reader.ts';
import { writeNote } from '../../../ui/lines.ts';
import { AskConnection } from '../connection.ts';
import { type AskRequest, optionsOf, previousPlan, withReaderUrl } from '../request.ts';
import { appendHistory, readHistory } from './history.ts';
import { type Outcome, Session, type SessionView } from './session.ts';

const BANNER = 'Ask in plain words; \\help says what else there is, Ctrl-D leaves.';

/** Stops the question that runs, and nothing else. */
class Stopper {
  #running: AbortController | undefined;

  async run<Result>(work: (signal: AbortSignal) => Promise<Result>, outer: AbortSignal): Promise<Result> {
    const running = new AbortController();
    this.#running = running;
    try {
      return await work(AbortSignal.any([outer, running.signal]));
    } finally {
      this.#running = undefined;
    }
  }

  /** @returns whether something ran */
  stop(): boolean {
    this.#running?.abort(new OmsError('interrupted', 'the question was stopped'));
    return this.#running !== undefined;
  }
}

async function eachLine(lines: LineReader, session: Session, context: Context): Promise<void> {
  const { settings, signal } = context;
  const leave = () => lines.close();
  signal.addEventListener('abort', leave);
  try {
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      if (lines.interactive && line.trim() !== '') await appendHistory(settings.dir, line.trim());
      if (!(await session.take(line))) break;
    }
  } finally {
    signal.removeEventListener('abort', leave);
  }
  signal.throwIfAborted();
}

/**
 * Questions line by line over one connection: on a terminal as a conversation, else from what stands in stdin.
 * @returns what became of each question
 * @throws {OmsError} when the database cannot be reached, or when there is no question at all
 */
export async function askSession(request: AskRequest, view: SessionView, context: Context): Promise<Outcome[]> {
  const { terminal, settings } = context;
  const { interactive } = terminal;
  if (!interactive && stdinIsTerminal()) throw noQuestion();
  const previous = await previousPlan(request, context);
  await optionsOf(request, context);
  return withReaderUrl(request, context, async (url) => {
    const connection = await AskConnection.open(url);
    const stopper = new Stopper();
    const session = new Session({
      ask: async (question, continued) => {
        const options = { ...(await optionsOf(request, context)), ...(continued && { previous: continued }) };
        return stopper.run((signal) => connection.ask(question, options, signal), context.signal);
      },
      ...{ terminal, say: terminal.json ? () => undefined : writeNote, interactive, view, dir: settings.dir, previous },
    });
    const history = interactive ? await readHistory(settings.dir) : [];
    if (interactive) terminal.note(BANNER);
    const lines = createLineReader({ prompt: 'oms> ', interactive, history, onInterrupt: () => stopper.stop() });
    try {
      await eachLine(lines, session, context);
    } finally {
      lines.close();
      await connection.close();
    }
    if (!interactive && session.outcomes.length === 0) throw noQuestion();
    return session.outcomes;
  });
}

const noQuestion = () =>
  new OmsError('usage', 'there is no question', { next: ['oms ask "top products last week"', 'oms ask < FILE'] });
