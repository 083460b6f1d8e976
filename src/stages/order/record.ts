import type { Connection, Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { readOrderState } from '../../../lib/database/order-state.ts';
import { readOrder, type StoredOrder } from '../../../lib/database/read-order.ts';
import { type OrderTrail, readTrail } from '../../../lib/database/read-trail.ts';
import { inSnapshot } from '../../../lib/database/snapshot.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import type { LedgerEntry, Verdict } from '../../../lib/process/effects.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';

/** A step with the event that caused it. */
export interface RecordedStep {
  version: number;
  trigger: string;
  from: OrderStatus | null;
  to: OrderStatus;
  reason: string | null;
  event: string;
  at: Date;
}

/** An event that came for the order, and what became of it. */
export interface RecordedEvent {
  event: string;
  type: string;
  source: string;
  verdict: Verdict;
  detail: string | null;
  at: Date;
}

export interface RecordedScan {
  event: string;
  parcel: number;
  status: string;
  place: string | null;
  at: Date;
}

export interface RiskRecord {
  score: number;
  decision: string;
  reasons: string;
  at: Date;
}

/** Everything that is kept about one order, as it was at one moment. */
export interface OrderRecord {
  order: StoredOrder;
  state: OrderState;
  trail: OrderTrail;
  steps: RecordedStep[];
  events: RecordedEvent[];
  scans: RecordedScan[];
  ledger: (LedgerEntry & { at: Date })[];
  risk: RiskRecord | undefined;
}

const STEPS = `SELECT version, trigger_name AS \`trigger\`, from_status AS \`from\`, to_status AS \`to\`, reason_code AS reason,
  HEX(event_id) AS event, at FROM order_history WHERE order_seq = ? ORDER BY version`;
const EVENTS = `SELECT HEX(event_id) AS event, type, source, verdict, detail, at FROM inbox WHERE order_seq = ? ORDER BY at`;
const SCANS = `SELECT HEX(event_id) AS event, parcel_no AS parcel, status, place, at FROM tracking_events
  WHERE order_seq = ? ORDER BY at`;
const LEDGER = `SELECT txn, account, debit_minor AS debit, credit_minor AS credit, booked_at AS at FROM ledger_entries
  WHERE order_seq = ? ORDER BY booked_at, txn, debit_minor DESC`;
const RISK = 'SELECT score, decision, reasons, at FROM risk_assessments WHERE order_seq = ?';

async function readAll(connection: Connection, orderId: string): Promise<OrderRecord | undefined> {
  const order = await readOrder(connection, orderId);
  const state = order && (await readOrderState(connection, orderId));
  if (!order || !state) return undefined;
  const read = async <Row>(statement: string): Promise<Row[]> =>
    (await connection.query<RowDataPacket[]>(statement, [state.seq]))[0] as Row[];
  const [risk] = await read<RiskRecord>(RISK);
  return {
    order,
    state,
    trail: await readTrail(connection, state.seq),
    steps: await read<RecordedStep>(STEPS),
    events: await read<RecordedEvent>(EVENTS),
    scans: await read<RecordedScan>(SCANS),
    ledger: await read<LedgerEntry & { at: Date }>(LEDGER),
    risk: risk && { ...risk, score: Number(risk.score) },
  };
}

/** Reads all of an order in one snapshot; undefined when it is not stored (yet). */
export async function readRecord(pool: Pool, orderId: string): Promise<OrderRecord | undefined> {
  const connection = await pool.getConnection();
  try {
    return await inSnapshot(connection, () => readAll(connection, orderId));
  } finally {
    connection.destroy();
  }
}
