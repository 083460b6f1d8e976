import type { OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import type { DeadLetter, Decoded, Delivery, PlacedDelivery } from './decode.ts';

/** What the consumer knows of the partition it reads. */
export interface PartitionKey {
  namespace: string;
  hub: string;
  consumerGroup: string;
  partitionId: number;
  hubCreatedAt: Date;
}

/** The deliveries of one transaction, sorted out: each order once, and the last position to remember. */
export interface Batch {
  placed: PlacedDelivery[];
  dead: DeadLetter[];
  last: Delivery;
}

const sameRequest = (a: OrderPlacedEvent, b: OrderPlacedEvent) => a.data.request_hash === b.data.request_hash;

export function conflict(placed: PlacedDelivery): DeadLetter {
  const { order_id } = placed.event.data;
  return {
    delivery: placed.delivery,
    reason: 'idempotency_conflict',
    detail: `order ${order_id} was placed before with another content under the same Idempotency-Key`,
    eventId: placed.event.id,
  };
}

/**
 * Orders that come twice within the batch are taken once; the same key with another content is a dead letter.
 * @param decoded at least one delivery, in the partition's order
 * @returns the batch, and how many deliveries were repetitions
 */
export function sortOut(decoded: readonly Decoded[], last: Delivery): { batch: Batch; repeated: number } {
  const byOrder = new Map<string, PlacedDelivery>();
  const dead: DeadLetter[] = [];
  let repeated = 0;
  for (const one of decoded) {
    if ('dead' in one) {
      dead.push(one.dead);
      continue;
    }
    const first = byOrder.get(one.placed.event.data.order_id);
    if (!first) byOrder.set(one.placed.event.data.order_id, one.placed);
    else if (sameRequest(first.event, one.placed.event)) repeated += 1;
    else dead.push(conflict(one.placed));
  }
  return { batch: { placed: [...byOrder.values()], dead, last }, repeated };
}

/** An event is never longer than this (Event Hubs' own limit): what a body counts whose length is not known. */
const MAX_EVENT_BYTES = 1_048_576;

/** A dead letter's body goes to the database in hexadecimal: twice this fits in the least usual packet, of 16 MiB. */
const MAX_BATCH_BYTES = 4 * MAX_EVENT_BYTES;

const bytesOf = ({ body }: Delivery): number => (body instanceof Uint8Array ? body.length : MAX_EVENT_BYTES);

/** Deliveries in groups, in their order, whose bodies together stay within `maxBytes`; a longer one is alone. */
export function splitBySize(deliveries: readonly Delivery[], maxBytes = MAX_BATCH_BYTES): Delivery[][] {
  const groups: Delivery[][] = [];
  let room = 0;
  for (const delivery of deliveries) {
    room -= bytesOf(delivery);
    if (groups.length === 0 || room < 0) {
      groups.push([]);
      room = maxBytes - bytesOf(delivery);
    }
    groups.at(-1)!.push(delivery);
  }
  return groups;
}
