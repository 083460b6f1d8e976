import { RefusedSql } from './refused.ts';

/** What a table shows: `columns` may be read, `withheld` may not and no other thing may take their names. */
export interface ReadableTable {
  columns: readonly string[];
  withheld?: readonly string[];
}
export type ReadableTables = Readonly<Record<string, ReadableTable>>;

/** A table or sub-query under its name in one FROM clause. */
export interface Relation {
  name: string;
  columns: ReadonlySet<string>;
  /** Its rows can be many: two of them without a condition between them are refused. */
  isLarge: boolean;
  /** A table, of which columns can be hidden; not a query, whose columns are all read already. */
  isStored: boolean;
}

/** A common table expression; it is renamed, so that its name can never mean a stored table. */
export interface NamedQuery {
  written: string;
  columns: ReadonlySet<string>;
  isLarge: boolean;
}

const key = (name: string) => name.toLowerCase();
const PREFIX = 'cte_';
export const writtenName = (name: string): string => (key(name).startsWith(PREFIX) ? name : PREFIX + name);

/** Lower-case names: the servers compare columns that way. */
export const nameSet = (names: Iterable<string>): ReadonlySet<string> => new Set([...names].map(key));

/** The tables of a question and the names that they keep for themselves. */
export class Schema {
  readonly #tables: ReadonlyMap<string, { name: string; columns: ReadonlySet<string> }>;
  readonly #withheld: ReadonlySet<string>;

  constructor(tables: ReadableTables) {
    const entries = Object.entries(tables);
    this.#tables = new Map(entries.map(([name, { columns }]) => [key(name), { name, columns: nameSet(columns) }]));
    this.#withheld = nameSet(entries.flatMap(([, { withheld = [] }]) => withheld));
  }

  table(name: string) {
    return this.#tables.get(key(name));
  }

  /**
   * A name that the statement makes up. A withheld column's would let the statement name that column: the server may
   * take GROUP BY note for the column while it reads here as the alias.
   */
  declare(name: string): string {
    if (!this.#withheld.has(key(name))) return name;
    throw new RefusedSql('column', `${name} is the name of a column that questions may not read`);
  }
}

/** Every common table expression that can be seen, by its name in lower case. */
export type NamedQueries = ReadonlyMap<string, NamedQuery>;

/** What names mean inside one SELECT. */
export class Scope {
  readonly queries: NamedQueries;
  readonly #outer: Scope | undefined;
  readonly #relations = new Map<string, Relation>();
  #aliases: ReadonlySet<string> = new Set();
  #windows: ReadonlySet<string> = new Set();

  constructor({ queries, outer }: Around) {
    this.queries = queries;
    this.#outer = outer;
  }

  get relations(): readonly Relation[] {
    return [...this.#relations.values()];
  }

  query(name: string): NamedQuery | undefined {
    return this.queries.get(key(name));
  }

  add(relation: Relation): void {
    if (this.#relations.has(key(relation.name))) {
      throw new RefusedSql('table', `${relation.name} stands twice in one FROM`);
    }
    this.#relations.set(key(relation.name), relation);
  }

  /** Names of the SELECT list: known to GROUP BY, HAVING and ORDER BY only. */
  showAliases(names: Iterable<string>): void {
    this.#aliases = nameSet(names);
  }

  showWindows(names: Iterable<string>): void {
    this.#windows = nameSet(names);
  }

  /** The relation of this FROM that a column is read from, if it is one of this FROM. */
  ownRelation(column: string, relation?: string): Relation | undefined {
    if (relation !== undefined) return this.#relations.get(key(relation));
    return this.relations.find(({ columns }) => columns.has(key(column)));
  }

  /** @throws {RefusedSql} column */
  requireColumn(name: string): void {
    if (this.ownRelation(name) || this.#aliases.has(key(name))) return;
    if (this.#outer) this.#outer.requireColumn(name);
    else throw new RefusedSql('column', `there is no column ${name} that questions may read`);
  }

  /** @throws {RefusedSql} column */
  requireColumnOf(relation: string, name: string): void {
    const own = this.#relations.get(key(relation));
    if (own?.columns.has(key(name))) return;
    if (!own && this.#outer) this.#outer.requireColumnOf(relation, name);
    else throw new RefusedSql('column', `there is no column ${relation}.${name} that questions may read`);
  }

  requireWindow(name: string): void {
    if (!this.#windows.has(key(name))) throw new RefusedSql('construct', `there is no window ${name}`);
  }
}

/** Where a query stands. */
export interface Around {
  queries: NamedQueries;
  /** The SELECT around it, whose columns it may use. */
  outer?: Scope;
}

/** `queries` and one more; a later one of the same name hides the earlier. */
export const withQuery = (queries: NamedQueries, name: string, query: NamedQuery): NamedQueries =>
  new Map([...queries, [key(name), query]]);
