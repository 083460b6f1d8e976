import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { DocumentRequest } from '../../../lib/process/effects.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { NotifierMetrics } from '../notifier-metrics.ts';
import { type Claim, claimDue, isClaimed, LEASE_MS, settle } from '../queue/claims.ts';
import { forEach } from '../queue/for-each.ts';
import { MAX_TRIES, retryDelayMs } from '../queue/retry-ladder.ts';
import type { BlobStore, StoredBlob } from './blob-store.ts';
import { makeCreditNote, makeInvoice, type Seller } from './invoice.ts';
import type { LabelSource } from './label-source.ts';
import { findLabel, findReturnLabel, readPapers, readRefund } from './order-papers.ts';

export interface DocumentMakerOptions {
  blobs: BlobStore;
  labels: LabelSource;
  seller: Seller;
  /** Documents a round takes at most. */
  page: number;
}

/** A claimed row of documents. */
interface DueDocument extends DocumentRequest {
  seq: number;
  orderId: string;
  requestedAt: Date;
  tries: number;
}

const CONCURRENCY = 4;
const MAX_ERROR_CHARS = 300;

const CONTAINERS: Record<DocumentRequest['kind'], string> = {
  invoice: 'invoices',
  credit_note: 'invoices',
  label: 'labels',
  return_label: 'labels',
};

/** Name in its container: 2026/11/<order>/invoice-1.pdf. */
const blobNameOf = ({ kind, no, orderId, requestedAt }: DueDocument): string =>
  `${requestedAt.toISOString().slice(0, 7).replace('-', '/')}/${orderId}/${kind}-${no}.pdf`;

const DOCUMENTS = `SELECT d.order_seq, d.kind, d.doc_no, d.requested_at, d.tries, o.order_id
  FROM documents d JOIN orders o ON o.order_seq = d.order_seq`;

async function readDocuments(pool: Pool, claim: Claim): Promise<DueDocument[]> {
  const [rows] = await pool.query<RowDataPacket[]>(`${DOCUMENTS} WHERE ${isClaimed('d', claim)}`);
  return rows.map((row) => ({
    seq: row.order_seq,
    kind: row.kind,
    no: row.doc_no,
    orderId: uuidFromBytes(row.order_id),
    requestedAt: row.requested_at,
    tries: row.tries,
  }));
}

const keyOf = ({ seq, kind, no }: DueDocument): sql.Literal[] => [sql.integer(seq), sql.text(kind), sql.integer(no)];

const storedRow = (document: DueDocument, { bytes, sha256 }: StoredBlob): sql.Literal[] => [
  ...keyOf(document),
  'NULL',
  sql.integer(document.tries + 1),
  'NULL',
  sql.text(`${CONTAINERS[document.kind]}/${blobNameOf(document)}`),
  sql.integer(bytes),
  sql.binary(sha256),
];

const failedRow = (document: DueDocument, error: string, dueAt: number | null): sql.Literal[] => [
  ...keyOf(document),
  sql.timeOrNull(dueAt),
  sql.integer(document.tries + 1),
  sql.text(error.slice(0, MAX_ERROR_CHARS)),
  ...['NULL', 'NULL', 'NULL'],
];

/** Makes invoices and credit notes, fetches labels, and keeps them all in blob storage. */
export class DocumentMaker {
  readonly #pool: Pool;
  readonly #options: DocumentMakerOptions;
  readonly #metrics: NotifierMetrics;
  readonly #logger: Logger;

  constructor(pool: Pool, options: DocumentMakerOptions, metrics: NotifierMetrics, logger: Logger) {
    this.#pool = pool;
    this.#options = options;
    this.#metrics = metrics;
    this.#logger = logger;
  }

  /** Makes one page. Returns how many documents it had. */
  async round(signal: AbortSignal): Promise<number> {
    const claim = await claimDue(this.#pool, 'documents', this.#options.page, Date.now());
    if (!claim) return 0;
    const documents = await readDocuments(this.#pool, claim);
    const rows: sql.Literal[][] = [];
    await forEach(documents, CONCURRENCY, async (document) => {
      // What is not begun in the first half of its lease is due again when that ends.
      if (!signal.aborted && Date.now() < claim.until - LEASE_MS / 2) rows.push(await this.#provide(document, signal));
    });
    await settle(this.#pool, 'documents', claim, rows);
    return documents.length;
  }

  async #provide(document: DueDocument, signal: AbortSignal): Promise<sql.Literal[]> {
    const { kind } = document;
    try {
      const content = await this.#contentOf(document, signal);
      const stored = await this.#options.blobs.put(CONTAINERS[kind], blobNameOf(document), content, signal);
      this.#metrics.documents.inc({ kind, outcome: 'stored' });
      return storedRow(document, stored);
    } catch (error) {
      return this.#failed(document, (error as Error).message);
    }
  }

  #failed(document: DueDocument, reason: string): sql.Literal[] {
    const { kind, no, orderId } = document;
    const tries = document.tries + 1;
    const isLast = tries >= MAX_TRIES;
    this.#metrics.documents.inc({ kind, outcome: isLast ? 'given_up' : 'failed' });
    if (isLast) this.#logger.warn({ orderId, kind, no, reason }, 'a document is given up');
    return failedRow(document, reason, isLast ? null : Date.now() + retryDelayMs(tries));
  }

  async #contentOf({ seq, kind, no, requestedAt }: DueDocument, signal: AbortSignal): Promise<Buffer> {
    const { seller, labels } = this.#options;
    switch (kind) {
      case 'invoice':
        return makeInvoice(await readPapers(this.#pool, seq), seller, no, requestedAt);
      case 'credit_note': {
        const papers = await readPapers(this.#pool, seq);
        return makeCreditNote(papers, await readRefund(this.#pool, seq, no), seller, no, requestedAt);
      }
      case 'label':
      case 'return_label': {
        const url = await (kind === 'label' ? findLabel : findReturnLabel)(this.#pool, seq, no);
        if (!url) throw new Error('the carrier has not said where the label is');
        return labels.fetch(url, signal);
      }
    }
  }
}
