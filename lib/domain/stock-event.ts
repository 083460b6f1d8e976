import { type EventOf, eventAbout } from './order-events.ts';

/** An event about goods: `partitionkey` is the SKU, as it is the order's id for orders. */
export const stockEvent = <Data extends { sku: string }>(
  type: string,
  data: Data,
  rest: { id: string; source: string; time: string } & Partial<EventOf<Data>>,
): EventOf<Data> => eventAbout({ subject: `stock/${data.sku}`, key: data.sku }, type, data, rest);
