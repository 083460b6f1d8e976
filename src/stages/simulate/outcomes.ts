import { type Static, Type } from 'typebox';
import type { RowDataPacket } from '../../../lib/database/connect.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import type { OrderStory } from './order-source.ts';
import type { RunScope } from './run-orders.ts';

const count = Type.Integer();
const share = Type.Union([Type.Number(), Type.Null()], { description: 'of 1; null when there was none' });

/** What became of the orders of a run, against what was meant to. */
export const Outcomes = Type.Object({
  statuses: Type.Record(Type.String(), count),
  reasons: Type.Record(Type.String(), count, { description: 'of cancelled, returned and rejected orders' }),
  payments: Type.Object({
    asked: count,
    paid: count,
    paid_after_retry: Type.Integer({ description: 'declined softly at first, saved by asking again' }),
    paid_another_way: Type.Integer({ description: 'by a further attempt of the customer' }),
    success_rate: share,
    success_rate_without_retries: share,
  }),
  fraud: Type.Object({
    attempts: Type.Integer({ description: 'by the labels' }),
    caught: Type.Integer({ description: 'refused or held for review' }),
    missed: count,
    false_alarms: Type.Integer({ description: 'honest, refused or held for review' }),
  }),
});
export type Outcomes = Static<typeof Outcomes>;

/** One order as it ended. */
export interface EndedOrder {
  n: number;
  status: OrderStatus;
  reason: string | null;
  /** How often its customer tried to pay. */
  attempts: number;
  /** Number of the attempt that was authorised or captured. */
  paidAttempt: number | null;
  decision: 'allow' | 'review' | 'block' | null;
}

const ENDINGS = new Set<OrderStatus>(['cancelled', 'returned', 'rejected']);
const SOFT = new Set(['soft', 'softer']);

const noOutcomes = (): Outcomes => ({
  statuses: {},
  reasons: {},
  payments: {
    asked: 0,
    paid: 0,
    paid_after_retry: 0,
    paid_another_way: 0,
    success_rate: null,
    success_rate_without_retries: null,
  },
  fraud: { attempts: 0, caught: 0, missed: 0, false_alarms: 0 },
});

const increase = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

function addPayment(payments: Outcomes['payments'], { attempts, paidAttempt }: EndedOrder, wasSoft: boolean): void {
  if (attempts === 0) return;
  payments.asked++;
  if (paidAttempt === null) return;
  payments.paid++;
  if (paidAttempt > 1) payments.paid_another_way++;
  else if (wasSoft) payments.paid_after_retry++;
}

function addDecision(fraud: Outcomes['fraud'], { decision }: EndedOrder, isFraud: boolean): void {
  const isHeld = decision === 'review' || decision === 'block';
  if (!isFraud) {
    if (isHeld) fraud.false_alarms++;
    return;
  }
  fraud.attempts++;
  if (isHeld) fraud.caught++;
  else fraud.missed++;
}

/** Adds up what orders came to; `storyOf` has the truth about order n, where there is one. */
export class OutcomeTally {
  readonly outcomes = noOutcomes();
  private readonly storyOf: (n: number) => OrderStory | undefined;

  constructor(storyOf: (n: number) => OrderStory | undefined) {
    this.storyOf = storyOf;
  }

  add(order: EndedOrder): void {
    const { statuses, reasons, payments, fraud } = this.outcomes;
    const story = this.storyOf(order.n);
    increase(statuses, order.status);
    if (ENDINGS.has(order.status) && order.reason !== null) increase(reasons, order.reason);
    addPayment(payments, order, SOFT.has(story?.fate.payment ?? ''));
    addDecision(fraud, order, typeof story?.fraud === 'string');
    const rate = (paid: number) => (payments.asked > 0 ? paid / payments.asked : null);
    payments.success_rate = rate(payments.paid);
    payments.success_rate_without_retries = rate(payments.paid - payments.paid_after_retry);
  }
}

const PAGE = 5_000;

interface EndedRow extends RowDataPacket {
  order_seq: number;
  idempotency_key: string;
  status: OrderStatus;
  reason_code: string | null;
  attempts: number;
  paid_attempt: number | null;
  decision: EndedOrder['decision'];
}

/** The orders of a run as they are now, page by page. */
export async function* readEnded({ pool, fromSeq, keyPrefix }: RunScope): AsyncGenerator<EndedOrder[]> {
  for (let after = fromSeq - 1; ; ) {
    const [rows] = await pool.query<EndedRow[]>(
      `SELECT o.order_seq, o.idempotency_key, o.status, o.reason_code, r.decision,
              (SELECT COUNT(*) FROM payments p WHERE p.order_seq = o.order_seq) AS attempts,
              (SELECT MIN(p.attempt) FROM payments p
                WHERE p.order_seq = o.order_seq AND p.authorized_minor > 0) AS paid_attempt
         FROM orders o LEFT JOIN risk_assessments r ON r.order_seq = o.order_seq
        WHERE o.order_seq > ? AND o.idempotency_key LIKE ? ORDER BY o.order_seq LIMIT ?`,
      [after, `${keyPrefix}%`, PAGE],
    );
    yield rows.map((row) => ({
      n: Number(row.idempotency_key.slice(keyPrefix.length)),
      status: row.status,
      reason: row.reason_code,
      attempts: row.attempts,
      paidAttempt: row.paid_attempt,
      decision: row.decision,
    }));
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.order_seq;
  }
}
