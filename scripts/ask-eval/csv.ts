import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** One line of a table; a column the file does not have reads as absent. */
export type Row = Record<string, string | undefined>;

/** The lines of NAME.csv.gz or NAME.csv; none when the fixture has no such table. */
export async function readTable(folder: string, name: string): Promise<Row[]> {
  const [packed, plain] = [join(folder, `${name}.csv.gz`), join(folder, `${name}.csv`)];
  const options = { columns: true, bom: true, skip_empty_lines: true } as const;
  if (existsSync(packed)) return parse(gunzipSync(await readFile(packed)), options);
  if (existsSync(plain)) return parse(await readFile(plain), options);
  return [];
}

/** An amount in units of its currency, as minor units. */
export const minor = (amount: string | undefined): number => Math.round(Number(amount || 0) * 100);

/** UTC without its zone, as the servers take it; null when there is none. */
export const timestamp = (text: string | undefined): string | null =>
  text ? text.replace('T', ' ').replace(/(\.\d+)?(Z|\+00:00)$/, '') : null;

export const flag = (text: string | undefined): boolean => /^(1|t|true|y|yes)$/i.test(text ?? '');
