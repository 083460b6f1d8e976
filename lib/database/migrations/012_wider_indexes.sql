-- phase: expand
-- What is asked of all customers, and of all deliveries, is read from one index alone. Under the names they had: questions
-- of the release before, and hints that name them, find them at any time.
ALTER TABLE orders
  DROP KEY ix_orders_customer,
  ADD KEY ix_orders_customer (customer_ref, placed_at, reporting_status);

ALTER TABLE shipments
  DROP KEY ix_shipments_delivered,
  ADD KEY ix_shipments_delivered (delivered_at, carrier, promised_at, shipped_at);
