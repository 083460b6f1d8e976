import { AmqpError, Condition } from '../amqp/errors.ts';
import { type AmqpMap, Described } from '../amqp/reader.ts';
import type { Position } from '../broker/position.ts';

export const SELECTOR_FILTER = 'apache.org:selector-filter:string';

const EXPRESSION =
  /^\s*amqp\.annotation\.(x-opt-offset|x-opt-sequence-number|x-opt-enqueued-time(?:-utc)?)\s*(>=?)\s*'?([^']*?)'?\s*$/;

/** The selector of a receiver's source; null when it has none. */
export function selectorOf(filter: AmqpMap | null): string | null {
  const entry = filter?.get(SELECTOR_FILTER) ?? null;
  const value = entry instanceof Described ? entry.value : entry;
  return typeof value === 'string' ? value : null;
}

/**
 * Reads a selector such as `amqp.annotation.x-opt-offset > '120'`. Without one a reader starts at the oldest event.
 * @throws {AmqpError} argument-error
 */
export function parseSelector(selector: string | null): Position {
  if (selector === null) return { by: 'earliest' };
  const match = EXPRESSION.exec(selector);
  if (match === null) throw invalid(selector);
  const [, annotation, operator, text] = match as unknown as [string, string, string, string];
  if (annotation === 'x-opt-offset' && text === '@latest') return { by: 'latest' };
  if (!/^-?\d{1,16}$/.test(text)) throw invalid(selector);
  const value = Number(text);
  const inclusive = operator === '>=';
  if (annotation === 'x-opt-offset') return value < 0 ? { by: 'earliest' } : { by: 'offset', value, inclusive };
  if (annotation === 'x-opt-sequence-number') return { by: 'sequence', value, inclusive };
  return { by: 'time', value, inclusive };
}

const invalid = (selector: string): AmqpError =>
  new AmqpError(Condition.argumentError, `The filter '${selector}' is not a valid amqp filter for EventHub entities`);
