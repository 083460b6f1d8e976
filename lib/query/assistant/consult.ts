import type { Catalogue } from '../catalogue.ts';
import type { Lexicon } from '../language/lexicon.ts';
import type { Plan } from '../plan.ts';
import type { Clock } from '../time/period.ts';
import { type Action, BadReply, readAction, toolsFor } from './actions.ts';
import { type ChatModel, type ChatReply, type Exchange, ModelUnavailable } from './chat.ts';
import { BadPlan, checkPlan } from './check-plan.ts';
import { differences, samePlan } from './differences.ts';
import { objections } from './evidence.ts';
import { nearestValues } from './lookup.ts';
import { systemPrompt } from './prompt.ts';
import { type NamedWindow, namedWindows } from './windows.ts';

/** SQL that has been checked and may run; nobody else makes one of these. */
export interface CheckedSql {
  sql: string;
}

/** Free SQL as far as it is allowed: what a model is told of the tables, and the check it has to pass. */
export interface FreeSql<Checked extends CheckedSql = CheckedSql> {
  schema: string;
  /** @throws {Error} named RefusedSql */
  check(sql: string): Promise<Checked>;
}

export interface Consultation {
  question: string;
  clock: Clock;
  catalogue: Catalogue;
  lexicon: Lexicon;
  /** What the rules read, when they could. */
  byRules?: Plan | undefined;
  previous?: Plan | undefined;
  freeSql?: FreeSql | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

export type RefusalClass = Extract<Action, { name: 'refuse' }>['arguments']['class'];

/** How a dialog ended. */
export type Verdict =
  | { kind: 'plan'; plan: Plan; turns: number; firstRead: Plan | undefined }
  | { kind: 'sql'; checked: CheckedSql; turns: number }
  | { kind: 'asked'; message: string; choices: readonly string[] }
  | { kind: 'refused'; class: RefusalClass; message: string }
  /** It holds to a plan that the rules, or the plain words of the question, speak against. */
  | { kind: 'disputed'; plan: Plan; reasons: readonly string[] }
  | { kind: 'failed'; note: string };

/** Requests a question may cost at most. */
export const MAX_TURNS = 3;

/** The dialog over one question. */
class Dialog {
  readonly tools;
  readonly system: string;
  readonly exchanges: Exchange[] = [];
  private readonly asked: Consultation;
  private readonly windows: readonly NamedWindow[];
  private disputed: { plan: Plan; reasons: readonly string[] } | undefined;

  constructor(asked: Consultation) {
    const { question, clock, byRules, previous, freeSql } = asked;
    this.asked = asked;
    this.windows = namedWindows(question, clock, byRules);
    this.tools = toolsFor({ sql: freeSql !== undefined });
    this.system = systemPrompt(clock, this.windows, { previous, sql: freeSql?.schema });
  }

  /** What one action comes to: an end, or what the model is told. */
  async settle(action: Action, turns: number): Promise<Verdict | string> {
    switch (action.name) {
      case 'submit_plan':
        return this.judge(checkPlan(action.arguments, { ...this.asked, windows: this.windows }), turns);
      case 'ask_user':
        return { kind: 'asked', ...action.arguments };
      case 'refuse':
        return { kind: 'refused', class: action.arguments.class, message: action.arguments.message };
      case 'lookup_values':
        return this.lookUp(action.arguments);
      case 'run_sql':
        return this.checkSql(action.arguments.sql, turns);
    }
  }

  end(): Verdict {
    if (this.disputed) return { kind: 'disputed', ...this.disputed };
    return { kind: 'failed', note: `the model gave no valid plan in ${MAX_TURNS} turns` };
  }

  private lookUp({ field, text }: Extract<Action, { name: 'lookup_values' }>['arguments']): string {
    const found = nearestValues(text, this.asked.catalogue.values[field] ?? []);
    return `Stored names of ${field}, as data: ${JSON.stringify(found)}`;
  }

  private async checkSql(sql: string, turns: number): Promise<Verdict | string> {
    const { freeSql, byRules } = this.asked;
    if (byRules) return 'A plan can express this question. Call submit_plan.';
    if (!freeSql) return 'run_sql is not allowed here.';
    try {
      return { kind: 'sql', checked: await freeSql.check(sql), turns };
    } catch (error) {
      if ((error as Error).name !== 'RefusedSql') throw error;
      return `That statement is refused: ${(error as Error).message}`;
    }
  }

  /** Said once what speaks against it, the same plan again is a dispute: a third reading is not waited for. */
  private judge(plan: Plan, turns: number): Verdict | string {
    const reasons = this.reasonsAgainst(plan);
    const earlier = this.disputed;
    if (reasons.length === 0) return { kind: 'plan', plan, turns, firstRead: earlier?.plan };
    this.disputed = { plan, reasons };
    if (earlier && samePlan(earlier.plan, plan)) return { kind: 'disputed', plan, reasons };
    return `Look again: ${reasons.join(' ')} Submit the plan that the question means; submit the same plan again if it is right.`;
  }

  private reasonsAgainst(plan: Plan): string[] {
    const { question, byRules, lexicon, clock, previous } = this.asked;
    if (!byRules) return previous ? [] : objections(question, plan, lexicon, clock);
    return differences(byRules, plan).map(
      ({ part, one, other }) => `${part}: the shop's rules read ${one}, the plan says ${other}.`,
    );
  }
}

/** What is wrong with a reply goes back to the model; what is wrong with us does not. */
async function settleReply(dialog: Dialog, reply: ChatReply, turns: number): Promise<Verdict | string> {
  try {
    return await dialog.settle(readAction(reply, dialog.tools), turns);
  } catch (error) {
    if (error instanceof BadReply || error instanceof BadPlan) return error.message;
    throw error;
  }
}

/**
 * Lets a model read one question: at most three turns, each answered with what was wrong with it. Nothing is run here,
 * and no row of the database is in any request.
 */
export async function consult(model: ChatModel, asked: Consultation): Promise<Verdict> {
  const dialog = new Dialog(asked);
  const deadline = AbortSignal.timeout(asked.timeoutMs);
  const signal = asked.signal ? AbortSignal.any([deadline, asked.signal]) : deadline;
  const { question } = asked;
  const { system, tools, exchanges } = dialog;
  for (let turn = 1; turn <= MAX_TURNS; turn++) {
    try {
      const reply = await model.choose({ system, question, exchanges, tools, signal });
      const verdict = await settleReply(dialog, reply, turn);
      if (typeof verdict !== 'string') return verdict;
      exchanges.push({ ...reply, feedback: verdict });
    } catch (error) {
      asked.signal?.throwIfAborted();
      if (error instanceof ModelUnavailable)
        return { kind: 'failed', note: `the model did not answer (${error.message})` };
      throw error;
    }
  }
  return dialog.end();
}
