import type { Decoded, Delivery, Origin } from './decode.ts';

/** What the consumer knows of the partition it reads. */
export interface PartitionKey {
  namespace: string;
  hub: string;
  consumerGroup: string;
  partitionId: number;
  hubCreatedAt: Date;
}

/** The deliveries of one transaction, in the partition's order. */
export interface Batch {
  items: readonly Decoded[];
  /** The position to remember; undefined for what does not come from the hub. */
  last: Delivery | undefined;
}

export function originOf(decoded: Decoded): Origin {
  if ('order' in decoded) return decoded.order;
  if ('stock' in decoded) return decoded.stock;
  return 'dead' in decoded ? decoded.dead : decoded.passed;
}

/** A batch of what was delivered; its last event from the hub is the position. */
export function toBatch(items: readonly Decoded[]): Batch {
  const last = items.findLast((item) => originOf(item).parked === undefined);
  return { items, last: last && originOf(last).delivery };
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
