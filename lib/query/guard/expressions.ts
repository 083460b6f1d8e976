import { writeCall } from './calls.ts';
import { fields, identifier, list, quoteName, quoteText, refuse, shortText, variant } from './node.ts';
import type { Around, Scope } from './scope.ts';

/** Writes a sub-query, without parentheses. */
export type WriteQuery = (query: unknown, around: Around) => string;

/** What an expression is written with. */
export interface Writing {
  scope: Scope;
  query: WriteQuery;
}

export const OPERATORS: Readonly<Record<string, string>> = {
  Plus: '+',
  Minus: '-',
  Multiply: '*',
  Divide: '/',
  Modulo: '%',
  MyIntegerDivide: 'DIV',
  Eq: '=',
  NotEq: '<>',
  Gt: '>',
  GtEq: '>=',
  Lt: '<',
  LtEq: '<=',
  Spaceship: '<=>',
  And: 'AND',
  Or: 'OR',
};
const COMPARISONS = new Set(['Eq', 'NotEq', 'Gt', 'GtEq', 'Lt', 'LtEq']);
const NUMBER = /^(?:\d{1,20}(?:\.\d{1,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?$/;

const named = (table: Readonly<Record<string, string>>, name: unknown): string =>
  (Object.hasOwn(table, String(name)) ? table[String(name)] : undefined) ?? refuse(String(name));

function writeValue(value: unknown): string {
  const [kind, content] = variant(fields(value, 'value').value);
  if (kind === 'Number' && Array.isArray(content) && content[1] === false && NUMBER.test(String(content[0]))) {
    return String(content[0]);
  }
  if (kind === 'SingleQuotedString') return quoteText(String(content));
  if (kind === 'Boolean') return content === true ? 'TRUE' : 'FALSE';
  return kind === 'Null' ? 'NULL' : refuse(`a value of the kind ${kind}`);
}

/** A whole number, as a limit or the bound of a frame is. */
export function wholeNumber(value: unknown): number {
  const [kind, content] = variant(value);
  const text = kind === 'Value' ? writeValue(content) : '';
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse('a limit that is no whole number');
}

function writeColumn({ scope }: Writing, name: unknown): string {
  const column = identifier(name);
  scope.requireColumn(column);
  return quoteName(column);
}

function writeColumnOf({ scope }: Writing, names: unknown): string {
  const [relation, column, ...more] = list(names).map(identifier);
  if (!relation || !column || more.length > 0) return refuse('a column with a schema before its table');
  scope.requireColumnOf(relation, column);
  return `${quoteName(relation)}.${quoteName(column)}`;
}

const negation = (negated: unknown) => (negated === true ? 'NOT ' : '');

export const writeAll = (expressions: unknown, writing: Writing): string =>
  list(expressions)
    .map((expression) => writeExpression(expression, writing))
    .join(', ');

export const writeSubquery = (query: unknown, { query: write, scope }: Writing): string =>
  `(${write(query, { queries: scope.queries, outer: scope })})`;

function writeUnary(content: unknown, writing: Writing): string {
  const { op, expr } = fields(content, 'op', 'expr');
  const text = writeExpression(expr, writing);
  // A blank: two signs in a row are a comment.
  return `${named({ Not: 'NOT', Minus: '-', Plus: '+' }, op)} ${text}`;
}

function writeLike(content: unknown, writing: Writing): string {
  const { expr, negated, pattern, escape_char: mark } = fields(content, 'expr', 'negated', 'pattern', 'escape_char');
  const ending = mark ? ` ESCAPE ${writeValue(mark)}` : '';
  return `${writeExpression(expr, writing)} ${negation(negated)}LIKE ${quoteText(shortText(pattern, 'LIKE'))}${ending}`;
}

function writeCase(content: unknown, writing: Writing): string {
  const { operand, conditions, else_result: otherwise } = fields(content, 'operand', 'conditions', 'else_result');
  const write = (expression: unknown) => writeExpression(expression, writing);
  const whens = list(conditions).map((item) => {
    const { condition, result } = fields(item, 'condition', 'result');
    return `WHEN ${write(condition)} THEN ${write(result)}`;
  });
  return ['CASE', operand && write(operand), ...whens, otherwise && `ELSE ${write(otherwise)}`, 'END']
    .filter(Boolean)
    .join(' ');
}

/** `> ALL (SELECT ...)`, `= ANY (SELECT ...)`. */
function writeQuantified(word: 'ALL' | 'ANY', content: unknown, writing: Writing): string {
  const { left, compare_op: op, right } = fields(content, 'left', 'compare_op', 'right');
  if (!COMPARISONS.has(String(op))) return refuse(`${word} after this operator`);
  const [kind, query] = variant(right);
  if (kind !== 'Subquery') return refuse(`${word} of something other than a query`);
  return `${writeExpression(left, writing)} ${OPERATORS[String(op)]} ${word} ${writeSubquery(query, writing)}`;
}

function writeIn(content: unknown, writing: Writing): string {
  const { expr, list: values, negated } = fields(content, 'expr', 'list', 'negated');
  return `${writeExpression(expr, writing)} ${negation(negated)}IN (${writeAll(values, writing)})`;
}

function writeInSubquery(content: unknown, writing: Writing): string {
  const { expr, subquery, negated } = fields(content, 'expr', 'subquery', 'negated');
  return `${writeExpression(expr, writing)} ${negation(negated)}IN ${writeSubquery(subquery, writing)}`;
}

function writeBetween(content: unknown, writing: Writing): string {
  const { expr, negated, low, high } = fields(content, 'expr', 'negated', 'low', 'high');
  const [value, from, to] = [expr, low, high].map((part) => writeExpression(part, writing));
  return `${value} ${negation(negated)}BETWEEN ${from} AND ${to}`;
}

function writeBinary(content: unknown, writing: Writing): string {
  const { left, op, right } = fields(content, 'left', 'op', 'right');
  const sign = typeof op === 'string' ? named(OPERATORS, op) : refuse('this operator');
  return `${writeExpression(left, writing)} ${sign} ${writeExpression(right, writing)}`;
}

const is =
  (what: string) =>
  (content: unknown, writing: Writing): string =>
    `${writeExpression(content, writing)} IS ${what}`;

/** The forms an expression may have: an allow-list, as everything here is. */
const FORMS: Readonly<Record<string, (content: unknown, writing: Writing) => string>> = {
  Identifier: (content, writing) => writeColumn(writing, content),
  CompoundIdentifier: (content, writing) => writeColumnOf(writing, content),
  Value: (content) => writeValue(content),
  BinaryOp: writeBinary,
  UnaryOp: writeUnary,
  Nested: (content, writing) => `(${writeExpression(content, writing)})`,
  Tuple: (content, writing) => `(${writeAll(content, writing)})`,
  IsNull: is('NULL'),
  IsNotNull: is('NOT NULL'),
  IsTrue: is('TRUE'),
  IsNotTrue: is('NOT TRUE'),
  IsFalse: is('FALSE'),
  IsNotFalse: is('NOT FALSE'),
  Between: writeBetween,
  InList: writeIn,
  InSubquery: writeInSubquery,
  Exists: (content, writing) => {
    const { subquery, negated } = fields(content, 'subquery', 'negated');
    return `${negation(negated)}EXISTS ${writeSubquery(subquery, writing)}`;
  },
  Subquery: (content, writing) => writeSubquery(content, writing),
  Like: writeLike,
  Case: writeCase,
  AllOp: (content, writing) => writeQuantified('ALL', content, writing),
  AnyOp: (content, writing) => writeQuantified('ANY', content, writing),
};

/** @throws {RefusedSql} for every form that is not listed */
export function writeExpression(expression: unknown, writing: Writing): string {
  const [kind, content] = variant(expression);
  const write = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
  if (write) return write(content, writing);
  return writeCall(kind, content, {
    scope: writing.scope,
    expression: (part) => writeExpression(part, writing),
  });
}
