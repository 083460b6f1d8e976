-- How each order is paid: the customer's last choice. Holds payment tokens: never granted to readers.
CREATE TABLE payment_choices (
  order_seq BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  brand VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  last4 CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NULL,
  one_click TINYINT UNSIGNED NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- published_at is NULL until the hub of dead letters has it.
ALTER TABLE dead_letters
  ADD COLUMN published_at DATETIME(6) NULL,
  ADD KEY ix_dead_letters_published (published_at);
