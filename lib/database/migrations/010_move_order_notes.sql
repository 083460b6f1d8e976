-- phase: contract after 008
-- When the code that writes to orders.note is gone: brings its last notes over, so that none is left where questions read.
-- Code that knows 008 still works on this, and shows no notes. The column itself goes with a later release: one that
-- dropped it could not be brought up beside that code.
INSERT IGNORE INTO order_notes (order_seq, note) SELECT order_seq, note FROM orders WHERE note IS NOT NULL;

UPDATE orders SET note = NULL WHERE note IS NOT NULL;
