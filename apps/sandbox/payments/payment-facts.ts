import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { answerEventId } from '../../../lib/domain/ids.ts';
import { type Desk, transact } from '../book/desk.ts';
import type { DueFact, Fact, FactSource } from '../webhooks/hook.ts';
import { type Later, type Payment, providerRefOf, settle } from './payment.ts';
import type { PaymentRequest } from './payment-book.ts';
import {
  addPayment,
  chargebackId,
  emptyDesk,
  note,
  type PaymentDesk,
  savePayments,
  toPayment,
} from './payment-rows.ts';

/** What the stand-in calls itself. */
export const PROVIDER = 'sandbox';

interface DueEvent {
  payment: Payment;
  event: Later['event'];
  /** When it happens; milliseconds since 1970. */
  at: number;
  /** What it is about, once it is booked. */
  amount: number;
}

export interface DuePaymentFact extends DueFact, DueEvent {}

const namesOf = ({ payment, event }: DueEvent) => [
  sql.text(payment.orderId),
  sql.text(payment.authorizeKey),
  sql.text(event),
];
const rowOf = (due: DueEvent) => `(${namesOf(due).join(',')})`;
const whereAmong = (rows: readonly DueEvent[]) =>
  `WHERE (order_id, authorize_key, event) IN (${rows.map(rowOf).join(',')})`;

function factOf({ payment, event, at, amount }: DueEvent): Fact {
  const outcome = event === 'chargeback' ? 'charged_back' : payment.failure === null ? 'captured' : 'declined';
  const type = `oms.payment.${outcome}.v1`;
  return {
    // Asked again, the same answer may come on that way too: it is one event.
    id: event === 'collect' ? answerEventId(payment.authorizeKey, type) : chargebackId(payment),
    type,
    time: new Date(at).toISOString(),
    data: {
      order_id: payment.orderId,
      attempt: payment.attempt,
      ...(event === 'collect' && { op_key: payment.authorizeKey }),
      provider: PROVIDER,
      provider_ref: providerRefOf(payment.authorizeKey),
      amount_minor: amount,
      currency: payment.currency,
      ...(outcome === 'declined' && { code: payment.failure, soft: payment.soft }),
    },
  };
}

async function readDue(pool: Pool, booked: 0 | 1, until: number, limit: number): Promise<DueEvent[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT p.*, d.event, d.at, d.booked_amount FROM psp_due d JOIN psp_payments p USING (order_id, authorize_key)
     WHERE d.booked = ${booked} AND d.due_at <= ${sql.integer(until)} ORDER BY d.due_at LIMIT ${sql.integer(limit)}`,
  );
  return rows.map((row) => ({
    payment: toPayment(row),
    event: row.event,
    at: Number(row.at),
    amount: Number(row.booked_amount),
  }));
}

/** What the provider does by itself: it books what is due first, then tells of it. */
export class PaymentFacts implements FactSource<DuePaymentFact> {
  readonly #pool: Pool;
  readonly #desk: Desk<PaymentRequest, PaymentDesk>;

  constructor(pool: Pool, desk: Desk<PaymentRequest, PaymentDesk>) {
    this.#pool = pool;
    this.#desk = desk;
  }

  async due(now: number, limit: number): Promise<DuePaymentFact[]> {
    await this.#desk.alone(() => this.#bookDue(now, limit));
    const due = await readDue(this.#pool, 1, now, limit);
    return due.map((one) => ({ ...one, fact: factOf(one), source: rowOf(one) }));
  }

  async nextDueAt(): Promise<number | undefined> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(
      `(SELECT due_at FROM psp_due WHERE booked = 0 ORDER BY due_at LIMIT 1)
       UNION ALL (SELECT due_at FROM psp_due WHERE booked = 1 ORDER BY due_at LIMIT 1) ORDER BY due_at LIMIT 1`,
    );
    return rows[0] && Number(rows[0].due_at);
  }

  async done(told: readonly DuePaymentFact[]): Promise<void> {
    await this.#pool.query(`DELETE FROM psp_due ${whereAmong(told)}`);
  }

  async putOff(refused: DuePaymentFact, until: number): Promise<void> {
    await this.#pool.query(`UPDATE psp_due SET due_at = ${sql.integer(until)} ${whereAmong([refused])}`);
  }

  async #bookDue(now: number, limit: number): Promise<void> {
    const due = await readDue(this.#pool, 0, now, limit);
    if (due.length === 0) return;
    const book = emptyDesk();
    const dropped: DueEvent[] = [];
    for (const one of due) {
      const { payment, event } = one;
      const decision = settle(payment, event);
      if (!decision) {
        dropped.push(one);
        continue;
      }
      addPayment(book, payment);
      note(book, payment, event === 'collect' ? payment.authorizeKey : chargebackId(payment), decision, now);
      book.booked.push([...namesOf(one), sql.integer(one.at), sql.integer(decision.answer.amount_minor)]);
    }
    const drop = dropped.length > 0 ? `DELETE FROM psp_due ${whereAmong(dropped)};` : '';
    await transact(this.#pool, savePayments(book) + drop);
  }
}
