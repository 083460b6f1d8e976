import * as sql from '../../../lib/database/sql-text.ts';
import type { InboxEntry, OrderWork } from '../order-work.ts';
import { isNew } from './orders.ts';

/** Rows of tables that are only ever added to, by the orders of a batch. */
type Rows = sql.Literal[][];

const MAX_SOURCE = 80;
const MAX_DETAIL = 300;

function historyRows({ order, effects }: OrderWork): Rows {
  const before = order.version - effects.steps.length;
  return effects.steps.map((step, index) => [
    sql.integer(order.seq),
    sql.integer(before + index + 1),
    sql.text(step.trigger),
    sql.textOrNull(step.from),
    sql.text(step.to),
    sql.textOrNull(step.reason),
    sql.binary(step.eventId),
    sql.time(step.at),
  ]);
}

export const inboxRow = (seq: number, { event, verdict, detail }: InboxEntry, now: sql.Literal): sql.Literal[] => [
  sql.integer(seq),
  sql.binary(event.id),
  sql.text(event.type),
  sql.text(event.source.slice(0, MAX_SOURCE)),
  sql.text(verdict),
  sql.textOrNull(detail?.slice(0, MAX_DETAIL)),
  now,
];

const opRows = ({ order, effects }: OrderWork, partitionId: number, now: sql.Literal): Rows =>
  effects.newOps.map((op) => [
    sql.integer(order.seq),
    sql.text(op.kind),
    sql.integer(op.no),
    sql.integer(partitionId),
    op.state === 'done' ? 'NULL' : sql.time(op.dueAt),
    sql.text(JSON.stringify(op.request)),
    now,
  ]);

/** Requests of earlier batches that have their answer now. */
function answeredRows({ order, effects }: OrderWork): Rows {
  const isOfThisBatch = (kind: string, no: number) => effects.newOps.some((op) => op.kind === kind && op.no === no);
  return effects.answeredOps
    .filter(({ kind, no }) => !isOfThisBatch(kind, no))
    .map(({ kind, no }) => [sql.integer(order.seq), sql.text(kind), sql.integer(no)]);
}

const ledgerRows = ({ order, effects }: OrderWork, now: sql.Literal): Rows =>
  effects.ledger.map(({ txn, account, debit, credit }) => [
    sql.integer(order.seq),
    sql.text(txn),
    sql.text(account),
    sql.integer(debit),
    sql.integer(credit),
    now,
  ]);

const notificationRows = ({ order, effects }: OrderWork, now: sql.Literal): Rows =>
  effects.notifications.map(({ key, template }) => [
    sql.integer(order.seq),
    sql.text(key),
    sql.text(template),
    now,
    now,
  ]);

const documentRows = ({ order, effects }: OrderWork, now: sql.Literal): Rows =>
  effects.documents.map(({ kind, no }) => [sql.integer(order.seq), sql.text(kind), sql.integer(no), now, now]);

const trackingRows = ({ order, tracking }: OrderWork): Rows =>
  tracking.map((scan) => [
    sql.integer(order.seq),
    sql.integer(scan.parcelNo),
    sql.binary(scan.eventId),
    sql.text(scan.status),
    sql.time(scan.at),
    sql.textOrNull(scan.place),
  ]);

function outboxRows({ order, effects }: OrderWork, partitionId: number): Rows {
  const { length } = effects.steps;
  if (length === 0) return [];
  return [[partitionId, order.seq, order.version - length + 1, order.version].map(sql.integer)];
}

function riskRows(work: OrderWork, now: sql.Literal): Rows {
  const { order, risk } = work;
  if (!isNew(work) || !risk || order.status === 'rejected') return [];
  const signals = order.riskSignals;
  return [
    [
      sql.integer(order.seq),
      risk.score.toFixed(4),
      sql.text(risk.decision),
      sql.text(risk.model),
      sql.text(risk.reasons.join(',').slice(0, MAX_DETAIL)),
      sql.textOrNull(signals && JSON.stringify(signals)),
      sql.textOrNull(signals?.ip_hash),
      sql.textOrNull(signals?.device_hash),
      sql.textOrNull(signals?.address_hash),
      now,
    ],
  ];
}

/** A token is kept for orders with one click once it has paid. */
function tokenRows({ order, paid }: OrderWork, now: sql.Literal): Rows {
  const choice = order.paymentChoice;
  if (!paid || !choice?.one_click || !choice.token) return [];
  return [
    [
      sql.text(order.customerRef),
      sql.text(choice.token),
      sql.text(choice.method),
      sql.textOrNull(choice.brand),
      sql.textOrNull(choice.last4),
      now,
    ],
  ];
}

/** What the orders of a batch leave behind beside what they are: one statement a table. */
export function writeRecords(works: readonly OrderWork[], partitionId: number, nowMs: number): string {
  const now = sql.time(nowMs);
  const all = (rowsOf: (work: OrderWork) => Rows): Rows => works.flatMap(rowsOf);
  return [
    sql.insert('order_history', all(historyRows)),
    sql.insert(
      'inbox',
      all(({ order, inbox }) => inbox.map((entry) => inboxRow(order.seq, entry, now))),
    ),
    sql.insert(
      'external_ops (order_seq, kind, op_no, partition_id, due_at, request, created_at)',
      all((work) => opRows(work, partitionId, now)),
    ),
    sql.updateEach('external_ops', ['order_seq', 'kind', 'op_no'], [], all(answeredRows), ['external_ops.due_at=NULL']),
    sql.insert(
      'ledger_entries',
      all((work) => ledgerRows(work, now)),
    ),
    sql.insert(
      'notifications (order_seq, message_key, template, created_at, due_at)',
      all((work) => notificationRows(work, now)),
    ),
    sql.insert(
      'documents (order_seq, kind, doc_no, requested_at, due_at)',
      all((work) => documentRows(work, now)),
    ),
    sql.insert('tracking_events', all(trackingRows), 'INSERT IGNORE'),
    sql.insert(
      'risk_assessments',
      all((work) => riskRows(work, now)),
    ),
    sql.insert(
      'payment_tokens',
      all((work) => tokenRows(work, now)),
      'INSERT IGNORE',
    ),
    sql.insert(
      'outbox',
      all((work) => outboxRows(work, partitionId)),
    ),
  ].join('');
}
