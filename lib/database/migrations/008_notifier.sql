-- Who is sending a message or making a document now; due_at is then the end of the lease.
ALTER TABLE notifications
  ADD COLUMN claim BIGINT UNSIGNED NULL;

ALTER TABLE documents
  ADD COLUMN claim BIGINT UNSIGNED NULL;

-- What was answered where no event reports it: the address of a return label.
ALTER TABLE external_ops
  ADD COLUMN answer VARCHAR(300) NULL;
