-- The whole order: money, parcels, returns, what was asked of the world outside, what was told to whom.
ALTER TABLE orders
  ADD COLUMN close_as VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN simulation VARCHAR(200) NULL;

ALTER TABLE order_items
  ADD COLUMN shipped_quantity INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN lost_quantity INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN returned_quantity INT UNSIGNED NOT NULL DEFAULT 0;

ALTER TABLE payments
  ADD COLUMN authorized_minor BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN captured_minor BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN refund_wanted_minor BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN refunded_minor BIGINT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN provider_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD CONSTRAINT ck_payments_amounts CHECK (authorized_minor >= captured_minor
    AND captured_minor >= refund_wanted_minor AND refund_wanted_minor >= refunded_minor);

ALTER TABLE refunds
  ADD COLUMN return_no SMALLINT UNSIGNED NULL,
  ADD COLUMN attempt SMALLINT UNSIGNED NOT NULL DEFAULT 1;

-- A parcel has no tracking number until its label is made.
ALTER TABLE shipments
  MODIFY COLUMN tracking_no VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN warehouse VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN label_url VARCHAR(300) NULL,
  ADD COLUMN label_key VARCHAR(120) NULL,
  ADD COLUMN label_tries SMALLINT UNSIGNED NOT NULL DEFAULT 0;

CREATE TABLE shipment_items (
  order_seq BIGINT UNSIGNED NOT NULL,
  parcel_no SMALLINT UNSIGNED NOT NULL,
  line_no SMALLINT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  PRIMARY KEY (order_seq, parcel_no, line_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE tracking_events (
  order_seq BIGINT UNSIGNED NOT NULL,
  parcel_no SMALLINT UNSIGNED NOT NULL,
  event_id BINARY(16) NOT NULL,
  status VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at DATETIME(6) NOT NULL,
  place VARCHAR(80) NULL,
  PRIMARY KEY (order_seq, parcel_no, event_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE returns (
  order_seq BIGINT UNSIGNED NOT NULL,
  return_no SMALLINT UNSIGNED NOT NULL,
  return_id BINARY(16) NOT NULL,
  reason VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  refund_minor BIGINT UNSIGNED NOT NULL DEFAULT 0,
  requested_at DATETIME(6) NOT NULL,
  due_at DATETIME(6) NULL,
  PRIMARY KEY (order_seq, return_no),
  UNIQUE KEY uq_returns_return_id (return_id),
  KEY ix_returns_due (due_at),
  KEY ix_returns_requested (requested_at, status)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE return_items (
  order_seq BIGINT UNSIGNED NOT NULL,
  return_no SMALLINT UNSIGNED NOT NULL,
  line_no SMALLINT UNSIGNED NOT NULL,
  quantity INT UNSIGNED NOT NULL,
  received_quantity INT UNSIGNED NOT NULL DEFAULT 0,
  resalable TINYINT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (order_seq, return_no, line_no),
  CONSTRAINT ck_return_items_received CHECK (received_quantity <= quantity)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What is asked of providers and carriers; due_at is NULL once an event has answered. Holds payment tokens: never granted to readers.
CREATE TABLE external_ops (
  order_seq BIGINT UNSIGNED NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  op_no SMALLINT UNSIGNED NOT NULL,
  partition_id SMALLINT UNSIGNED NOT NULL,
  due_at DATETIME(6) NULL,
  tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  last_error VARCHAR(300) NULL,
  request TEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, kind, op_no),
  KEY ix_external_ops_due (partition_id, due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE ledger_entries (
  order_seq BIGINT UNSIGNED NOT NULL,
  txn VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  account VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  debit_minor BIGINT UNSIGNED NOT NULL,
  credit_minor BIGINT UNSIGNED NOT NULL,
  booked_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, txn, account)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every event after order.placed with what became of it: applied once, whatever is delivered twice. order_seq 0: about stock.
CREATE TABLE inbox (
  order_seq BIGINT UNSIGNED NOT NULL,
  event_id BINARY(16) NOT NULL,
  type VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(80) NOT NULL,
  verdict VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(300) NULL,
  at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_seq, event_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Events that wait: for what has to come first (early), or because an earlier event of their order could not be handled (blocked).
CREATE TABLE parked_events (
  hub_created_at DATETIME(6) NOT NULL,
  partition_id SMALLINT UNSIGNED NOT NULL,
  sequence_number BIGINT NOT NULL,
  order_id BINARY(16) NOT NULL,
  reason VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(300) NULL,
  body MEDIUMBLOB NOT NULL,
  parked_at DATETIME(6) NOT NULL,
  expires_at DATETIME(6) NULL,
  PRIMARY KEY (hub_created_at, partition_id, sequence_number),
  KEY ix_parked_events_order (order_id),
  KEY ix_parked_events_expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- An open dead letter with an order holds back what comes after it for that order.
ALTER TABLE dead_letters
  ADD COLUMN order_id BINARY(16) NULL,
  ADD COLUMN event_type VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD COLUMN state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  ADD COLUMN resolved_at DATETIME(6) NULL,
  ADD KEY ix_dead_letters_order (order_id, state),
  ADD KEY ix_dead_letters_state (state, dead_letter_id);

CREATE TABLE risk_assessments (
  order_seq BIGINT UNSIGNED NOT NULL PRIMARY KEY,
  score DECIMAL(5,4) NOT NULL,
  decision VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  model_version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reasons VARCHAR(300) NOT NULL,
  signals VARCHAR(400) NULL,
  ip_hash VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  device_hash VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  address_hash VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  at DATETIME(6) NOT NULL,
  KEY ix_risk_ip (ip_hash, at),
  KEY ix_risk_device (device_hash, at),
  KEY ix_risk_address (address_hash, at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What customers are told: the row is the message in the app; due_at is NULL once every other channel has it.
CREATE TABLE notifications (
  order_seq BIGINT UNSIGNED NOT NULL,
  message_key VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  template VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(6) NOT NULL,
  due_at DATETIME(6) NULL,
  tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  sent_to VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_error VARCHAR(300) NULL,
  PRIMARY KEY (order_seq, message_key),
  KEY ix_notifications_due (due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Invoices, credit notes and labels: asked for here, kept in blob storage.
CREATE TABLE documents (
  order_seq BIGINT UNSIGNED NOT NULL,
  kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  doc_no SMALLINT UNSIGNED NOT NULL,
  requested_at DATETIME(6) NOT NULL,
  due_at DATETIME(6) NULL,
  tries SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  blob_key VARCHAR(120) NULL,
  bytes INT UNSIGNED NULL,
  sha256 BINARY(32) NULL,
  last_error VARCHAR(300) NULL,
  PRIMARY KEY (order_seq, kind, doc_no),
  KEY ix_documents_due (due_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Tokens that customers keep for orders with one click; never granted to readers.
CREATE TABLE payment_tokens (
  customer_ref VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  brand VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL,
  last4 CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY (customer_ref, token)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A product that fell to its reorder point, until it is above it again; published_at is NULL until order-events has it.
CREATE TABLE stock_alerts (
  product_id INT UNSIGNED NOT NULL,
  warehouse VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  available INT NOT NULL,
  raised_at DATETIME(6) NOT NULL,
  published_at DATETIME(6) NULL,
  PRIMARY KEY (product_id, warehouse),
  KEY ix_stock_alerts_published (published_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
