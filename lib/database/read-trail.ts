import { uuidToBytes } from '../domain/ids.ts';
import type { Connection, RowDataPacket } from './connect.ts';

/** A scan of a parcel. Times are UTC. */
export interface TrackingScan {
  parcel_no: number;
  status: string;
  at: Date;
  place: string | null;
}

/** A message to the customer: what it is about, and its text's name. */
export interface CustomerMessage {
  key: string;
  template: string;
  at: Date;
}

/** An invoice, a credit note or a label; `bytes` and `blob_key` (container and name) are null until it is made. */
export interface OrderDocument {
  kind: string;
  no: number;
  requested_at: Date;
  bytes: number | null;
  blob_key: string | null;
}

/** What happened around an order, beside its own state. */
export interface OrderTrail {
  scans: TrackingScan[];
  messages: CustomerMessage[];
  documents: OrderDocument[];
}

const SCANS = `SELECT parcel_no, status, at, place FROM tracking_events WHERE order_seq = ? ORDER BY parcel_no, at`;
const MESSAGES = `SELECT message_key AS \`key\`, template, created_at AS at FROM notifications
  WHERE order_seq = ? ORDER BY created_at, message_key`;
const DOCUMENTS = `SELECT kind, doc_no AS no, requested_at, bytes, blob_key FROM documents
  WHERE order_seq = ? ORDER BY requested_at, kind, doc_no`;

export async function readTrail(connection: Connection, seq: number): Promise<OrderTrail> {
  const read = async (statement: string) => (await connection.query<RowDataPacket[]>(statement, [seq]))[0];
  return {
    scans: (await read(SCANS)) as TrackingScan[],
    messages: (await read(MESSAGES)) as CustomerMessage[],
    documents: (await read(DOCUMENTS)) as OrderDocument[],
  };
}

/** Whether the event has reached its order: applied, waiting or refused. */
export async function wasHandled(connection: Connection, seq: number, eventId: string): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 FROM inbox WHERE order_seq = ? AND event_id = ?', [
    seq,
    uuidToBytes(eventId),
  ]);
  return rows.length > 0;
}
