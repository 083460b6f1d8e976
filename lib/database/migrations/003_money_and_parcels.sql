-- One row an attempt, a refund, a parcel; clustered by their order.
CREATE TABLE payments (
  order_seq BIGINT UNSIGNED NOT NULL,
  attempt SMALLINT UNSIGNED NOT NULL,
  method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount_minor BIGINT UNSIGNED NOT NULL,
  failure_code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, attempt),
  KEY ix_payments_created (created_at, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE refunds (
  order_seq BIGINT UNSIGNED NOT NULL,
  refund_no SMALLINT UNSIGNED NOT NULL,
  line_no SMALLINT UNSIGNED NULL,
  amount_minor BIGINT UNSIGNED NOT NULL,
  reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, refund_no),
  KEY ix_refunds_created (created_at, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE shipments (
  order_seq BIGINT UNSIGNED NOT NULL,
  parcel_no SMALLINT UNSIGNED NOT NULL,
  carrier VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tracking_no VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  cost_minor BIGINT UNSIGNED NOT NULL,
  promised_at DATETIME(6) NULL,
  shipped_at DATETIME(6) NULL,
  delivered_at DATETIME(6) NULL,
  PRIMARY KEY (order_seq, parcel_no),
  UNIQUE KEY uq_shipments_tracking (carrier, tracking_no),
  KEY ix_shipments_shipped (shipped_at, carrier),
  KEY ix_shipments_delivered (delivered_at, carrier)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
