import { writeFile } from 'node:fs/promises';
import type { Answered, Declined } from '../../../../lib/query/ask.ts';
import type { Plan } from '../../../../lib/query/plan.ts';
import { OmsError } from '../../../errors.ts';
import type { Terminal } from '../../../ui/terminal.ts';
import { rememberPlan } from '../conversation.ts';
import {
  type AskView,
  answerCsv,
  answerText,
  chartText,
  declinedLead,
  declinedText,
  offerText,
  planText,
  sqlText,
} from '../view.ts';
import { type Entry, HELP, readEntry } from './entry.ts';

export interface SessionView extends AskView {
  /** Every answer as CSV. */
  csv: boolean;
}

/** A question that could not be answered at all, in the words of the error. */
export interface Failed {
  status: 'failed';
  question: string;
  error: OmsError;
}

export type Outcome = Answered | Declined | Failed;

export interface SessionParts {
  /** @throws {OmsError} */
  ask: (question: string, previous: Plan | undefined) => Promise<Answered | Declined>;
  terminal: Terminal;
  /** Beside the results. */
  say: (text: string) => void;
  /** Choices are offered by number, and an error is not the end. */
  interactive: boolean;
  view: SessionView;
  /** Where the last plan is kept for --continue. */
  dir: string;
  previous?: Plan | undefined;
}

const NOTHING_YET = 'there is no answer yet';

function errorText({ message, why, next }: OmsError): string {
  return [`error ${message}`, ...(why ? [`  why   ${why}`] : []), ...next.map((step) => `  next  ${step}`)].join('\n');
}

/** Questions one after the other: each may continue the one before, or pick what was offered. */
export class Session {
  readonly #parts: SessionParts;
  #previous: Plan | undefined;
  #last: Answered | undefined;
  #offered: readonly string[] = [];
  readonly outcomes: Outcome[] = [];

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#previous = parts.previous;
  }

  /** @returns false when it is over */
  async take(line: string): Promise<boolean> {
    const entry = readEntry(line);
    if (entry.kind === 'quit') return false;
    await this.#do(entry);
    return true;
  }

  async #do(entry: Entry): Promise<void> {
    const { say, terminal } = this.#parts;
    switch (entry.kind) {
      case 'question':
        return this.#ask(entry.text);
      case 'choice':
        return this.#choose(entry.number);
      case 'help':
        return say(HELP);
      case 'new':
        return this.#forget();
      case 'csv':
        return this.#csv(entry.file);
      case 'unknown':
        return say(`there is no command ${entry.name}; \\help lists them`);
      case 'sql':
        return this.#show(sqlText);
      case 'explain':
        return this.#show(planText);
      case 'chart':
        return this.#show((answer) => chartText(answer, terminal, this.#parts.view.zone));
    }
  }

  #show(text: (answer: Answered) => string): void {
    const { say, terminal } = this.#parts;
    if (this.#last) terminal.print(text(this.#last));
    else say(NOTHING_YET);
  }

  #forget(): void {
    this.#previous = undefined;
    this.#offered = [];
  }

  async #choose(number: number): Promise<void> {
    const chosen = this.#offered[number - 1];
    const { say, interactive } = this.#parts;
    if (chosen === undefined) return say(`there is no ${number} to choose`);
    if (interactive) say(chosen);
    await this.#ask(chosen);
  }

  async #ask(question: string): Promise<void> {
    const { ask, say, interactive, dir } = this.#parts;
    try {
      const outcome = await ask(question, this.#previous);
      this.outcomes.push(outcome);
      if (outcome.status !== 'answer') return this.#decline(outcome);
      this.#last = outcome;
      this.#previous = outcome.plan ?? undefined;
      this.#answer(outcome);
      if (outcome.plan) await rememberPlan(dir, outcome.plan);
    } catch (error) {
      // In a script nobody is there to start the database.
      const goesOn = error instanceof OmsError && (interactive || error.code !== 'database_unreachable');
      if (!goesOn) throw error;
      this.outcomes.push({ status: 'failed', question, error });
      say(error.code === 'interrupted' ? 'stopped' : errorText(error));
    }
  }

  #decline(outcome: Declined): void {
    const { say, interactive } = this.#parts;
    this.#offered = outcome.choices;
    say(interactive ? `${declinedLead(outcome)}\n${offerText(outcome.choices)}` : declinedText(outcome));
  }

  #answer(answer: Answered): void {
    const { terminal, say, view, interactive } = this.#parts;
    this.#offered = answer.followUps;
    terminal.print(view.csv ? answerCsv(answer) : answerText(answer, terminal, view));
    if (interactive && this.#offered.length > 0) say(`\n${offerText(this.#offered)}`);
    else if (!interactive) terminal.print('');
  }

  async #csv(file: string): Promise<void> {
    const { say } = this.#parts;
    const answer = this.#last;
    if (!answer || file === '') return this.#show(answerCsv);
    try {
      await writeFile(file, `${answerCsv(answer)}\n`, { flag: 'wx' });
      say(`${answer.rows.length} rows in ${file}`);
    } catch (error) {
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST';
      say(isThere ? `${file} is there already; take another name` : `${file}: ${(error as Error).message}`);
    }
  }
}
