import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { FOREIGN_NUMBERS, hasCardNumber, isOpaqueKey } from '../../../lib/domain/card-data.ts';
import { isCardField, isHashField } from '../../../lib/domain/card-number.ts';
import { conclude, Faults } from './check.ts';
import type { CheckResult } from './result.ts';

const CHECK = { name: 'V1', sentence: 'no card number and no card data is kept in the database' };

/** As many digits as the shortest card number has, blanks or dashes between; both regular expression engines know it. */
const LONG_NUMBER = '[0-9]([- ]{0,2}[0-9]){12}';
const SHORTEST = 13;

/** The sandbox keeps whole answers, which quote such numbers. */
const FOREIGN_COLUMNS = [...FOREIGN_NUMBERS, 'answer'];

/** Closed lists of our own words, on the largest tables. */
const OWN_WORDS = [
  'status',
  'reporting_status',
  'reason_code',
  'trigger_name',
  'from_status',
  'to_status',
  'template',
  'message_key',
  'blob_key',
  'label_key',
  'txn',
  'account',
  'type',
  'event_type',
  'sku',
];

/** Why a member of a JSON document must not be there. */
function memberFault(name: string, member: unknown): string | undefined {
  if (FOREIGN_COLUMNS.includes(name) || isHashField(name, member)) return undefined;
  if (isCardField(name) && typeof member !== 'object') return `a field called ${name}`;
  return jsonFault(member);
}

function jsonFault(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    return hasCardNumber(String(value)) ? 'what may be a card number' : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const fault = memberFault(name, member);
    if (fault) return fault;
  }
  return undefined;
}

/** Card data in a text, which may be a JSON document. */
export function findCardData(text: string): string | undefined {
  if (/^\s*[[{]/.test(text)) {
    try {
      return jsonFault(JSON.parse(text));
    } catch {
      // Not JSON after all: searched as it is.
    }
  }
  return jsonFault(text);
}

interface TextColumn extends RowDataPacket {
  table_name: string;
  column_name: string;
  is_binary: number;
}

const COLUMNS = `SELECT c.table_name AS table_name, c.column_name AS column_name, c.data_type LIKE '%blob' AS is_binary
  FROM information_schema.columns c JOIN information_schema.tables t
    ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
  WHERE c.table_schema = DATABASE() AND c.character_maximum_length >= ${SHORTEST}
    AND (c.data_type LIKE '%char' OR c.data_type LIKE '%text' OR c.data_type LIKE '%blob')
    AND c.column_name NOT IN (?)`;

const KEYS = `SELECT table_name AS table_name, column_name AS column_name FROM information_schema.columns
  WHERE table_schema = DATABASE() AND column_key = 'PRI' ORDER BY table_name, ordinal_position`;

const textOf = ({ column_name, is_binary }: TextColumn) =>
  is_binary === 1 ? `CONVERT(\`${column_name}\` USING latin1)` : `\`${column_name}\``;

function candidates(table: string, columns: readonly TextColumn[]): string {
  const texts = columns.map((column) => `${textOf(column)} AS \`${column.column_name}\``);
  const conditions = columns.map((column) => `${textOf(column)} REGEXP '${LONG_NUMBER}'`);
  return `SELECT *, ${texts.join(', ')} FROM \`${table}\` WHERE ${conditions.join(' OR ')}`;
}

const nameOf = (table: string, column: string, row: RowDataPacket, keys: readonly string[]): string => {
  const key = keys.map((name) => {
    const value: unknown = row[name];
    return `${name} ${Buffer.isBuffer(value) ? value.toString('hex') : value}`;
  });
  return `${table}.${column} of ${key.join(', ')}`;
};

async function searchTable(
  pool: Pool,
  table: string,
  columns: readonly TextColumn[],
  keys: readonly string[],
  faults: Faults,
): Promise<void> {
  // Row by row: the prefilter lets through one in thirty requests, whose ids are long numbers by chance.
  const rows = pool.pool.query(candidates(table, columns)).stream();
  for await (const row of rows as AsyncIterable<RowDataPacket>) {
    for (const { column_name: column } of columns) {
      const value: unknown = row[column];
      if (typeof value !== 'string' || isOpaqueKey(column, value)) continue;
      const fault = findCardData(value);
      if (fault) faults.add(nameOf(table, column, row, keys), fault);
    }
  }
}

/** Searches every text of the database; says where card data is, never what it is. */
export async function checkCardNumbers(pool: Pool): Promise<CheckResult> {
  const startedAt = performance.now();
  const [columns] = await pool.query<TextColumn[]>(COLUMNS, [[...FOREIGN_COLUMNS, ...OWN_WORDS]]);
  const [keyRows] = await pool.query<TextColumn[]>(KEYS);
  const keys = Map.groupBy(keyRows, (row) => row.table_name);
  const faults = new Faults();
  for (const [table, texts] of Map.groupBy(columns, (column) => column.table_name)) {
    const names = (keys.get(table) ?? []).map((row) => row.column_name);
    await searchTable(pool, table, texts, names, faults);
  }
  return conclude(CHECK, faults, startedAt, `${columns.length} columns of text`);
}
