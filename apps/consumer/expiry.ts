import { type DeadLetter, decode } from './decode.ts';
import type { ParkedRow } from './known.ts';

/** Dead letters for parked events whose time is over. */
export function expiredLetters(rows: readonly ParkedRow[]): DeadLetter[] {
  return rows.map((row) => {
    const { hubCreatedAt, partitionId, sequenceNumber, orderId, body, parkedAt } = row;
    const delivery = { sequenceNumber, offset: '', enqueuedTimeUtc: parkedAt, body };
    const parked = { hubCreatedAt, partitionId, sequenceNumber };
    const decoded = decode(delivery, parked);
    const event = 'order' in decoded ? decoded.order.event : undefined;
    return {
      delivery,
      parked,
      reason: 'parked_expired',
      detail: `what has to come first did not come: ${row.detail ?? 'no reason kept'}`,
      eventId: event?.id ?? null,
      eventType: event?.type ?? null,
      orderId,
    };
  });
}
