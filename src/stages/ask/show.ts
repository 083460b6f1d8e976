import type { Answered, Declined } from '../../../lib/query/ask.ts';
import { EXIT } from '../../errors.ts';
import { writeNote } from '../../ui/lines.ts';
import type { Terminal } from '../../ui/terminal.ts';
import type { Outcome, SessionView } from './session/session.ts';
import { answerCsv, answerJson, answerText, declinedText } from './view.ts';

const EXIT_OF = {
  answer: EXIT.ok,
  clarify: EXIT.askedBack,
  refuse_write: EXIT.refused,
  refuse_pii: EXIT.refused,
  refuse_unsafe: EXIT.refused,
  out_of_scope: EXIT.outOfScope,
} as const;

const codeOf = (outcome: Outcome): number =>
  outcome.status === 'failed' ? outcome.error.exitCode : EXIT_OF[outcome.status];

/** What the process ends with: of several questions the last that was not answered says. */
export const exitOf = (...outcomes: readonly Outcome[]): number =>
  outcomes.map(codeOf).findLast((code) => code !== EXIT.ok) ?? EXIT.ok;

/** The answer on stdout, and on a terminal what may be asked next; whatever is no answer on stderr. */
export function printOutcome(outcome: Answered | Declined, terminal: Terminal, view: SessionView): void {
  if (outcome.status !== 'answer') {
    if (!terminal.json) writeNote(declinedText(outcome));
    return;
  }
  terminal.print(view.csv ? answerCsv(outcome) : answerText(outcome, terminal, view));
  if (!terminal.live || view.csv || outcome.followUps.length === 0) return;
  terminal.note(['', ...outcome.followUps.map((next) => `  oms ask --continue "${next}"`)].join('\n'));
}

/** One entry a question. */
export const sessionJson = (outcomes: readonly Outcome[], view: SessionView) =>
  outcomes.map((outcome) =>
    outcome.status === 'failed'
      ? { question: outcome.question, status: outcome.status, code: outcome.error.code, message: outcome.error.message }
      : answerJson(outcome, view),
  );
