import type { SourceName } from './measures.ts';

export interface Relation {
  to: string;
  /** Rows of `to` for one row of the source; "many" would count the source's rows more than once. */
  rows: 'one' | 'many' | 'none or one';
  on: string;
}

/**
 * How many rows a join brings. A measure is only ever summed over its own source, joined to what has one row for each of
 * its rows; what has many is asked for with EXISTS or counted by distinct orders.
 */
export const RELATIONS: Record<SourceName, readonly Relation[]> = {
  items: [
    { to: 'orders', rows: 'one', on: 'order_seq' },
    { to: 'products', rows: 'one', on: 'product_id' },
    { to: 'customers', rows: 'none or one', on: 'customer_ref of the order' },
  ],
  orders: [
    { to: 'order_items', rows: 'many', on: 'order_seq' },
    { to: 'payments', rows: 'many', on: 'order_seq' },
    { to: 'shipments', rows: 'many', on: 'order_seq' },
    { to: 'refunds', rows: 'many', on: 'order_seq' },
    { to: 'customers', rows: 'none or one', on: 'customer_ref' },
  ],
  refunds: [
    { to: 'orders', rows: 'one', on: 'order_seq' },
    { to: 'order_items', rows: 'none or one', on: 'order_seq, line_no; a refund of a whole order has no line' },
  ],
  payments: [{ to: 'orders', rows: 'one', on: 'order_seq' }],
  shipments: [{ to: 'orders', rows: 'one', on: 'order_seq' }],
  stock: [{ to: 'products', rows: 'one', on: 'product_id' }],
  customers: [{ to: 'orders', rows: 'many', on: 'customer_ref' }],
};
