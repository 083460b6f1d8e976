-- phase: contract after 009
INSERT IGNORE INTO order_notes (order_seq, note) SELECT order_seq, note FROM orders WHERE note IS NOT NULL;

ALTER TABLE orders
  DROP COLUMN note;
