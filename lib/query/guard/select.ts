import { writeExpression } from './expressions.ts';
import { AGGREGATE_FUNCTIONS } from './functions.ts';
import { Ties } from './joins.ts';
import { fields, identifier, list, quoteName, refuse, simpleName, variant } from './node.ts';
import { RefusedSql } from './refused.ts';
import { type Reading, type WrittenQuery, writeFrom } from './relations.ts';
import { type Around, type Schema, Scope } from './scope.ts';
import { writeWindow } from './windows.ts';

/** A SELECT or several, with what an ORDER BY behind it may name. */
export interface Body extends WrittenQuery {
  scope: Scope;
}

/** Writes a whole query; handed in, as a query is made of SELECTs that hold queries. */
export type WriteWhole = (query: unknown, schema: Schema, around: Around) => WrittenQuery;

export function readingIn(schema: Schema, scope: Scope, whole: WriteWhole): Reading {
  const query = (node: unknown, around: Around) => whole(node, schema, around);
  const writing = { scope, query: (node: unknown, around: Around) => query(node, around).text };
  return { schema, scope, query, expression: (expression) => writeExpression(expression, writing) };
}

interface Item {
  text: string;
  name: string | null;
  isAlias: boolean;
}

function refuseStar(): never {
  throw new RefusedSql('column', 'columns are named one by one; * is for queries in FROM, as x.*');
}

/** `x.*` of a query in FROM is written out; of a stored table it would be whatever the table holds. */
function writeStar(content: unknown, { scope }: Reading): Item[] {
  const [of, options] = list(content);
  fields(options, 'wildcard_token');
  const relation = scope.ownRelation('', simpleName(fields(of, 'ObjectName').ObjectName));
  if (!relation || relation.isStored) return refuseStar();
  const { name, columns } = relation;
  return [...columns].map((column) => {
    return { text: `${quoteName(name)}.${quoteName(column)}`, name: column, isAlias: false };
  });
}

function writeItem(item: unknown, reading: Reading): Item[] {
  const { schema, expression } = reading;
  const [kind, content] = variant(item);
  if (kind === 'ExprWithAlias') {
    const { expr, alias } = fields(content, 'expr', 'alias');
    const name = schema.declare(identifier(alias));
    return [{ text: `${expression(expr)} AS ${quoteName(name)}`, name, isAlias: true }];
  }
  if (kind === 'QualifiedWildcard') return writeStar(content, reading);
  if (kind !== 'UnnamedExpr') return refuseStar();
  const [form, inner] = variant(content);
  const last = form === 'Identifier' ? inner : form === 'CompoundIdentifier' ? list(inner).at(-1) : undefined;
  return [{ text: expression(content), name: last ? identifier(last) : null, isAlias: false }];
}

function writeWindows(windows: unknown, { scope, expression }: Reading): string {
  const named = list(windows).map((item): [string, unknown] => {
    const [name, spec] = list(item);
    const [kind, content] = variant(spec);
    return kind === 'WindowSpec' ? [identifier(name), content] : refuse('this window');
  });
  scope.showWindows(named.map(([name]) => name));
  const texts = named.map(([name, spec]) => `${quoteName(name)} AS (${writeWindow(spec, scope, expression)})`);
  return texts.length > 0 ? ` WINDOW ${texts.join(', ')}` : '';
}

function writeGroups(groupBy: unknown, { expression }: Reading): string {
  if (groupBy === undefined) return '';
  const [kind, content] = variant(groupBy);
  const [expressions, modifiers] = list(content);
  if (kind !== 'Expressions' || list(modifiers).length > 0) return refuse('this GROUP BY');
  const texts = list(expressions).map(expression);
  return texts.length > 0 ? ` GROUP BY ${texts.join(', ')}` : '';
}

/** One row: aggregates over everything. */
function isSingleRow(projection: readonly unknown[], groups: string): boolean {
  const isAggregate = (item: unknown) => {
    const text = JSON.stringify(item);
    // An aggregate of a window or of a query inside leaves the rows as many as they are.
    return (
      !/"over":\{|"body":/.test(text) && [...AGGREGATE_FUNCTIONS].some((name) => text.includes(`"value":"${name}"`))
    );
  };
  return groups === '' && projection.some(isAggregate);
}

const SELECT = [
  'distinct',
  'projection',
  'from',
  'selection',
  'group_by',
  'having',
  'named_window',
  'window_before_qualify',
  'flavor',
] as const;

/** One SELECT, checked from FROM to WINDOW. */
export function writeSelect(select: unknown, schema: Schema, around: Around, whole: WriteWhole): Body {
  const parts = fields(select, ...SELECT);
  if (parts.flavor !== 'Standard') return refuse('this form of SELECT');
  if (parts.distinct && parts.distinct !== 'Distinct') return refuse('DISTINCT ON');
  const scope = new Scope(around);
  const reading = readingIn(schema, scope, whole);
  const ties = new Ties();
  const from = writeFrom(parts.from, reading, ties);
  if (parts.selection) ties.tieBy(parts.selection, scope);
  ties.refuseProducts(scope.relations);
  const where = parts.selection ? ` WHERE ${reading.expression(parts.selection)}` : '';
  const windows = writeWindows(parts.named_window, reading);
  const projection = list(parts.projection);
  const items = projection.flatMap((item) => writeItem(item, reading));
  scope.showAliases(items.filter(({ isAlias }) => isAlias).map(({ name }) => name!));
  const groups = writeGroups(parts.group_by, reading);
  const having = parts.having ? ` HAVING ${reading.expression(parts.having)}` : '';
  const distinct = parts.distinct ? 'DISTINCT ' : '';
  const selected = items.map(({ text }) => text).join(', ');
  return {
    text: `SELECT ${distinct}${selected}${from}${where}${groups}${having}${windows}`,
    columns: items.map(({ name }) => name),
    isLarge: scope.relations.some(({ isLarge }) => isLarge) && !isSingleRow(projection, groups),
    scope,
  };
}
