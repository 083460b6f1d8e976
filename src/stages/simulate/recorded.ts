import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { requestHash } from '../../../lib/domain/canonical.ts';
import { OrderRequest } from '../../../lib/domain/order-request.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type OrderSource, planOrder } from './order-source.ts';
import type { CatalogueEntry } from './workload.ts';

/** `from-` and the reference must fit into an Idempotency-Key. */
const REF = '^[A-Za-z0-9._:~+/=-]{1,120}$';

/** One recorded order, a line of the file. `recorded` is what really became of it; nothing here reads it. */
const RecordedOrder = Type.Object(
  {
    at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?(Z|[+-]\\d{2}:\\d{2})$' }),
    ref: Type.String({ pattern: REF }),
    ...OrderRequest.properties,
    recorded: Type.Optional(Type.Unknown()),
  },
  { additionalProperties: false },
);
type RecordedOrder = Static<typeof RecordedOrder>;
const validator = Compile(RecordedOrder);

const SHOWN_PROBLEMS = 10;

/** Where a line stands in the file, and what is needed to plan it without reading it again. */
interface Line {
  start: number;
  end: number;
  atMs: number;
}

/** Recorded orders, read and checked as a whole; `moments` are their recorded times, in the order of the source. */
export interface Recording {
  source: OrderSource & { size: number };
  /** Epoch milliseconds. */
  moments: Float64Array;
  /** Lines that repeat an order of the same file word for word. */
  repeated: number;
}

/** The order to post: items of the same SKU in one line, as the order API would merge them. */
function requestOf(recorded: RecordedOrder): OrderRequest {
  const { at: _at, ref: _ref, recorded: _recorded, items, ...rest } = recorded;
  const quantities = new Map<string, number>();
  for (const item of items) quantities.set(item.sku, (quantities.get(item.sku) ?? 0) + item.quantity);
  return { ...rest, items: [...quantities].map(([sku, quantity]) => ({ sku, quantity })) };
}

function parseLine(bytes: Buffer): RecordedOrder {
  if (!isUtf8(bytes)) throw new Error('not UTF-8');
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (validator.Check(value)) return value;
  const [problem] = validator.Errors(value);
  const missing =
    problem && 'requiredProperties' in problem.params ? `/${problem.params.requiredProperties}` : undefined;
  throw new Error(`${problem?.instancePath}${missing ?? ''}: ${missing ? 'is missing' : problem?.message}`);
}

/** What a line may only say in the light of the catalogue and of the lines before it. */
class Checker {
  private readonly currencies: Map<string, string>;
  private readonly seen = new Map<string, { line: number; hash: string }>();

  constructor(catalogue: readonly CatalogueEntry[]) {
    this.currencies = new Map(catalogue.map((entry) => [entry.sku, entry.currency]));
  }

  /** @returns whether the order is new; false for one that repeats an earlier line */
  accept(order: RecordedOrder, line: number): boolean {
    if (Number.isNaN(Date.parse(order.at))) throw new Error(`/at: ${order.at} is no date`);
    order.items.forEach((item, index) => {
      const currency = this.currencies.get(item.sku);
      if (!currency) throw new Error(`/items/${index}/sku: ${item.sku} is not in the catalogue`);
      if (currency !== order.currency) throw new Error(`/currency: ${item.sku} is sold in ${currency}`);
    });
    const request = requestOf(order);
    const merged = request.items.findIndex((item) => item.quantity > 999);
    if (merged >= 0) throw new Error(`/items: more than 999 pieces of ${request.items[merged]?.sku} in all`);
    return this.isNew(order.ref, requestHash(request), line);
  }

  private isNew(ref: string, hash: string, line: number): boolean {
    const before = this.seen.get(ref);
    if (!before) this.seen.set(ref, { line, hash });
    else if (before.hash !== hash) throw new Error(`/ref: ${ref} names another order on line ${before.line}`);
    return !before;
  }
}

function* linesOf(bytes: Buffer): Generator<{ number: number; start: number; end: number }> {
  const hasByteOrderMark = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  let start = hasByteOrderMark ? 3 : 0;
  for (let number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    yield { number, start, end };
    start = end + 1;
  }
}

function invalid(file: string, problems: readonly string[], total: number): OmsError {
  const more = total > problems.length ? `; ${total - problems.length} more` : '';
  return new OmsError('input_file', `${file}: ${total} of its lines cannot be replayed, nothing was sent`, {
    why: problems.join('\n        ') + more,
    next: ['Correct these lines, or bring their products with: oms seed --catalogue FILE.csv'],
  });
}

function readLines(file: string, bytes: Buffer, catalogue: readonly CatalogueEntry[]) {
  const checker = new Checker(catalogue);
  const lines: Line[] = [];
  const problems: string[] = [];
  let faulty = 0;
  let repeated = 0;
  for (const { number, start, end } of linesOf(bytes)) {
    const line = bytes.subarray(start, end);
    if (line.toString('latin1').trim() === '') continue;
    try {
      const order = parseLine(line);
      if (checker.accept(order, number)) lines.push({ start, end, atMs: Date.parse(order.at) });
      else repeated++;
    } catch (error) {
      if (++faulty <= SHOWN_PROBLEMS) problems.push(`${file}:${number}: ${messageOf(error)}`);
    }
  }
  if (faulty > 0) throw invalid(file, problems, faulty);
  return { lines, repeated };
}

/**
 * Reads recorded orders: every line is checked before the first one is sent. The file stays in memory as it is, an
 * order is parsed again when it is due.
 *
 * The Idempotency-Key of an order is `from-<ref>`: replaying a file again places no order twice.
 * @param options.byTime in the order of the recorded times rather than of the lines
 * @throws {OmsError} `input_file` naming the first ten faulty lines as file:line
 */
export async function readRecording(options: {
  file: string;
  catalogue: readonly CatalogueEntry[];
  byTime: boolean;
}): Promise<Recording> {
  const bytes = await readFile(options.file).catch((error: unknown) => {
    throw new OmsError('input_file', `cannot read ${options.file}`, {
      why: messageOf(error),
      next: ['oms simulate --from FILE.ndjson, with the path of a file that can be read'],
      cause: error,
    });
  });
  const { lines, repeated } = readLines(options.file, bytes, options.catalogue);
  if (lines.length === 0) throw new OmsError('input_file', `${options.file} has no orders in it`);
  if (options.byTime) lines.sort((a, b) => a.atMs - b.atMs);
  const order = (n: number) => {
    const recorded = parseLine(bytes.subarray(lines[n]!.start, lines[n]!.end));
    return planOrder(n, `from-${recorded.ref}`, requestOf(recorded));
  };
  const moments = Float64Array.from(lines, (line) => line.atMs);
  return { source: { size: lines.length, order }, moments, repeated };
}
