import { JOINS, type Ties } from './joins.ts';
import { fields, identifier, list, quoteName, refuse, simpleName, variant } from './node.ts';
import { RefusedSql } from './refused.ts';
import { type Around, nameSet, type Relation, type Schema, type Scope } from './scope.ts';

/** A query as it is written, with the names of its columns; null for an expression without one. */
export interface WrittenQuery {
  text: string;
  columns: readonly (string | null)[];
  isLarge: boolean;
}

/** What a FROM clause is written with. */
export interface Reading {
  schema: Schema;
  scope: Scope;
  expression(expression: unknown): string;
  query(query: unknown, around: Around): WrittenQuery;
}

/** The alias and the column names of `AS t(a, b)`. */
function readAlias(alias: unknown, schema: Schema): { name: string; columns: string[] } | undefined {
  if (alias === undefined || alias === null) return undefined;
  // `explicit` says whether AS was written.
  const { name, columns } = fields(alias, 'name', 'columns', 'explicit');
  return {
    name: identifier(name),
    columns: list(columns).map((column) => schema.declare(identifier(fields(column, 'name').name))),
  };
}

function readTable(content: unknown, { schema, scope }: Reading): { text: string; relation: Relation } {
  const { name, alias } = fields(content, 'name', 'alias');
  const asked = simpleName(name);
  const given = readAlias(alias, schema);
  if (given && given.columns.length > 0) return refuse('a list of columns after a table');
  const shown = given?.name ?? asked;
  const query = scope.query(asked);
  const table = query ? { name: query.written, columns: query.columns } : schema.table(asked);
  if (!table) throw new RefusedSql('table', `there is no table ${asked} that questions may read`);
  const isLarge = query ? query.isLarge : true;
  return {
    text: table.name === shown ? quoteName(shown) : `${quoteName(table.name)} AS ${quoteName(shown)}`,
    relation: { name: shown, columns: table.columns, isLarge, isStored: !query },
  };
}

function readDerived(content: unknown, reading: Reading): { text: string; relation: Relation } {
  const { subquery, alias } = fields(content, 'subquery', 'alias');
  const given = readAlias(alias, reading.schema);
  if (!given) return refuse('a query in FROM without a name');
  // What stands beside it is not known inside: that would be LATERAL.
  const { text, columns, isLarge } = reading.query(subquery, { queries: reading.scope.queries });
  const names = given.columns.length > 0 ? given.columns : columns.filter((name) => name !== null);
  const written = given.columns.length > 0 ? ` (${given.columns.map(quoteName).join(', ')})` : '';
  return {
    text: `(${text}) AS ${quoteName(given.name)}${written}`,
    relation: { name: given.name, columns: nameSet(names), isLarge, isStored: false },
  };
}

function readRelation(value: unknown, reading: Reading): string {
  const [kind, content] = variant(value);
  if (kind !== 'Table' && kind !== 'Derived') return refuse(`${kind} in FROM`);
  const { text, relation } = (kind === 'Table' ? readTable : readDerived)(content, reading);
  reading.scope.add(relation);
  return text;
}

function writeUsing(columns: unknown, before: readonly Relation[], { scope }: Reading, ties: Ties): string {
  const joined = scope.relations.at(-1)!;
  const names = list(columns).map((column) => {
    const name = simpleName(column);
    const other = before.find((relation) => relation.columns.has(name.toLowerCase()));
    if (!other) throw new RefusedSql('column', `there is no column ${name} before this JOIN`);
    scope.requireColumnOf(joined.name, name);
    ties.tie([joined, other]);
    return quoteName(name);
  });
  return ` USING (${names.join(', ')})`;
}

function writeJoin(join: unknown, reading: Reading, ties: Ties): string {
  const { relation, join_operator: operator } = fields(join, 'relation', 'join_operator');
  const [kind, constraint] = variant(operator);
  const words = Object.hasOwn(JOINS, kind) ? JOINS[kind] : undefined;
  if (!words) return refuse(`${kind} JOIN`);
  const before = reading.scope.relations;
  const text = ` ${words} ${readRelation(relation, reading)}`;
  const [form, content] = variant(constraint);
  if (form === 'None') return text;
  if (form === 'Using') return text + writeUsing(content, before, reading, ties);
  if (form !== 'On') return refuse('NATURAL JOIN');
  ties.tieBy(content, reading.scope);
  return `${text} ON ${reading.expression(content)}`;
}

/** The FROM clause, whose relations are then in the scope; empty when there is none. */
export function writeFrom(from: unknown, reading: Reading, ties: Ties): string {
  const texts = list(from).map((item) => {
    const { relation, joins } = fields(item, 'relation', 'joins');
    const first = readRelation(relation, reading);
    return (
      first +
      list(joins)
        .map((join) => writeJoin(join, reading, ties))
        .join('')
    );
  });
  return texts.length > 0 ? ` FROM ${texts.join(', ')}` : '';
}
