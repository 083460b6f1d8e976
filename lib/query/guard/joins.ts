import { fields, identifier, list, type Node, refuse, variant } from './node.ts';
import { RefusedSql } from './refused.ts';
import type { Relation, Scope } from './scope.ts';

/** The kinds of JOIN both servers have. */
export const JOINS: Readonly<Record<string, string>> = {
  Join: 'JOIN',
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  LeftOuter: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  RightOuter: 'RIGHT JOIN',
  CrossJoin: 'CROSS JOIN',
  StraightJoin: 'STRAIGHT_JOIN',
};

const COMPARING = new Set(['Eq', 'NotEq', 'Gt', 'GtEq', 'Lt', 'LtEq', 'Spaceship']);

/** The conditions that all have to hold. */
function conjuncts(condition: unknown): unknown[] {
  const [kind, content] = variant(condition);
  if (kind === 'Nested') return conjuncts(content);
  if (kind !== 'BinaryOp') return [condition];
  const { left, op, right } = fields(content, 'left', 'op', 'right');
  return op === 'And' ? [...conjuncts(left), ...conjuncts(right)] : [condition];
}

/** Whether it compares two values, so that it can tie one relation to another. */
function compares(condition: unknown): boolean {
  const [kind, content] = variant(condition);
  if (kind === 'Between') return true;
  return kind === 'BinaryOp' && COMPARING.has(String(fields(content, 'left', 'op', 'right').op));
}

/** Columns that a condition names, without those of queries inside it: [column] or [relation, column]. */
function* columnsOf(value: unknown): Generator<string[]> {
  if (Array.isArray(value)) for (const part of value) yield* columnsOf(part);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const [kind, content] of Object.entries(value as Node)) {
    if (kind === 'Identifier') yield [identifier(content)];
    else if (kind === 'CompoundIdentifier') yield list(content).map(identifier);
    else if (kind !== 'body') yield* columnsOf(content);
  }
}

/** Which relations of one FROM are tied to each other by conditions. */
export class Ties {
  readonly #groups = new Map<Relation, Set<Relation>>();

  tie(relations: Iterable<Relation>): void {
    const merged = new Set<Relation>();
    for (const relation of relations) {
      for (const member of this.#groups.get(relation) ?? [relation]) merged.add(member);
    }
    for (const member of merged) this.#groups.set(member, merged);
  }

  /** Ties the relations that a comparison of the condition names together. */
  tieBy(condition: unknown, scope: Scope): void {
    for (const part of conjuncts(condition).filter(compares)) {
      const named = [...columnsOf(part)].map((path) => scope.ownRelation(path.at(-1)!, path.at(-2)));
      this.tie(named.filter((relation) => relation !== undefined));
    }
  }

  /** @throws {RefusedSql} cost, when rows of two large relations are multiplied with each other */
  refuseProducts(relations: readonly Relation[]): void {
    const large = relations.filter(({ isLarge }) => isLarge);
    const groups = new Set(large.map((relation) => this.#groups.get(relation) ?? relation));
    if (groups.size <= 1) return;
    throw new RefusedSql('cost', `${large.map(({ name }) => name).join(', ')} are joined without a condition`);
  }
}

const isLiteral = (value: unknown) => variant(value)[0] === 'Value';
const isColumn = (value: unknown) => ['Identifier', 'CompoundIdentifier'].includes(variant(value)[0]);

/** `n < 30` or `30 >= n`: what ends a recursion that counts up. */
function bounds(condition: unknown): boolean {
  const [kind, content] = variant(condition);
  if (kind !== 'BinaryOp') return false;
  const { left, op, right } = fields(content, 'left', 'op', 'right');
  if (op === 'Lt' || op === 'LtEq') return isColumn(left) && isLiteral(right);
  return (op === 'Gt' || op === 'GtEq') && isLiteral(left) && isColumn(right);
}

/**
 * A recursion may count: from one row, each step makes one of one, up to a bound that is written down.
 * @throws {RefusedSql} cost
 */
export function requireCounting(step: unknown): void {
  const [kind, select] = variant(step);
  if (kind !== 'Select') return void refuse('this recursion');
  const { from, selection } = select as Record<string, unknown>;
  const [only, ...more] = list(from);
  const isAlone = more.length === 0 && list((only as Record<string, unknown> | undefined)?.joins).length === 0;
  if (isAlone && selection && conjuncts(selection).some(bounds)) return;
  throw new RefusedSql('cost', 'a recursion reads itself alone and ends at a bound: WHERE n < 30');
}
