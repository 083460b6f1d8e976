import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTIED_TABLES } from '../../../src/stages/seed/reset.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { rowsOf } from '../../helpers/seeding.ts';

/** Positions of consumers, and what is there before any seed. */
const KEPT = ['consumer_checkpoints', 'partition_owners', 'schema_migrations'];

test('a reset knows every table: it is emptied, or kept for a reason', async (t) => {
  const { url } = await startTestDatabase(t);
  const tables = await rowsOf(
    url,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'",
  );
  assert.deepEqual([...EMPTIED_TABLES, ...KEPT].sort(), tables.map((row) => row.name as string).sort());
});
