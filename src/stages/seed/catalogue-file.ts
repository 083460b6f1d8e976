import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { messageOf, OmsError } from '../../errors.ts';
import { formatBytes } from '../../ui/format.ts';
import { type CatalogueRow, COLUMNS, parseRow } from './catalogue-row.ts';

/** About 500,000 products; a file beyond it is more likely not a catalogue. */
const MAX_BYTES = 50 * 1_024 * 1_024;

/** No line of a catalogue is longer; a quote left open would otherwise swallow the file. */
const MAX_RECORD_CHARACTERS = 65_536;

/** Problems shown; the others are only counted. */
const SHOWN = 10;

const HELP = `the first line has to be ${COLUMNS.join(',')}`;

async function refuseUnfit(file: string): Promise<void> {
  const found = await stat(file).catch((error: unknown) => {
    const next = ['oms seed --catalogue FILE.csv, with the path of a file that can be read'];
    throw new OmsError('input_file', `the catalogue ${file} cannot be read`, {
      why: messageOf(error),
      next,
      cause: error,
    });
  });
  if (!found.isFile()) {
    throw new OmsError('input_file', `the catalogue ${file} is no file`, { next: ['oms seed --catalogue FILE.csv'] });
  }
  if (found.size <= MAX_BYTES) return;
  throw new OmsError('input_file', `the catalogue ${file} is too large`, {
    why: `${formatBytes(found.size)}; ${formatBytes(MAX_BYTES)} are taken at most`,
    next: ['split it: files are added to what is there, product by product'],
  });
}

/** Problems of a file, the first of them with their line. */
class Problems {
  readonly #file: string;
  readonly #shown: string[] = [];
  #count = 0;

  constructor(file: string) {
    this.#file = basename(file);
  }

  add(line: number, text: string): void {
    this.#count += 1;
    if (this.#shown.length < SHOWN) this.#shown.push(`${this.#file}:${line}: ${text}`);
  }

  addIfNone(line: number, text: string): void {
    if (this.#count === 0) this.add(line, text);
  }

  /** @throws {OmsError} input_file, when there are any */
  refuse(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#shown.length;
    const lines = more > 0 ? [...this.#shown, `and ${more} more`] : this.#shown;
    const what = this.#count === 1 ? 'a problem' : `${this.#count} problems`;
    throw new OmsError('input_file', `the catalogue has ${what}, nothing was written`, {
      why: lines.join('\n        '),
      next: ['correct the file and run the same command again'],
    });
  }
}

interface Line {
  fields: string[];
  number: number;
}

/** @throws {TypeError} where the bytes are no UTF-8 */
async function* decodeUtf8(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of source) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** How often a mark stands in the fields of a record. */
const countIn = (fields: readonly string[], mark: RegExp) => fields.join('\0').match(mark)?.length ?? 0;

/** The lines of a CSV file (RFC 4180; a byte order mark, CRLF and blank lines are fine), with their numbers. */
async function* readLines(file: string): AsyncGenerator<Line> {
  const { parse } = await import('csv-parse');
  const parser = parse({
    info: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  // Errors come out of the parser, where they are waited for.
  pipeline(createReadStream(file), decodeUtf8, parser, () => {});
  // The parser counts lines at the end of a record, and CRLF inside quotes as two.
  let countedTwice = 0;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    yield { fields: record, number: info.lines - countedTwice - countIn(record, /[\r\n]/g) };
    countedTwice += countIn(record, /\r\n/g);
  }
}

function readHeader(header: Line, problems: Problems): Map<string, number> {
  const names = header.fields.map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) problems.add(header.number, `the header lacks ${missing.join(', ')}; ${HELP}`);
  problems.refuse();
  return new Map(names.map((name, index) => [name, index]));
}

/** Rows that are right by themselves, checked against each other: one currency, each SKU once. */
class Catalogue {
  readonly rows: CatalogueRow[] = [];
  readonly #lineOf = new Map<string, number>();

  add(row: CatalogueRow, line: number, problems: Problems): void {
    const before = this.#lineOf.get(row.sku);
    const currency = this.rows[0]?.currency ?? row.currency;
    if (before !== undefined) problems.add(line, `sku ${row.sku} was in line ${before} already`);
    if (row.currency !== currency)
      problems.add(line, `currency ${row.currency}, where the file began with ${currency}`);
    this.#lineOf.set(row.sku, before ?? line);
    this.rows.push(row);
  }
}

function readRow(line: Line, columns: Map<string, number>, catalogue: Catalogue, problems: Problems): void {
  if (line.fields.length !== columns.size) {
    problems.add(line.number, `${line.fields.length} fields, where the header has ${columns.size}`);
    return;
  }
  const fields = Object.fromEntries(COLUMNS.map((column) => [column, line.fields[columns.get(column)!]!]));
  const row = parseRow(fields as Parameters<typeof parseRow>[0]);
  if (!Array.isArray(row)) catalogue.add(row, line.number, problems);
  else for (const problem of row) problems.add(line.number, problem);
}

/**
 * Reads a whole catalogue, or nothing of it.
 * @returns at least one row
 * @throws {OmsError} input_file, with file:line of each of the first problems
 */
export async function readCatalogueFile(file: string): Promise<CatalogueRow[]> {
  await refuseUnfit(file);
  const problems = new Problems(file);
  const catalogue = new Catalogue();
  let columns: Map<string, number> | undefined;
  try {
    for await (const line of readLines(file)) {
      if (columns) readRow(line, columns, catalogue, problems);
      else columns = readHeader(line, problems);
    }
  } catch (error) {
    addSyntaxProblem(error, problems);
  }
  if (!columns || catalogue.rows.length === 0) problems.addIfNone(1, columns ? 'no products' : `empty; ${HELP}`);
  problems.refuse();
  return catalogue.rows;
}

/** What the parser or the decoder could not go on from; anything else is thrown on. */
function addSyntaxProblem(error: unknown, problems: Problems): void {
  const { code = '', lines = 1 } = error as { code?: string; lines?: number };
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') problems.add(lines, 'the text is not UTF-8');
  else if (code.startsWith('CSV_') || code === 'INVALID_OPENING_QUOTE') problems.add(lines, messageOf(error));
  else throw error;
}
