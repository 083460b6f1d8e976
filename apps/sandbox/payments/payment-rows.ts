import type { Connection, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { reportedFactId } from '../../../lib/domain/ids.ts';
import type { Decision, Payment } from './payment.ts';

/** The payments a batch is about, and what it changes. */
export interface PaymentDesk {
  /** By order, then by the key of the authorisation. */
  payments: Map<string, Map<string, Payment>>;
  changed: Set<Payment>;
  entries: sql.Literal[][];
  later: sql.Literal[][];
  /** What was put off and has happened: names, time, amount. */
  booked: sql.Literal[][];
  /** When the first of what was put off is due; Infinity when nothing was. */
  nextDue: number;
}

/** What a chargeback is known by: in the book as in what the shop is told. */
export const chargebackId = (payment: Payment): string => reportedFactId('psp', payment.authorizeKey, 'chargeback');

export function toPayment(row: RowDataPacket): Payment {
  return {
    orderId: row.order_id,
    authorizeKey: row.authorize_key,
    attempt: row.attempt,
    currency: row.currency,
    amount: Number(row.amount),
    state: row.state,
    scenario: row.scenario,
    failure: row.failure,
    soft: row.soft === 1,
    captured: Number(row.captured),
    refunded: Number(row.refunded),
    captureTries: row.capture_tries,
    timeScale: row.time_scale,
  };
}

export const emptyDesk = (): PaymentDesk => ({
  payments: new Map(),
  changed: new Set(),
  entries: [],
  later: [],
  booked: [],
  nextDue: Number.POSITIVE_INFINITY,
});

export function addPayment(desk: PaymentDesk, payment: Payment): void {
  const ofOrder = desk.payments.get(payment.orderId) ?? new Map<string, Payment>();
  desk.payments.set(payment.orderId, ofOrder.set(payment.authorizeKey, payment));
}

/** All payments of these orders. */
export async function loadPayments(connection: Connection, orderIds: readonly string[]): Promise<PaymentDesk> {
  const desk = emptyDesk();
  const ids = orderIds.map(sql.text).join(',');
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM psp_payments WHERE order_id IN (${ids})`);
  for (const row of rows) addPayment(desk, toPayment(row));
  return desk;
}

/** Notes what a decision changes. @param key what the book knows the entry by */
export function note(desk: PaymentDesk, payment: Payment, key: string, decision: Decision, now: number): void {
  desk.changed.add(payment);
  const { entry, later } = decision;
  if (entry) {
    desk.entries.push([
      sql.text(key),
      sql.text(entry.kind),
      sql.text(payment.orderId),
      sql.integer(payment.attempt),
      sql.integer(entry.amount),
      sql.text(payment.currency),
      sql.integer(now),
    ]);
  }
  if (!later) return;
  const dueAt = now + Math.ceil(later.afterMs / payment.timeScale);
  desk.nextDue = Math.min(desk.nextDue, dueAt);
  desk.later.push([
    sql.text(payment.orderId),
    sql.text(payment.authorizeKey),
    sql.text(later.event),
    sql.integer(dueAt),
    sql.integer(dueAt),
  ]);
}

function paymentRow(payment: Payment): sql.Literal[] {
  return [
    sql.text(payment.orderId),
    sql.text(payment.authorizeKey),
    sql.integer(payment.attempt),
    sql.text(payment.currency),
    sql.integer(payment.amount),
    sql.text(payment.state),
    sql.text(payment.scenario),
    sql.textOrNull(payment.failure),
    payment.soft ? '1' : '0',
    sql.integer(payment.captured),
    sql.integer(payment.refunded),
    sql.integer(payment.captureTries),
    // A double: neither text nor a whole number.
    String(Number(payment.timeScale)),
  ];
}

const COLUMNS =
  'psp_payments (order_id, authorize_key, attempt, currency, amount, state, scenario, failure, soft, captured, refunded, capture_tries, time_scale)';
const CHANGING = ['state', 'failure', 'soft', 'captured', 'refunded', 'capture_tries'];

/** Everything a batch has changed, as statements. */
export function savePayments({ changed, entries, later, booked }: PaymentDesk): string {
  const update = CHANGING.map((column) => `${column} = VALUES(${column})`).join(', ');
  const rows = [...changed].map(paymentRow);
  return [
    sql.insert(COLUMNS, rows).replace(/;$/, ` ON DUPLICATE KEY UPDATE ${update};`),
    sql.insert('psp_book (idem_key, kind, order_id, attempt, amount, currency, at)', entries),
    sql.insert('psp_due (order_id, authorize_key, event, at, due_at)', later),
    sql
      .insert('psp_due (order_id, authorize_key, event, at, booked_amount)', booked)
      .replace(/;$/, ' ON DUPLICATE KEY UPDATE booked = 1, booked_amount = VALUES(booked_amount);'),
  ].join('');
}
