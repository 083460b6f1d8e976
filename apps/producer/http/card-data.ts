import { containsCardNumber, isCardField, isHashField } from '../../../lib/domain/card-number.ts';
import { fieldProblem, type Problem } from './problem.ts';

/** Control characters other than tab, line feed and carriage return. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const cardProblem = (pointer: string): Problem =>
  fieldProblem('raw_card_forbidden', pointer, 'looks like card data; send the token of the payment provider');

function textProblem(text: string, pointer: string): Problem | undefined {
  if (containsCardNumber(text)) return cardProblem(pointer);
  if (CONTROL.test(text)) return fieldProblem('control_character', pointer, 'has a control character');
  if (!text.isWellFormed()) return fieldProblem('control_character', pointer, 'has half a surrogate pair');
  return undefined;
}

function memberProblem(name: string, member: unknown, pointer: string): Problem | undefined {
  if (isCardField(name)) return cardProblem(`${pointer}/${name}`);
  // The name is not repeated: it is the number.
  if (containsCardNumber(name)) return cardProblem(pointer);
  if (isHashField(name, member)) return undefined;
  return findForbiddenText(member, `${pointer}/${name}`);
}

/**
 * Walks a parsed body for what must not go any further whatever the schema says: card data in any text, number or
 * field name, and control characters.
 * @returns the problem to answer with; it names the place, never the value
 */
export function findForbiddenText(value: unknown, pointer = ''): Problem | undefined {
  if (typeof value === 'string') return textProblem(value, pointer);
  if (typeof value === 'number') return containsCardNumber(String(value)) ? cardProblem(pointer) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name in value) {
    const problem = memberProblem(name, (value as Record<string, unknown>)[name], pointer);
    if (problem) return problem;
  }
  return undefined;
}
