import type { RowDataPacket } from '../../lib/database/connect.ts';
import { uuidFromBytes } from '../../lib/domain/ids.ts';
import type { OrderState } from '../../lib/process/order-state.ts';
import type { ParkedKey } from './decode.ts';
import type { VelocityCounts } from './velocity.ts';

/** The position of a partition, the generation that may write it, and the last order number given there. */
export interface Position {
  generation: number;
  sequenceNumber: number;
  lastOrderSeq: number;
}

export const toPosition = (row: RowDataPacket | undefined): Position => ({
  generation: row?.generation ?? 0,
  sequenceNumber: Number(row?.sequence_number ?? -1),
  lastOrderSeq: row?.last_order_seq ?? 0,
});

export interface StockRow {
  productId: number;
  warehouse: string;
  onHand: number;
  reserved: number;
}

export const toStockRow = (row: RowDataPacket): StockRow => ({
  productId: row.product_id,
  warehouse: row.warehouse,
  onHand: row.on_hand,
  reserved: row.reserved,
});

/** An event that waits for its turn, as it is kept. */
export interface ParkedRow extends ParkedKey {
  orderId: string;
  reason: 'early' | 'blocked';
  detail: string | null;
  body: Buffer;
  parkedAt: Date;
  expiresAt: number | null;
}

export const toParkedRow = (row: RowDataPacket): ParkedRow => ({
  hubCreatedAt: row.hub_created_at.getTime(),
  partitionId: row.partition_id,
  sequenceNumber: Number(row.sequence_number),
  orderId: uuidFromBytes(row.order_id),
  reason: row.reason,
  detail: row.detail,
  body: row.body,
  parkedAt: row.parked_at,
  expiresAt: row.expires_at?.getTime() ?? null,
});

/** An open dead letter; one that blocks holds back what comes after it for its order. */
export interface OpenLetter {
  id: number;
  orderId: string | null;
  eventId: string | null;
  blocks: boolean;
  hubCreatedAt: number;
  sequenceNumber: number;
}

export const toOpenLetter = (row: RowDataPacket): OpenLetter => ({
  id: row.dead_letter_id,
  orderId: row.order_id === null ? null : uuidFromBytes(row.order_id),
  eventId: row.event_id,
  blocks: row.reason === 'handler_error',
  hubCreatedAt: row.hub_created_at.getTime(),
  sequenceNumber: Number(row.sequence_number),
});

/** An order that is stored: its number, and the hash of the request it was placed with. */
export interface StoredOrder {
  seq: number;
  requestHash: string;
}

/** All that the database knows and a batch needs to be decided. */
export interface Known {
  position: Position;
  stored: Map<string, StoredOrder>;
  states: Map<string, OrderState>;
  /** Ids of those events of the batch that were applied before, by their order's number; 0 for those about stock. */
  seen: Map<number, Set<string>>;
  parked: ParkedRow[];
  letters: OpenLetter[];
  stock: StockRow[];
  velocity: VelocityCounts;
}

export const toStored = (rows: readonly RowDataPacket[]): Map<string, StoredOrder> =>
  new Map(rows.map((row) => [uuidFromBytes(row.order_id), { seq: row.order_seq, requestHash: row.request_hash }]));

export function toSeen(rows: readonly RowDataPacket[]): Map<number, Set<string>> {
  const seen = new Map<number, Set<string>>();
  for (const row of rows) {
    const ids = seen.get(row.order_seq);
    if (ids) ids.add(uuidFromBytes(row.event_id));
    else seen.set(row.order_seq, new Set([uuidFromBytes(row.event_id)]));
  }
  return seen;
}
