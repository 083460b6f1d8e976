import { MAX_LITERAL } from './functions.ts';
import { RefusedSql } from './refused.ts';

/** A node of the parser's tree; what it may hold is said where it is read. */
export type Node = Readonly<Record<string, unknown>>;

/** Where in the source something stood: says nothing about what it does. */
const POSITIONS = new Set(['span', 'select_token', 'with_token', 'closing_paren_token', 'case_token', 'end_token']);

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === 'None' ||
  (Array.isArray(value) && value.length === 0);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);

/**
 * The fields of a node, of which only `known` may say anything: whatever else the parser has read is refused, also
 * what a later version of it will read.
 */
export function fields<Known extends string>(value: unknown, ...known: Known[]): Record<Known, unknown> {
  if (!isNode(value)) throw new RefusedSql('construct', 'the statement has a part that cannot be read');
  for (const [key, part] of Object.entries(value)) {
    if (POSITIONS.has(key) || (known as string[]).includes(key) || isEmpty(part)) continue;
    throw new RefusedSql('construct', `${key.replaceAll('_', ' ')} is not allowed here`);
  }
  return value as Record<Known, unknown>;
}

/** The one variant of an enum: its name and what it holds; a variant without content is a string of the parser's. */
export function variant(value: unknown): [name: string, content: unknown] {
  if (typeof value === 'string') return [value, undefined];
  const keys = isNode(value) ? Object.keys(value) : [];
  if (keys.length !== 1) throw new RefusedSql('construct', 'the statement has a part that cannot be read');
  return [keys[0]!, (value as Node)[keys[0]!]];
}

export function list(value: unknown): readonly unknown[] {
  if (isEmpty(value)) return [];
  if (Array.isArray(value)) return value;
  throw new RefusedSql('construct', 'the statement has a part that cannot be read');
}

/** A name of the statement, as written; quoted with backticks or not at all. */
export function identifier(value: unknown): string {
  const { value: name, quote_style: quote } = fields(value, 'value', 'quote_style');
  if (typeof name === 'string' && (isEmpty(quote) || quote === '`')) return name;
  throw new RefusedSql('construct', 'names are written plain or in backticks');
}

/** The only part of a name without a schema or database before it. */
export function simpleName(value: unknown): string {
  const parts = list(value);
  if (parts.length !== 1) throw new RefusedSql('table', 'tables and functions have no schema before their name');
  return identifier(fields(parts[0], 'Identifier').Identifier);
}

export const refuse = (construct: string): never => {
  throw new RefusedSql('construct', `${construct} is not allowed`);
};

/** Letters that a name may have: the lexer's, so that what is written passes it again. */
const NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_ %().,+/*-]{0,62}[A-Za-z0-9_%)])?$/;

export function quoteName(name: string): string {
  if (!NAME.test(name) || /--|\/\*|\*\//.test(name)) throw new RefusedSql('text', `${name} is not a name`);
  return `\`${name}\``;
}

export function quoteText(text: string): string {
  if (/[\p{Cc}]/u.test(text.replace(/[\n\t]/g, ''))) {
    throw new RefusedSql('text', 'a string holds control characters');
  }
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/**
 * A short string written down; how long a search takes depends on it.
 * @throws {RefusedSql} cost
 */
export function shortText(expression: unknown, where: string): string {
  const [kind, content] = variant(expression);
  const [form, text] = kind === 'Value' ? variant(fields(content, 'value').value) : ['', undefined];
  if (form === 'SingleQuotedString' && String(text).length <= MAX_LITERAL) return String(text);
  throw new RefusedSql('cost', `${where} takes a string of at most ${MAX_LITERAL} letters, written down`);
}
