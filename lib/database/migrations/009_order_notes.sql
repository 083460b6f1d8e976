-- phase: expand
-- What customers write to an order, in a table that is never granted to readers. Notes that older code still writes to
-- orders.note are brought over by 010, when that code is gone.
CREATE TABLE order_notes (
  order_seq BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  note VARCHAR(500) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO order_notes (order_seq, note) SELECT order_seq, note FROM orders WHERE note IS NOT NULL;
