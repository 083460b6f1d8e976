import { understood } from '../explain.ts';
import type { Plan } from '../plan.ts';
import { AskBack } from '../planner/draft.ts';
import type { Planned } from '../planner/planner.ts';
import { screen } from '../safety.ts';
import type { ChatModel } from './chat.ts';
import {
  type CheckedSql,
  type Consultation,
  consult,
  type FreeSql,
  type RefusalClass,
  type Verdict,
} from './consult.ts';
import { differences } from './differences.ts';
import { holdsPersonalValue } from './personal.ts';
import { questionFor } from './question-for.ts';

/** A language model that helps to read questions, and what it may do. */
export interface Assistant {
  model: ChatModel;
  /** For one question, all turns together. */
  timeoutMs: number;
  /** Free SQL, where it is allowed. */
  freeSql?: FreeSql | undefined;
  /** Rows may be shown to the model, for a sentence about them. */
  shareRows?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** What the rules made of a question: a plan, or the reason why not. */
export type ByRules = Planned | AskBack;

/** A question as the model and the rules together read it. */
export type Reading =
  | { kind: 'plan'; planned: Planned; by: 'planner' | 'model'; notes: readonly string[] }
  | { kind: 'sql'; checked: CheckedSql; notes: readonly string[] }
  | {
      kind: 'clarify';
      message: string;
      choices: readonly string[];
      notes: readonly string[];
      /** Both readings, the rules' first, where there are two. */
      readings?: readonly [Planned, Planned];
    }
  | { kind: 'refused'; class: RefusalClass; notes: readonly string[] }
  /** The rules could not, and the model had nothing to say. */
  | { kind: 'unread'; reason: AskBack; notes: readonly string[] };

type Asked = Omit<Consultation, 'byRules' | 'freeSql' | 'timeoutMs' | 'signal'>;

const FALLBACK_CHOICES = ['revenue by category this month', 'how many orders last week'];
const MAX_MESSAGE = 300;

/** A sentence of a model as people may see it: one line, no links, of bounded length. */
function asSentence(text: string, instead: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length === 0 || line.length > MAX_MESSAGE || /https?:|www\.|[<>`]/i.test(line) ? instead : line;
}

/** Only questions that could be asked in the first place. */
function safeChoices(choices: readonly string[]): string[] {
  const safe = choices.map((choice) => asSentence(choice, '')).filter((choice) => choice !== '' && !screen(choice));
  return [...new Set([...safe, ...(safe.length < 2 ? FALLBACK_CHOICES : [])])].slice(0, 4);
}

const byRulesToo = (asked: Asked, planned: Planned | undefined): string[] =>
  planned ? [`the rules read it as: ${understood(planned.plan, asked.clock.zone)} (--no-llm answers that)`] : [];

/** Filters whose value the question does not spell: said, since the model put them there. */
function unnamedValues({ question, previous }: Asked, plan: Plan): string[] {
  const text = question.toLowerCase();
  const before = new Set(previous?.filters.map((filter) => JSON.stringify(filter)));
  return plan.filters.flatMap((filter) => {
    const values = [filter.value].flat().filter((value) => typeof value === 'string');
    const unnamed = values.filter((value) => !text.includes(value.toLowerCase()));
    if (unnamed.length === 0 || before.has(JSON.stringify(filter))) return [];
    return [`${filter.field.replaceAll('_', ' ')} is ${unnamed.join(', ')}, as the model reads it`];
  });
}

function acceptPlan(verdict: Extract<Verdict, { kind: 'plan' }>, asked: Asked, byRules: ByRules): Reading {
  const { plan, firstRead } = verdict;
  const changed = firstRead ? differences(firstRead, plan).map(({ part }) => part) : [];
  const notes = changed.length > 0 ? [`the model first read it with another ${changed.join(', ')}`] : [];
  if (!(byRules instanceof AskBack)) return { kind: 'plan', planned: byRules, by: 'model', notes };
  const planned = { plan, assumptions: unnamedValues(asked, plan) };
  return {
    kind: 'plan',
    planned,
    by: 'model',
    notes: ['read by a language model alone: the rules were not sure', ...notes],
  };
}

function dispute(verdict: Extract<Verdict, { kind: 'disputed' }>, asked: Asked, planned: Planned | undefined): Reading {
  const { zone } = asked.clock;
  const theirs = understood(verdict.plan, zone);
  const message = planned
    ? `It can be read in two ways. By the shop's rules: ${understood(planned.plan, zone)}. By the language model: ${theirs}.`
    : `The language model reads it as: ${theirs}. But ${verdict.reasons.join(' ')}`;
  const plans = [planned?.plan, verdict.plan].filter((plan) => plan !== undefined);
  const choices = plans.map((plan) => questionFor(plan, asked)).filter((question) => question !== undefined);
  const readings = planned && ([planned, { plan: verdict.plan, assumptions: [] }] as const);
  return { kind: 'clarify', message, choices: safeChoices(choices), notes: [], ...(readings && { readings }) };
}

function withoutModel(byRules: ByRules, note: string): Reading {
  if (byRules instanceof AskBack) return { kind: 'unread', reason: byRules, notes: [note] };
  return { kind: 'plan', planned: byRules, by: 'planner', notes: [`${note}: answered by rules`] };
}

/**
 * Reads a question with a model, held against what the rules read: where both are sure and differ, people decide.
 * Nothing is run.
 */
export async function readWithModel(assistant: Assistant, asked: Asked, byRules: ByRules): Promise<Reading> {
  if (holdsPersonalValue(asked.question)) {
    return withoutModel(byRules, 'the question holds what looks like personal data and was not shown to the model');
  }
  const planned = byRules instanceof AskBack ? undefined : byRules;
  const { freeSql, timeoutMs, signal } = assistant;
  const verdict = await consult(assistant.model, { ...asked, byRules: planned?.plan, freeSql, timeoutMs, signal });
  switch (verdict.kind) {
    case 'plan':
      return acceptPlan(verdict, asked, byRules);
    case 'sql':
      return {
        kind: 'sql',
        checked: verdict.checked,
        notes: ['answered by SQL that a language model wrote: see --sql'],
      };
    case 'asked': {
      const message = asSentence(verdict.message, 'It can be read in more than one way.');
      return { kind: 'clarify', message, choices: safeChoices(verdict.choices), notes: byRulesToo(asked, planned) };
    }
    case 'refused':
      return { kind: 'refused', class: verdict.class, notes: byRulesToo(asked, planned) };
    case 'disputed':
      return dispute(verdict, asked, planned);
    case 'failed':
      return withoutModel(byRules, verdict.note);
  }
}
