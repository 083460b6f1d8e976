import { Compile } from 'typebox/compile';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes, uuidToBytes } from '../../../lib/domain/ids.ts';
import { type BookEntry, BookPage } from '../../../lib/integration/sandbox-api.ts';
import { formatCount } from '../../ui/format.ts';
import { readBeginning } from './beginning.ts';
import { conclude, Faults, skipped } from './check.ts';
import { cameThrough, type Moment } from './invariants/invariant.ts';
import type { CheckResult } from './result.ts';

export const BOOK_CHECK = { name: 'M6', sentence: "the ledger is the provider's own book, key by key" };

const PAGE = 1_000;
const TIMEOUT_MS = 5_000;
const validator = Compile(BookPage);

class NoBook extends Error {}

/** The provider's book, a page at a time, in the order it was booked. */
async function* bookPages(sandboxUrl: string, signal: AbortSignal): AsyncGenerator<BookEntry[]> {
  for (let after = 0; ; ) {
    const url = new URL(`/psp/book?after=${after}&limit=${PAGE}`, sandboxUrl);
    const page: unknown = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) })
      .then((response) => response.json())
      .catch(() => undefined);
    signal.throwIfAborted();
    if (!validator.Check(page)) throw new NoBook(`the provider at ${sandboxUrl} does not show its book`);
    if (page.entries.length > 0) yield page.entries;
    if (page.next === null) return;
    after = page.next;
  }
}

interface Booked extends RowDataPacket {
  order_id: Buffer;
  txn: string;
  debit_minor: number;
  credit_minor: number;
}

interface Attempt extends RowDataPacket {
  order_id: Buffer;
  attempt: number;
  status: string;
  authorized_minor: number;
}

const LEDGER = `SELECT o.order_id, l.txn, l.debit_minor, l.credit_minor
  FROM orders o JOIN ledger_entries l ON l.order_seq = o.order_seq AND l.account = 'provider' WHERE o.order_id IN (?)`;
const ATTEMPTS = `SELECT o.order_id, p.attempt, p.status, p.authorized_minor
  FROM orders o JOIN payments p ON p.order_seq = o.order_seq WHERE o.order_id IN (?)`;

const LEDGER_PAGE = `SELECT l.order_seq, l.txn, o.order_id FROM ledger_entries l JOIN orders o ON o.order_seq = l.order_seq
  WHERE l.order_seq > ? AND l.account = 'provider' AND l.booked_at < ? ORDER BY l.order_seq, l.txn LIMIT ${PAGE * 10}`;
const ATTEMPT_PAGE = `SELECT p.order_seq, p.attempt, o.order_id FROM payments p JOIN orders o ON o.order_seq = p.order_seq
  WHERE p.order_seq > ? AND p.authorized_minor > 0 AND o.status_since < ? AND ${cameThrough('p')}
  ORDER BY p.order_seq, p.attempt LIMIT ${PAGE * 10}`;

const attemptKey = (orderId: string, attempt: number) => `${orderId}:${attempt}`;

/** Both books side by side: every entry of one has to be in the other. */
class BookComparison {
  readonly faults = new Faults();
  entries = 0;
  private readonly pool: Pool;
  private readonly moment: Moment;
  private readonly moved = new Set<string>();
  private readonly authorised = new Set<string>();

  constructor(pool: Pool, moment: Moment) {
    this.pool = pool;
    this.moment = moment;
  }

  /** From the provider's book to ours. */
  async compare(entries: readonly BookEntry[]): Promise<void> {
    if (entries.length === 0) return;
    this.entries += entries.length;
    const ids = [...new Set(entries.map((entry) => entry.order_id))].map(uuidToBytes);
    const [ledger] = await this.pool.query<Booked[]>(LEDGER, [ids]);
    const [payments] = await this.pool.query<Attempt[]>(ATTEMPTS, [ids]);
    const byTxn = new Map(ledger.map((row) => [row.txn, row]));
    const byAttempt = new Map(payments.map((row) => [attemptKey(uuidFromBytes(row.order_id), row.attempt), row]));
    for (const entry of entries) {
      const attempt = attemptKey(entry.order_id, entry.attempt);
      if (entry.kind === 'authorize' || entry.kind === 'capture') this.authorised.add(attempt);
      if (movesMoney(entry)) this.moved.add(entry.key);
      const fault = movesMoney(entry)
        ? ledgerFault(entry, byTxn.get(entry.key))
        : paymentFault(entry, byAttempt.get(attempt));
      if (fault && Date.parse(entry.at) < this.moment.quietBefore.getTime()) {
        this.faults.add(`${entry.kind} ${entry.key}`, `the provider booked ${entry.amount_minor}, ${fault}`);
      }
    }
  }

  /** From our books to the provider's. */
  async compareBack(): Promise<void> {
    await this.eachRow(LEDGER_PAGE, ({ txn }) => {
      if (!this.moved.has(txn)) this.faults.add(txn, 'the ledger has it, the provider does not');
    });
    await this.eachRow(ATTEMPT_PAGE, (row) => {
      const key = attemptKey(uuidFromBytes(row.order_id), row.attempt);
      if (this.authorised.has(key)) return;
      this.faults.add(`payment ${key}`, 'it counts as authorised, the provider knows nothing of it');
    });
  }

  /** Every row of a table that is clustered by order, in pages that end between two orders. */
  private async eachRow(sql: string, visit: (row: RowDataPacket) => void): Promise<void> {
    for (let last = 0; ; ) {
      const [rows] = await this.pool.query<RowDataPacket[]>(sql, [last, this.moment.quietBefore]);
      const isLast = rows.length < PAGE * 10;
      const end = rows.at(-1)?.order_seq;
      const whole = isLast ? rows : rows.filter((row) => row.order_seq !== end);
      for (const row of whole) visit(row);
      if (isLast) return;
      last = whole.at(-1)!.order_seq;
    }
  }
}

const movesMoney = ({ kind }: BookEntry) => kind === 'capture' || kind === 'refund' || kind === 'chargeback';

function ledgerFault({ kind, amount_minor }: BookEntry, row: Booked | undefined): string | undefined {
  if (!row) return 'the ledger has nothing of it';
  const booked = kind === 'capture' ? row.debit_minor : row.credit_minor;
  return booked === amount_minor ? undefined : `the ledger ${booked}`;
}

function paymentFault({ kind, amount_minor }: BookEntry, payment: Attempt | undefined): string | undefined {
  if (!payment) return 'we know no such payment';
  const { status, authorized_minor } = payment;
  if (kind === 'void') return status === 'voided' ? undefined : `the payment is ${status}`;
  // Voided before its answer came, an authorisation is never heard of.
  if (authorized_minor === 0 && (status === 'voiding' || status === 'voided')) return undefined;
  return authorized_minor === amount_minor ? undefined : `the payment says ${authorized_minor}`;
}

/** Compares the provider's book with the ledger and the payments, in both directions. */
export async function checkProviderBook(
  pool: Pool,
  sandboxUrl: string | undefined,
  moment: Moment,
  signal: AbortSignal,
): Promise<CheckResult> {
  if (sandboxUrl === undefined) return skipped(BOOK_CHECK, 'no stand-in provider is known for this database');
  const startedAt = performance.now();
  const books = new BookComparison(pool, moment);
  try {
    const beginning = (await readBeginning(pool)).getTime();
    for await (const entries of bookPages(sandboxUrl, signal)) {
      await books.compare(entries.filter(({ at }) => Date.parse(at) >= beginning));
    }
  } catch (error) {
    if (error instanceof NoBook) return skipped(BOOK_CHECK, error.message);
    throw error;
  }
  await books.compareBack();
  return conclude(BOOK_CHECK, books.faults, startedAt, `${formatCount(books.entries)} entries`);
}
