import { minorDigits } from '../../domain/money.ts';
import type { Answered, AskOptions, AskSource } from '../ask.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Cell } from '../execute.ts';
import type { CheckedSql } from '../guard/guard.ts';
import type { Reading } from './index.ts';

/** Runs SQL that the guard has written; `more` says that there are rows beyond these. */
export interface FreeReader {
  freeSql?(checked: CheckedSql): Promise<{ rows: Cell[][]; more: boolean }>;
}

const isMoney = (name: string) => name.endsWith('_minor');

function columnOf(name: string, sample: unknown, currency: string): Answered['columns'][number] {
  if (isMoney(name)) return { name: name.replace(/_minor$/, ''), kind: 'metric', unit: 'money', currency };
  return typeof sample === 'number'
    ? { name, kind: 'metric', unit: 'number' }
    : { name, kind: 'dimension', unit: 'text' };
}

function toCells(row: readonly Cell[], columns: readonly string[], factor: number): Answered['rows'][number] {
  return columns.map((name, at) => {
    const value = row[at] ?? null;
    if (value instanceof Date) return value.toISOString();
    return isMoney(name) && value !== null ? Number(value) / factor : value;
  });
}

/** Runs SQL that the guard has written anew; what it means nobody has checked, and the answer says so. */
export async function answerFreeSql(
  question: string,
  { checked, notes }: Extract<Reading, { kind: 'sql' }>,
  { catalogue, reader, options }: { catalogue: Catalogue; reader: AskSource; options: AskOptions },
): Promise<Answered> {
  const sql = checked as CheckedSql;
  const found = options.dryRun || !reader.freeSql ? { rows: [], more: false } : await reader.freeSql(sql);
  const currency = catalogue.currencies[0] ?? 'USD';
  const wanted = found.rows.slice(0, options.limit);
  const rows = wanted.map((row) => toCells(row, sql.columns, 10 ** minorDigits(currency)));
  return {
    status: 'answer',
    question,
    understood: 'a statement that a language model wrote',
    assumptions: ['the statement means what was asked: nothing but reading it can tell'],
    by: 'model',
    notes: [...notes, ...(found.more ? ['there are more rows'] : [])],
    plan: null,
    sql: sql.sql,
    columns: sql.columns.map((name, at) => columnOf(name, rows[0]?.[at], currency)),
    rows,
    total: found.rows.length,
    followUps: [],
    ...(options.dryRun && { dryRun: true }),
  };
}
