import { wholeNumber } from './expressions.ts';
import { requireCounting } from './joins.ts';
import { fields, identifier, list, quoteName, refuse, variant } from './node.ts';
import type { WrittenQuery } from './relations.ts';
import { type Around, type NamedQueries, nameSet, type Schema, Scope, withQuery, writtenName } from './scope.ts';
import { type Body, readingIn, writeSelect } from './select.ts';
import { writeOrder } from './windows.ts';

/** Queries inside others with so few rows may be multiplied with others. */
const FEW_ROWS = 100;

const SET_OPERATIONS: Readonly<Record<string, string>> = { Union: 'UNION', Except: 'EXCEPT', Intersect: 'INTERSECT' };

function writeSetOperation(content: unknown, schema: Schema, around: Around): Body {
  const { left, op, right, set_quantifier: quantifier } = fields(content, 'left', 'op', 'right', 'set_quantifier');
  const word = Object.hasOwn(SET_OPERATIONS, String(op)) ? SET_OPERATIONS[String(op)] : refuse(String(op));
  const all = quantifier === 'All' ? ' ALL' : quantifier === 'None' ? '' : refuse(`UNION ${quantifier}`);
  const first = writeBody(left, schema, around);
  const second = writeBody(right, schema, around);
  const results = new Scope({ queries: around.queries });
  results.showAliases(first.columns.filter((name) => name !== null));
  return {
    text: `${first.text} ${word}${all} ${second.text}`,
    columns: first.columns,
    isLarge: first.isLarge || second.isLarge,
    scope: results,
  };
}

function writeBody(body: unknown, schema: Schema, around: Around): Body {
  const [kind, content] = variant(body);
  if (kind === 'Select') return writeSelect(content, schema, around, writeQuery);
  if (kind === 'SetOperation') return writeSetOperation(content, schema, around);
  if (kind !== 'Query') return refuse(kind.toUpperCase());
  const inner = writeQuery(content, schema, around);
  const results = new Scope({ queries: around.queries });
  results.showAliases(inner.columns.filter((name) => name !== null));
  return { ...inner, text: `(${inner.text})`, scope: results };
}

interface Limit {
  rows: number;
  offset: number;
}

function readLimit(clause: unknown): Limit | undefined {
  if (clause === undefined || clause === null) return undefined;
  const [kind, content] = variant(clause);
  if (kind === 'OffsetCommaLimit') {
    const { offset, limit } = fields(content, 'offset', 'limit');
    return { rows: wholeNumber(limit), offset: wholeNumber(offset) };
  }
  if (kind !== 'LimitOffset') return refuse('this LIMIT');
  const { limit, offset } = fields(content, 'limit', 'offset');
  if (!limit) return refuse('OFFSET without LIMIT');
  const skipped = offset ? wholeNumber(fields(offset, 'value', 'rows').value) : 0;
  return { rows: wholeNumber(limit), offset: skipped };
}

const writeLimit = ({ rows, offset }: Limit) => ` LIMIT ${rows}${offset > 0 ? ` OFFSET ${offset}` : ''}`;

function writeOrderBy(clause: unknown, schema: Schema, scope: Scope): string {
  if (clause === undefined || clause === null) return '';
  const [kind, terms] = variant(fields(clause, 'kind').kind);
  if (kind !== 'Expressions') return refuse('this ORDER BY');
  return ` ORDER BY ${writeOrder(terms, readingIn(schema, scope, writeQuery).expression)}`;
}

interface NamedWith {
  text: string;
  queries: NamedQueries;
}

/** `WITH RECURSIVE n AS (first UNION ALL step)`, where the step reads n; undefined for any other query. */
function writeRecursion(query: unknown, schema: Schema, around: Around, add: AddQuery): WrittenQuery | undefined {
  const { body } = fields(query, 'body', 'with', 'order_by', 'limit_clause');
  const [kind, content] = variant(body);
  if (kind !== 'SetOperation') return undefined;
  const { left, op, right, set_quantifier: quantifier } = fields(content, 'left', 'op', 'right', 'set_quantifier');
  const first = writeBody(left, schema, around);
  const step = writeBody(right, schema, { queries: add(first) });
  fields(query, 'body');
  if (op !== 'Union' || quantifier !== 'All') return refuse('a recursion without UNION ALL');
  requireCounting(right);
  return { text: `${first.text} UNION ALL ${step.text}`, columns: first.columns, isLarge: first.isLarge };
}

type AddQuery = (query: WrittenQuery) => NamedQueries;

/** One common table expression after those before it. */
function addNamedQuery(table: unknown, isRecursive: boolean, schema: Schema, { text, queries }: NamedWith): NamedWith {
  const { alias, query } = fields(table, 'alias', 'query');
  const { name, columns } = fields(alias, 'name', 'columns', 'explicit');
  const named = identifier(name);
  const given = list(columns).map((column) => schema.declare(identifier(fields(column, 'name').name)));
  const written = writtenName(named);
  const add: AddQuery = ({ columns: found, isLarge }) => {
    const shown = given.length > 0 ? given : found.filter((column) => column !== null);
    return withQuery(queries, named, { written, columns: nameSet(shown), isLarge });
  };
  const recursion = isRecursive ? writeRecursion(query, schema, { queries }, add) : undefined;
  const body = recursion ?? writeQuery(query, schema, { queries });
  const names = given.length > 0 ? ` (${given.map(quoteName).join(', ')})` : '';
  const own = `${quoteName(written)}${names} AS (${body.text})`;
  return { text: text ? `${text}, ${own}` : own, queries: add(body) };
}

function writeWith(clause: unknown, schema: Schema, { queries }: Around): NamedWith {
  if (clause === undefined || clause === null) return { text: '', queries };
  const { recursive, cte_tables: tables } = fields(clause, 'recursive', 'cte_tables');
  const isRecursive = recursive === true;
  let named: NamedWith = { text: '', queries };
  for (const table of list(tables)) named = addNamedQuery(table, isRecursive, schema, named);
  return { text: `WITH ${isRecursive ? 'RECURSIVE ' : ''}${named.text} `, queries: named.queries };
}

/**
 * A query with all that is in it, written anew from the parts that are known; whatever is not known is refused.
 * @param cap most rows, for the outermost query
 */
export function writeQuery(query: unknown, schema: Schema, around: Around, cap?: number): WrittenQuery {
  const parts = fields(query, 'with', 'body', 'order_by', 'limit_clause');
  const { text: before, queries } = writeWith(parts.with, schema, around);
  const body = writeBody(parts.body, schema, { ...around, queries });
  const order = writeOrderBy(parts.order_by, schema, body.scope);
  const asked = readLimit(parts.limit_clause);
  const limit = cap === undefined ? asked : { rows: Math.min(asked?.rows ?? cap, cap), offset: asked?.offset ?? 0 };
  return {
    text: before + body.text + order + (limit ? writeLimit(limit) : ''),
    columns: body.columns,
    isLarge: body.isLarge && !(asked && asked.rows <= FEW_ROWS),
  };
}
