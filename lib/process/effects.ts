import type { OrderStatus } from '../domain/order-machine.ts';
import type { ExternalOp } from './external-op.ts';
import type { Template } from './notices.ts';

/** One step of an order, as order_history keeps it. */
export interface Step {
  trigger: string;
  from: OrderStatus | null;
  to: OrderStatus;
  reason: string | null;
  eventId: string;
  at: number;
}

/** Changes of one stock row, beside the units that the desk has promised in the same turn: `reserved` and `onHand` are added; `reason` is that of the move when onHand changes. */
export interface StockChange {
  productId: number;
  warehouse: string;
  reserved: number;
  onHand: number;
  reason: 'sold' | 'returned' | 'undeliverable' | null;
}

/** Both sides of one booking; accounts are few and closed. `txn` is the key of the request that moved the money. */
export interface LedgerEntry {
  txn: string;
  account: 'provider' | 'sales' | 'refunds' | 'chargebacks';
  debit: number;
  credit: number;
}

/** Something to tell the customer; `key` makes it once. */
export interface NotificationRequest {
  /** Unique within the order: what the message is about. */
  key: string;
  template: Template;
}

export interface DocumentRequest {
  kind: 'invoice' | 'credit_note' | 'label' | 'return_label';
  /** Number within order and kind: refund, parcel or return. */
  no: number;
}

/** Which children of the order changed, so that only their rows are written. */
export type Part = 'order' | 'lines' | 'reservations' | 'payments' | 'parcels' | 'returns' | 'refunds';

/** What has to be written, besides the new state itself, in the same transaction. */
export interface Effects {
  steps: Step[];
  newOps: ExternalOp[];
  /** Waiting requests that an event answered; their rows become done. */
  answeredOps: { kind: ExternalOp['kind']; no: number }[];
  stock: StockChange[];
  ledger: LedgerEntry[];
  notifications: NotificationRequest[];
  documents: DocumentRequest[];
  changed: Set<Part>;
}

export const noEffects = (): Effects => ({
  steps: [],
  newOps: [],
  answeredOps: [],
  stock: [],
  ledger: [],
  notifications: [],
  documents: [],
  changed: new Set(),
});

/**
 * What became of an event. `early`: it can still come to mean something, so it waits for the next event of its order.
 * `late` and `refused` change nothing but are recorded; `duplicate` was applied before. Either way the request that the
 * event answers is answered.
 */
export type Verdict = 'applied' | 'duplicate' | 'early' | 'late' | 'refused';

export interface Handled {
  verdict: Verdict;
  /** Why, for whoever reads the order's record; null when there is nothing to say. */
  detail: string | null;
}
