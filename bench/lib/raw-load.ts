import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type RowDataPacket } from '../../lib/database/connect.ts';

/** All that orders leave behind from being placed to being confirmed. */
const TABLES = [
  'customers',
  'orders',
  'order_items',
  'order_history',
  'reservations',
  'payments',
  'payment_choices',
  'order_notes',
  'risk_assessments',
  'external_ops',
  'inbox',
  'notifications',
  'documents',
  'shipments',
  'shipment_items',
  'ledger_entries',
  'outbox',
];

const cell = (value: unknown): string => {
  if (value === null) return '\\N';
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return value instanceof Date ? value.toISOString().slice(0, 23).replace('T', ' ') : escaped(String(value));
};

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n');

export interface Dump {
  table: string;
  files: string[];
  columns: string;
}

/** Writes the rows of a schema as LOAD DATA files, two a table. */
export async function dump(url: string): Promise<Dump[]> {
  const connection = await connect(url);
  const dir = await mkdtemp(join(tmpdir(), 'oms-bench-rows-'));
  const dumps: Dump[] = [];
  for (const table of TABLES) {
    const [rows, fields] = await connection.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
    if (rows.length === 0) continue;
    const binary = fields
      .filter((field) => rows.some((row) => Buffer.isBuffer(row[field.name])))
      .map(({ name }) => name);
    const list = fields.map(({ name }) => (binary.includes(name) ? `@${name}` : name)).join(',');
    const sets = binary.map((name) => `${name} = UNHEX(@${name})`).join(', ');
    const half = Math.ceil(rows.length / 2);
    const files = await Promise.all(
      [rows.slice(0, half), rows.slice(half)].map(async (part, index) => {
        const file = join(dir, `${table}.${index}`);
        await writeFile(file, part.map((row) => `${Object.values(row).map(cell).join('\t')}\n`).join(''));
        return file;
      }),
    );
    dumps.push({ table, files, columns: `(${list})${sets && ` SET ${sets}`}` });
  }
  await connection.end();
  return dumps;
}

/** Empties the tables of a dump. */
export async function empty(url: string, dumps: readonly Dump[]): Promise<void> {
  const connection = await connect(url);
  for (const { table } of dumps) await connection.query(`TRUNCATE TABLE ${table}`);
  await connection.end();
}

/** The server's LOAD DATA of the very rows, two connections; their files are gone afterwards. @returns milliseconds */
export async function loadRaw(url: string, dumps: readonly Dump[]): Promise<number> {
  const start = performance.now();
  await Promise.all(
    [0, 1].map(async (part) => {
      const connection = await connect(url);
      await connection.query('START TRANSACTION');
      for (const { table, files, columns } of dumps) {
        await connection.query({
          sql: `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} ${columns}`,
          infileStreamFactory: () => createReadStream(files[part]!),
        });
      }
      await connection.query('COMMIT');
      await connection.end();
    }),
  );
  const ms = performance.now() - start;
  await rm(dirname(dumps[0]!.files[0]!), { recursive: true });
  return ms;
}
