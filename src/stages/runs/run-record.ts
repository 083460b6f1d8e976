import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';

/** How a run that threw ended, for its report. */
export function failureOf(error: unknown, context: Pick<Context, 'signal'>) {
  const code = error instanceof OmsError ? error.code : 'bug';
  const why = (error instanceof OmsError && error.why) || null;
  const interrupted = context.signal.aborted || code === 'interrupted';
  const outcome: 'interrupted' | 'failed' = interrupted ? 'interrupted' : 'failed';
  return { outcome, error: { code, message: messageOf(error), why } };
}

/**
 * Keeps the report of a run as it goes, so that a run that was killed leaves what it knew. What cannot be written later
 * on is told once: a disk that is full by then must not stop the work, nor hide the failure that is being written down.
 */
export function keepReport<Report extends object>(
  file: string,
  first: Report,
  { machine, terminal }: Pick<Context, 'machine' | 'terminal'>,
) {
  let report = first;
  let told = false;
  return {
    current: () => report,
    change: (part: Partial<Report>) => {
      report = { ...report, ...part };
      try {
        machine.writeJson(file, report);
      } catch (error) {
        if (!told) terminal.note(`The report ${file} cannot be written: ${messageOf(error)}`);
        told = true;
      }
    },
  };
}
