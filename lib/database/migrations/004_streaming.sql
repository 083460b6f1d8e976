-- Who reads which partition, how far the database has got, what has still to be published, what could not be used.
-- hub_created_at ties a position to the hub it was read from: a hub made anew starts at its first event.
CREATE TABLE partition_owners (
  namespace VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hub VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consumer_group VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_id SMALLINT UNSIGNED NOT NULL,
  owner_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  etag VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  modified_at DATETIME(6) NOT NULL,
  PRIMARY KEY (namespace, hub, consumer_group, partition_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE consumer_checkpoints (
  namespace VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hub VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  consumer_group VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partition_id SMALLINT UNSIGNED NOT NULL,
  hub_created_at DATETIME(6) NOT NULL,
  generation BIGINT UNSIGNED NOT NULL,
  sequence_number BIGINT NOT NULL,
  event_offset VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_order_seq BIGINT UNSIGNED NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (namespace, hub, consumer_group, partition_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Steps of order_history that have yet to be published to the order-events hub; a row goes when its events are acknowledged.
CREATE TABLE outbox (
  partition_id SMALLINT UNSIGNED NOT NULL,
  order_seq BIGINT UNSIGNED NOT NULL,
  first_version INT UNSIGNED NOT NULL,
  last_version INT UNSIGNED NOT NULL,
  PRIMARY KEY (partition_id, order_seq, first_version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE dead_letters (
  dead_letter_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  hub VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hub_created_at DATETIME(6) NOT NULL,
  partition_id SMALLINT UNSIGNED NOT NULL,
  sequence_number BIGINT NOT NULL,
  reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(1000) NOT NULL,
  event_id VARCHAR(64) NULL,
  body MEDIUMBLOB NOT NULL,
  failed_at DATETIME(6) NOT NULL,
  UNIQUE KEY uq_dead_letters_event (hub, hub_created_at, partition_id, sequence_number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
