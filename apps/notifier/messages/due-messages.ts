import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { Template } from '../../../lib/process/notices.ts';
import { type Claim, isClaimed } from '../queue/claims.ts';
import type { MessageFacts } from './render.ts';

/** A claimed row of notifications with what its text needs. */
export interface DueMessage {
  seq: number;
  key: string;
  template: Template;
  createdAt: Date;
  tries: number;
  /** Channels that have it; one that was given up has a minus before it. */
  sentTo: string[];
  lastError: string | null;
  customerRef: string;
  synthetic: boolean;
  facts: MessageFacts;
}

const MESSAGES = `SELECT n.order_seq, n.message_key, n.template, n.created_at, n.tries, n.sent_to, n.last_error,
    o.order_id, o.customer_ref, o.synthetic, o.currency, o.status, o.total_minor
  FROM notifications n JOIN orders o ON o.order_seq = n.order_seq`;

const PARCELS = `SELECT order_seq, carrier, tracking_no FROM shipments
  WHERE order_seq IN (?) AND tracking_no IS NOT NULL AND shipped_at IS NOT NULL ORDER BY order_seq, parcel_no`;
const REFUNDS = 'SELECT order_seq, refund_no, amount_minor FROM refunds WHERE order_seq IN (?)';
const RETURNS = 'SELECT order_seq, return_no, return_id, refund_minor FROM returns WHERE order_seq IN (?)';

/** The number within the order in keys like refund-2 and return-1-received. */
const NUMBERED = /^(refund|return)-(\d+)/;

function toMessage(row: RowDataPacket): DueMessage {
  return {
    seq: row.order_seq,
    key: row.message_key,
    template: row.template,
    createdAt: row.created_at,
    tries: row.tries,
    sentTo: row.sent_to === '' ? [] : row.sent_to.split(','),
    lastError: row.last_error,
    customerRef: row.customer_ref,
    synthetic: row.synthetic === 1,
    facts: {
      orderId: uuidFromBytes(row.order_id),
      currency: row.currency,
      status: row.status,
      totalMinor: row.total_minor,
      amountMinor: null,
      returnId: null,
      parcels: [],
    },
  };
}

/** Reads rows that hang on the orders of some messages, and hands each message those of its order. */
async function attach(
  pool: Pool,
  statement: string,
  messages: readonly DueMessage[],
  add: (message: DueMessage, rows: readonly RowDataPacket[]) => void,
): Promise<void> {
  if (messages.length === 0) return;
  const [rows] = await pool.query<RowDataPacket[]>(statement, [[...new Set(messages.map(({ seq }) => seq))]]);
  const bySeq = Map.groupBy(rows, (row) => row.order_seq as number);
  for (const message of messages) add(message, bySeq.get(message.seq) ?? []);
}

/** The messages of a claim; what only a few of them name is read for those alone. */
export async function readMessages(pool: Pool, claim: Claim): Promise<DueMessage[]> {
  const [rows] = await pool.query<RowDataPacket[]>(`${MESSAGES} WHERE ${isClaimed('n', claim)}`);
  const messages = rows.map(toMessage);
  const about = (kind: string) => messages.filter(({ key }) => NUMBERED.exec(key)?.[1] === kind);
  const numberOf = ({ key }: DueMessage) => Number(NUMBERED.exec(key)?.[2]);
  const shipped = messages.filter(({ template }) => template === 'order_shipped');
  await attach(pool, PARCELS, shipped, ({ facts }, parcels) => {
    facts.parcels = parcels.map((row) => ({ carrier: row.carrier, trackingNo: row.tracking_no }));
  });
  await attach(pool, REFUNDS, about('refund'), (message, refunds) => {
    message.facts.amountMinor = refunds.find((row) => row.refund_no === numberOf(message))?.amount_minor ?? null;
  });
  await attach(pool, RETURNS, about('return'), (message, returns) => {
    const one = returns.find((row) => row.return_no === numberOf(message));
    message.facts.amountMinor = one?.refund_minor ?? null;
    message.facts.returnId = one ? uuidFromBytes(one.return_id) : null;
  });
  return messages;
}
