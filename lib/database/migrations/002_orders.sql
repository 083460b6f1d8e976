-- Customers carry no personal data. Orders are clustered by a time-ordered number (order_seq) and found by order_id.
CREATE TABLE customers (
  customer_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  segment VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  city VARCHAR(80) NOT NULL,
  country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  signed_up_at DATETIME(6) NOT NULL,
  KEY ix_customers_signed_up (signed_up_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE orders (
  order_seq BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  order_id BINARY(16) NOT NULL,
  customer_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  idempotency_key VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request_hash BINARY(16) NOT NULL,
  status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reporting_status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason_code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  version INT UNSIGNED NOT NULL,
  status_since DATETIME(6) NOT NULL,
  due_at DATETIME(6) NULL,
  channel VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subtotal_minor BIGINT UNSIGNED NOT NULL,
  discount_minor BIGINT UNSIGNED NOT NULL,
  tax_minor BIGINT UNSIGNED NOT NULL,
  shipping_minor BIGINT UNSIGNED NOT NULL,
  total_minor BIGINT UNSIGNED NOT NULL,
  coupon_code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  payment_method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stock_policy VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shipping_method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ship_country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ship_city VARCHAR(80) NOT NULL,
  ship_postcode_prefix VARCHAR(16) NOT NULL,
  note VARCHAR(500) NULL,
  fraud_score DECIMAL(5,2) NULL,
  fraud_flag TINYINT UNSIGNED NOT NULL DEFAULT 0,
  synthetic TINYINT UNSIGNED NOT NULL DEFAULT 0,
  placed_at DATETIME(6) NOT NULL,
  stored_at DATETIME(6) NOT NULL,
  cancelled_at DATETIME(6) NULL,
  UNIQUE KEY uq_orders_order_id (order_id),
  KEY ix_orders_placed (placed_at, reporting_status),
  KEY ix_orders_customer (customer_ref, placed_at),
  KEY ix_orders_status (reporting_status, status_since),
  KEY ix_orders_due (due_at),
  CONSTRAINT ck_orders_total CHECK (total_minor + discount_minor = subtotal_minor + tax_minor + shipping_minor)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- unit_minor, discount_minor and tax_minor as charged: discount and tax are of the whole line.
CREATE TABLE order_items (
  order_seq BIGINT UNSIGNED NOT NULL,
  line_no SMALLINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  unit_minor BIGINT UNSIGNED NOT NULL,
  discount_minor BIGINT UNSIGNED NOT NULL,
  tax_minor BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (order_seq, line_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE order_history (
  order_seq BIGINT UNSIGNED NOT NULL,
  version INT UNSIGNED NOT NULL,
  trigger_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  from_status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
  to_status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason_code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  event_id BINARY(16) NOT NULL,
  at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE reservations (
  order_seq BIGINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  warehouse VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  state VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (order_seq, product_id, warehouse)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
