/** What a stored table shows to questions. */
export interface Readable {
  columns: readonly string[];
  /** Columns of the machinery: granted with their table, but no statement may name them. */
  withheld?: readonly string[];
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Every table that questions may read, column by column; together with `withheld` it is the whole table. No column holds
 * a name, an address, a free text of a customer or a payment token: those are in tables that are not listed, and not
 * granted at all.
 */
export const READABLE = {
  products: { columns: words('product_id sku name category brand price_minor cost_minor currency version created_at') },
  coupons: { columns: words('code percent_off free_shipping valid_from valid_until') },
  stock: { columns: words('product_id warehouse on_hand reserved reorder_point') },
  customers: { columns: words('customer_ref segment city country signed_up_at') },
  orders: {
    columns: words(`order_seq order_id customer_ref status reporting_status reason_code version status_since due_at
      channel currency subtotal_minor discount_minor tax_minor shipping_minor total_minor coupon_code payment_method
      stock_policy shipping_method ship_country ship_city fraud_score fraud_flag synthetic placed_at stored_at
      cancelled_at close_as`),
    // The column of notes is empty once the code that wrote to it is gone (migration 010), and goes with a later one.
    withheld: words('idempotency_key request_hash ship_postcode_prefix simulation note'),
  },
  order_items: {
    columns: words(`order_seq line_no product_id quantity unit_minor discount_minor tax_minor shipped_quantity
      lost_quantity returned_quantity`),
  },
  order_history: {
    columns: words('order_seq version trigger_name from_status to_status reason_code at'),
    withheld: words('event_id'),
  },
  payments: {
    columns: words(`order_seq attempt method status amount_minor failure_code created_at authorized_minor captured_minor
      refund_wanted_minor refunded_minor`),
    withheld: words('provider_ref'),
  },
  refunds: { columns: words('order_seq refund_no line_no amount_minor reason status created_at return_no attempt') },
  shipments: {
    columns: words(`order_seq parcel_no carrier tracking_no status cost_minor promised_at shipped_at delivered_at
      warehouse label_tries`),
    withheld: words('label_url label_key'),
  },
  shipment_items: { columns: words('order_seq parcel_no line_no quantity') },
  tracking_events: { columns: words('order_seq parcel_no status at place'), withheld: words('event_id') },
  returns: {
    columns: words('order_seq return_no reason status refund_minor requested_at due_at'),
    withheld: words('return_id'),
  },
  return_items: { columns: words('order_seq return_no line_no quantity received_quantity resalable') },
} as const satisfies Record<string, Readable>;
