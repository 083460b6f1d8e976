import type { EventOf } from './order-events.ts';

/** Wraps data about goods in an envelope: `partitionkey` is the SKU, as it is the order's id for orders. */
export function stockEvent<Data extends { sku: string }>(
  type: string,
  data: Data,
  rest: { id: string; source: string; time: string } & Partial<EventOf<Data>>,
): EventOf<Data> {
  return {
    specversion: '1.0',
    type,
    subject: `stock/${data.sku}`,
    datacontenttype: 'application/json',
    dataschema: `/schemas/${type}.json`,
    partitionkey: data.sku,
    ...rest,
    data,
  };
}
