import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';

/**
 * When this database began: its seeding, which may have emptied it. The hub and the provider remember what was before,
 * and nothing of that can be here.
 */
export async function readBeginning(pool: Pool): Promise<Date> {
  const [[row]] = await pool.query<RowDataPacket[]>('SELECT MIN(started_at) AS at FROM seed_runs');
  return row?.at ?? new Date(0);
}
