import type { ModelReply, ModelRequest } from './exchange.ts';
import { clockOf, type GoldItem, goldPlan, readGold } from './gold.ts';

export type { GoldItem } from './gold.ts';

const set = readGold();
export const GOLD_CLOCK = clockOf(set);
export const GOLD_ITEMS: readonly GoldItem[] = set.items;
export const ANSWERED_ITEMS = GOLD_ITEMS.filter((item) => item.class === 'answer');

const byQuestion = new Map(GOLD_ITEMS.map((item) => [item.question, item]));

/** A model that knows what every question of the given set means. */
export function oracle({ question }: Pick<ModelRequest, 'question'>): ModelReply {
  const item = byQuestion.get(question);
  if (!item) return { call: 'refuse', arguments: { class: 'out_of_scope', message: 'That is not recorded.' } };
  if (item.class === 'answer') return { call: 'submit_plan', arguments: goldPlan(item, GOLD_CLOCK) };
  const choices = ['revenue this month', 'how many orders yesterday'];
  if (item.class === 'clarify') return { call: 'ask_user', arguments: { message: 'Which measure?', choices } };
  return { call: 'refuse', arguments: { class: item.class, message: 'That is not answered.' } };
}
