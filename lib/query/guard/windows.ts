import { fields, identifier, list, quoteName, refuse, variant } from './node.ts';
import type { Scope } from './scope.ts';

type WriteExpression = (expression: unknown) => string;

/** ORDER BY terms, each with its direction. */
export const writeOrder = (terms: unknown, expression: WriteExpression): string =>
  list(terms)
    .map((term) => {
      const { expr, options } = fields(term, 'expr', 'options');
      const { asc } = fields(options, 'asc');
      const direction = asc === undefined || asc === null ? '' : asc === true ? ' ASC' : ' DESC';
      return `${expression(expr)}${direction}`;
    })
    .join(', ');

function writeBound(bound: unknown, expression: WriteExpression): string {
  const [kind, distance] = variant(bound);
  if (kind === 'CurrentRow') return 'CURRENT ROW';
  if (kind !== 'Preceding' && kind !== 'Following') return refuse('this frame');
  const isOpen = distance === undefined || distance === null;
  if (!isOpen && variant(distance)[0] !== 'Value') return refuse('a frame that is no whole number');
  const far = isOpen ? 'UNBOUNDED' : expression(distance);
  return /^(?:UNBOUNDED|\d{1,6})$/.test(far) ? `${far} ${kind.toUpperCase()}` : refuse('this frame');
}

function writeFrame(frame: unknown, expression: WriteExpression): string {
  const { units, start_bound: start, end_bound: end } = fields(frame, 'units', 'start_bound', 'end_bound');
  if (units !== 'Rows') return refuse('a frame by anything but ROWS');
  const from = writeBound(start, expression);
  return end ? `ROWS BETWEEN ${from} AND ${writeBound(end, expression)}` : `ROWS ${from}`;
}

/** What stands in the parentheses after OVER or in a WINDOW clause. */
export function writeWindow(spec: unknown, scope: Scope, expression: WriteExpression): string {
  const known = ['window_name', 'partition_by', 'order_by', 'window_frame'] as const;
  const { window_name: name, partition_by: by, order_by: order, window_frame: frame } = fields(spec, ...known);
  const parts: string[] = [];
  if (name) {
    scope.requireWindow(identifier(name));
    parts.push(quoteName(identifier(name)));
  }
  if (list(by).length > 0) parts.push(`PARTITION BY ${list(by).map(expression).join(', ')}`);
  if (list(order).length > 0) parts.push(`ORDER BY ${writeOrder(order, expression)}`);
  if (frame) parts.push(writeFrame(frame, expression));
  return parts.join(' ');
}
