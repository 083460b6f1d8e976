import { READABLE } from '../model/index.ts';
import { checkText } from './lexer.ts';
import { list, variant } from './node.ts';
import { writeQuery } from './query.ts';
import { RefusedSql } from './refused.ts';
import { type ReadableTables, Schema } from './scope.ts';

const MAX_ROWS = 1_000;
const DIALECT = 'mysql';

export interface GuardOptions {
  /** What may be read (default: what the account of questions is granted). */
  tables?: ReadableTables;
  /** Most rows of the answer (default 1,000). The statement asks for one more, which says that there are more. */
  maxRows?: number;
}

const CHECKED = Symbol('checked');

/** SQL that the guard has written itself; nothing else can be run as free SQL. */
export class CheckedSql {
  readonly sql: string;
  /** Names of the columns; an expression without a name is numbered: column_3. */
  readonly columns: readonly string[];
  readonly maxRows: number;

  constructor(made: typeof CHECKED, sql: string, columns: readonly string[], maxRows: number) {
    if (made !== CHECKED) throw new TypeError('only the guard makes checked SQL');
    this.sql = sql;
    this.columns = columns;
    this.maxRows = maxRows;
  }
}

/** The parser is 3.6 MB of WebAssembly: about 50 ms, once and only when free SQL is asked for. */
async function loadParser(): Promise<(sql: string) => unknown> {
  const { init, parse } = await import('@guanmingchiu/sqlparser-ts');
  await init();
  return (sql) => parse(sql, DIALECT);
}
let parser: Promise<(sql: string) => unknown> | undefined;

async function parseStatement(text: string): Promise<unknown> {
  parser ??= loadParser();
  const parse = await parser;
  try {
    return parse(text);
  } catch (error) {
    throw new RefusedSql('syntax', (error as Error).message);
  }
}

/**
 * Checks a statement and writes it anew: from a small alphabet, a list of node types, functions, tables and columns,
 * with a LIMIT. Whatever is not on a list is refused. Only the text written here may be run.
 * @throws {RefusedSql} with the class of what was wrong
 */
export async function guardSql(sql: string, options: GuardOptions = {}): Promise<CheckedSql> {
  const { tables = READABLE, maxRows = MAX_ROWS } = options;
  const statements = list(await parseStatement(checkText(sql)));
  if (statements.length !== 1) throw new RefusedSql('statement', 'one statement at a time');
  const [kind, query] = variant(statements[0]);
  if (kind !== 'Query') throw new RefusedSql('statement', 'only SELECT is allowed');
  const { text, columns } = writeQuery(query, new Schema(tables), { queries: new Map() }, maxRows + 1);
  const names = columns.map((name, index) => name ?? `column_${index + 1}`);
  return new CheckedSql(CHECKED, text, names, maxRows);
}
