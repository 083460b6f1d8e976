import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import type { BookPage } from '../../../lib/integration/sandbox-api.ts';
import { AuthorizeRequest, PaymentFollowUp } from '../../../lib/process/external-op.ts';
import type { Desk } from '../book/desk.ts';
import { type Answering, answerer } from '../http/answering.ts';
import type { PaymentRequest } from './payment-book.ts';
import type { PaymentDesk } from './payment-rows.ts';

const MAX_PAGE = 5_000;
const DEFAULT_PAGE = 1_000;

const wholeNumber = (value: unknown, fallback: number): number => {
  const number = Number(value ?? fallback);
  return Number.isSafeInteger(number) && number >= 0 ? number : fallback;
};

/** A page of the book in the order it was booked; `next` is null on the last page. */
async function readBook(pool: Pool, after: number, limit: number): Promise<BookPage> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT * FROM psp_book WHERE position > ${sql.integer(after)} ORDER BY position LIMIT ${sql.integer(limit)}`,
  );
  const entries = rows.map((row) => ({
    cursor: Number(row.position),
    key: row.idem_key,
    kind: row.kind,
    order_id: row.order_id,
    attempt: row.attempt,
    amount_minor: Number(row.amount),
    currency: row.currency,
    at: new Date(Number(row.at)).toISOString(),
  }));
  return { entries, next: entries.length === limit ? entries.at(-1)!.cursor : null };
}

const FOLLOW_UPS = ['capture', 'void', 'refund'] as const;

/** What the columns of the book hold: one request that does not fit would fail all that share its commit. */
const fitting = { attempt: Type.Integer({ minimum: 1, maximum: 99 }) };
const Authorisation = Type.Object({ ...AuthorizeRequest.properties, ...fitting });
const FollowUp = Type.Object({ ...PaymentFollowUp.properties, ...fitting });
const AUTHORIZE_KEY = ':authorizeKey(^[!-~]{1,96}$)';

/** POST /psp/payments, /psp/payments/:authorizeKey/{capture,void,refund}, GET /psp/book. */
export function addPaymentRoutes(
  app: FastifyInstance,
  desk: Desk<PaymentRequest, PaymentDesk>,
  pool: Pool,
  answering: Answering,
): void {
  const service = () => 'psp' as const;
  app.post(
    '/psp/payments',
    answerer(
      {
        kind: 'authorize',
        body: Authorisation,
        target: () => null,
        service,
        answer: (keyed, body) => desk.answer({ ...keyed, kind: 'authorize', body }),
      },
      answering,
    ),
  );
  for (const kind of FOLLOW_UPS) {
    app.post(
      `/psp/payments/${AUTHORIZE_KEY}/${kind}`,
      answerer(
        {
          kind,
          body: FollowUp,
          target: (request: FastifyRequest) => (request.params as { authorizeKey: string }).authorizeKey,
          service,
          answer: (keyed, body, authorizeKey) => desk.answer({ ...keyed, kind, authorizeKey, body }),
        },
        answering,
      ),
    );
  }
  app.get('/psp/book', async (request) => {
    const query = request.query as { after?: string; limit?: string };
    const limit = Math.min(MAX_PAGE, Math.max(1, wholeNumber(query.limit, DEFAULT_PAGE)));
    return readBook(pool, wholeNumber(query.after, 0), limit);
  });
}
