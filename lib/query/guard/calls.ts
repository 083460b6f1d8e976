import { AGGREGATE_FUNCTIONS, FUNCTIONS, LITERAL_ARGUMENTS, UNIT_FIRST, UNITS, WINDOW_ONLY } from './functions.ts';
import { fields, identifier, list, quoteText, refuse, shortText, simpleName, variant } from './node.ts';
import { RefusedSql } from './refused.ts';
import type { Scope } from './scope.ts';
import { writeOrder, writeWindow } from './windows.ts';

/** What a call is written with. */
export interface Calling {
  scope: Scope;
  expression(expression: unknown): string;
}

/** DAY, whether the parser has it as a word or as a variant with options. */
function unitOf(value: unknown): string {
  const [name] = variant(value);
  const unit = name.toUpperCase();
  return UNITS.has(unit) ? unit : refuse(`the unit ${name}`);
}

function writeInterval(content: unknown, { expression }: Calling): string {
  const { value, leading_field: unit } = fields(content, 'value', 'leading_field');
  return `INTERVAL ${expression(value)} ${unitOf(unit)}`;
}

function writeArgument(argument: unknown, name: string, { expression }: Calling): string {
  const [kind, content] = variant(fields(argument, 'Unnamed').Unnamed);
  if (kind === 'Expr') return expression(content);
  return kind === 'Wildcard' && name === 'COUNT' ? '*' : refuse('*');
}

function unitArgument(argument: unknown): string {
  const [kind, content] = variant(fields(argument, 'Unnamed').Unnamed);
  const [inner, name] = kind === 'Expr' ? variant(content) : ['', undefined];
  return inner === 'Identifier' ? unitOf(identifier(name)) : refuse('this unit');
}

/** ORDER BY and SEPARATOR of GROUP_CONCAT. */
function writeClause(clause: unknown, name: string, calling: Calling): string {
  const [kind, content] = variant(clause);
  if (name !== 'GROUP_CONCAT') return refuse(`${kind} in ${name}`);
  if (kind === 'OrderBy') return ` ORDER BY ${writeOrder(content, calling.expression)}`;
  const [form, text] = kind === 'Separator' ? variant(fields(content, 'value').value) : ['', undefined];
  return form === 'SingleQuotedString' ? ` SEPARATOR ${quoteText(String(text))}` : refuse(`${kind} in ${name}`);
}

/** @throws {RefusedSql} cost, for calls whose work or result could grow without bound */
function refuseLongWork(name: string, args: readonly unknown[]): void {
  const expressionAt = (at: number) => fields(fields(args[at], 'Unnamed').Unnamed, 'Expr').Expr;
  const known = Object.hasOwn(LITERAL_ARGUMENTS, name) ? LITERAL_ARGUMENTS[name]! : [];
  const [first, second] = known.filter((at) => at < args.length).map((at) => shortText(expressionAt(at), name));
  if (name === 'REPLACE' && (second ?? '').length > (first ?? '').length) {
    throw new RefusedSql('cost', 'REPLACE puts something in that is no longer than what it takes out');
  }
  const isColumn = () => ['Identifier', 'CompoundIdentifier'].includes(variant(expressionAt(0))[0]);
  if (name === 'HEX' && !(args.length === 1 && isColumn())) throw new RefusedSql('cost', 'HEX takes a column');
}

function writeArguments(args: unknown, name: string, calling: Calling): string {
  if (args === 'None') return '';
  const [kind, content] = variant(args);
  if (kind !== 'List') return refuse(`a query as the argument of ${name}`);
  const parts = fields(content, 'args', 'clauses', 'duplicate_treatment');
  const treatment = parts.duplicate_treatment ?? undefined;
  const isDistinct = treatment === 'Distinct';
  if (treatment !== undefined && !(isDistinct && AGGREGATE_FUNCTIONS.has(name))) return refuse(`${treatment}`);
  const values = list(parts.args);
  refuseLongWork(name, values);
  const texts = values.map((value, index) =>
    index === 0 && UNIT_FIRST.has(name) ? unitArgument(value) : writeArgument(value, name, calling),
  );
  const clauses = list(parts.clauses).map((clause) => writeClause(clause, name, calling));
  return `(${isDistinct ? 'DISTINCT ' : ''}${texts.join(', ')}${clauses.join('')})`;
}

function writeOver(over: unknown, { scope, expression }: Calling): string {
  const [kind, content] = variant(over);
  if (kind === 'WindowSpec') return ` OVER (${writeWindow(content, scope, expression)})`;
  if (kind !== 'NamedWindow') return refuse('this window');
  const name = identifier(content);
  scope.requireWindow(name);
  return ` OVER \`${name}\``;
}

function writeFunction(content: unknown, calling: Calling): string {
  const { name, args, over } = fields(content, 'name', 'args', 'over');
  const written = simpleName(name).toUpperCase();
  if (!FUNCTIONS.has(written)) throw new RefusedSql('function', `the function ${written} is not allowed`);
  const canSpan = AGGREGATE_FUNCTIONS.has(written) || WINDOW_ONLY.has(written);
  if (over ? !canSpan || written === 'GROUP_CONCAT' : WINDOW_ONLY.has(written)) return refuse(`${written} here`);
  return `${written}${writeArguments(args, written, calling)}${over ? writeOver(over, calling) : ''}`;
}

const digits = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65 ? value : refuse('this length');

function writeDecimal(content: unknown): string {
  const [kind, size] = variant(content ?? 'None');
  if (kind === 'None') return 'DECIMAL';
  const numbers = (kind === 'PrecisionAndScale' ? list(size) : [size]).map(digits);
  return `DECIMAL(${numbers.join(', ')})`;
}

function writeChar(content: unknown): string {
  if (content === undefined || content === null) return 'CHAR';
  const [kind, length] = variant(content);
  return kind === 'IntegerLength' ? `CHAR(${digits(fields(length, 'length').length)})` : refuse('this type');
}

const withDigits = (type: string) => (content: unknown) =>
  content === undefined || content === null ? type : `${type}(${digits(content)})`;

/** What CAST may make, on both servers. */
const TYPES: Readonly<Record<string, (content: unknown) => string>> = {
  Decimal: writeDecimal,
  Char: writeChar,
  Signed: () => 'SIGNED',
  SignedInteger: () => 'SIGNED',
  Unsigned: () => 'UNSIGNED',
  UnsignedInteger: () => 'UNSIGNED',
  Double: (content) => (content === 'None' ? 'DOUBLE' : refuse('this type')),
  Date: () => 'DATE',
  Datetime: withDigits('DATETIME'),
  Time: (content) => (Array.isArray(content) && content[1] === 'None' ? withDigits('TIME')(content[0]) : 'TIME'),
};

function writeType(type: unknown): string {
  const [kind, content] = variant(type);
  const write = Object.hasOwn(TYPES, kind) ? TYPES[kind] : undefined;
  return write ? write(content) : refuse(`the type ${kind}`);
}

function writeCast(content: unknown, { expression }: Calling): string {
  const { kind, expr, data_type: type } = fields(content, 'kind', 'expr', 'data_type');
  return kind === 'Cast' ? `CAST(${expression(expr)} AS ${writeType(type)})` : refuse(String(kind));
}

/** DATE '2026-01-31', TIMESTAMP '2026-01-31 12:00:00'. */
function writeTypedText(content: unknown): string {
  const { data_type: type, value } = fields(content, 'data_type', 'value');
  const [kind] = variant(type);
  const [form, text] = variant(fields(value, 'value').value);
  if (form !== 'SingleQuotedString' || !['Date', 'Time', 'Timestamp'].includes(kind)) return refuse(`this ${kind}`);
  return `${kind.toUpperCase()} ${quoteText(String(text))}`;
}

function writeTrim(content: unknown, { expression }: Calling): string {
  const { trim_where: where, trim_what: what, expr } = fields(content, 'trim_where', 'trim_what', 'expr');
  if (where && !['Both', 'Leading', 'Trailing'].includes(String(where))) return refuse('this TRIM');
  const start = [where ? String(where).toUpperCase() : '', what ? quoteText(shortText(what, 'TRIM')) : '']
    .filter(Boolean)
    .join(' ');
  return `TRIM(${start ? `${start} FROM ` : ''}${expression(expr)})`;
}

function writeSubstring(content: unknown, { expression }: Calling): string {
  const known = ['expr', 'substring_from', 'substring_for', 'special', 'shorthand'] as const;
  const { expr, substring_from: from, substring_for: length } = fields(content, ...known);
  const parts = [expr, from, length].filter((part) => part !== undefined && part !== null);
  return `SUBSTRING(${parts.map(expression).join(', ')})`;
}

function writeRounded(name: 'CEIL' | 'FLOOR', content: unknown, { expression }: Calling): string {
  const { expr, field } = fields(content, 'expr', 'field');
  const [kind, unit] = variant(field);
  return kind === 'DateTimeField' && unit === 'NoDateTime' ? `${name}(${expression(expr)})` : refuse(`this ${name}`);
}

/** Calls that the parser knows by their grammar. */
const CALLS: Readonly<Record<string, (content: unknown, calling: Calling) => string>> = {
  Function: writeFunction,
  Interval: writeInterval,
  Cast: writeCast,
  TypedString: writeTypedText,
  Trim: writeTrim,
  Substring: writeSubstring,
  Ceil: (content, calling) => writeRounded('CEIL', content, calling),
  Floor: (content, calling) => writeRounded('FLOOR', content, calling),
  Position: (content, { expression }) => {
    const { expr, in: text } = fields(content, 'expr', 'in');
    return `LOCATE(${quoteText(shortText(expr, 'POSITION'))}, ${expression(text)})`;
  },
  Extract: (content, { expression }) => {
    const { field, expr } = fields(content, 'field', 'expr', 'syntax');
    return `EXTRACT(${unitOf(field)} FROM ${expression(expr)})`;
  },
};

/** @throws {RefusedSql} for every call that is not listed */
export function writeCall(kind: string, content: unknown, calling: Calling): string {
  const write = Object.hasOwn(CALLS, kind) ? CALLS[kind] : undefined;
  return write ? write(content, calling) : refuse(`an expression of the kind ${kind}`);
}
