-- What `oms seed` has made, so that running it again adds nothing, and a run cut off goes on where it stopped.
-- One row a part (catalogue, history); settings is JSON; history_until is the clock the part was made for.
CREATE TABLE seed_runs (
  part VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  settings VARCHAR(1000) NOT NULL,
  history_until DATETIME(6) NOT NULL,
  started_at DATETIME(6) NOT NULL,
  finished_at DATETIME(6) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A chunk of history is written in one transaction with its row here: it is there as a whole or not at all.
CREATE TABLE seed_chunks (
  chunk_no INT UNSIGNED NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
