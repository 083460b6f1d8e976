import type { Role } from '../model/grammar.ts';
import type { DimensionName, MetricName } from '../model/names.ts';
import type { Atom } from '../model/words.ts';
import type { Filter, Having, Plan } from '../plan.ts';
import type { Screened as Refused } from '../safety.ts';
import type { Clock, Period } from '../time/period.ts';
import type { Item } from './read.ts';

/** A plan in the making: each step of the planner fills its part and marks the phrases it used. */
export interface Draft {
  items: Item[];
  clock: Clock;
  /** What the answer before was about. */
  before?: MetricName;
  metrics: MetricName[];
  dimensions: DimensionName[];
  filters: Filter[];
  having: Having[];
  window?: Period;
  compare?: Period;
  transform: Plan['transform'];
  order?: Plan['order'];
  limit?: number;
  per?: DimensionName;
  cohort?: Plan['cohort'];
  allMembers: boolean;
  /** The number of members is asked for, not the members. */
  count?: boolean;
  /** The change is asked for in percent. */
  inPercent?: boolean;
  averagePer?: NonNullable<Plan['averagePer']>;
  /** Customers act in the question: "what do customers pay for shipping". */
  actors?: boolean;
  /** A ranking was asked for. */
  rank?: { dir: 'asc' | 'desc'; item: Item; count?: number };
  /** So many of the members are shown: "products by revenue, five of them". */
  howMany?: number;
  /** All of them, from this end: "lowest first". */
  sorted?: { dir: 'asc' | 'desc'; item: Item };
  /** The members themselves were asked for, not their number: "orders over $500". */
  list?: DimensionName;
  /** What was taken for granted, for the answer to say. */
  assumptions: string[];
}

export const hasRole = (item: Item | undefined, role: Role): boolean => item?.meaning.roles.includes(role) ?? false;
export const hasAtom = (item: Item | undefined, atom: Atom): boolean => item?.meaning.atoms.includes(atom) ?? false;

/** The first unused item that plays the role. */
export const findRole = (draft: Draft, role: Role): Item | undefined =>
  draft.items.find((item) => !item.used && hasRole(item, role));

export const use = (...items: (Item | undefined)[]): void => {
  for (const item of items) if (item) item.used = true;
};

/** The question cannot be planned without knowing more: what to say, and concrete questions to choose from. */
export class AskBack extends Error {
  override readonly name = 'AskBack';
  choices: readonly string[];
  /** Every word was known, so no name of the catalogue can make it clearer. */
  certain = false;
  /** Words were left over: another reader may know what they mean. What is only vague stays so, whoever reads it. */
  unread = false;
  constructor(message: string, choices: readonly string[]) {
    super(message);
    this.choices = choices;
  }
}

/** With its misspellings put right the question is one that is not answered. */
export class Screened extends Error {
  override readonly name = 'Screened';
  readonly refusal: Refused;
  constructor(refusal: Refused) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
