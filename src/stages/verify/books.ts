import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import { databaseError, findDatabase, findEventHub, findHub, findSandbox, type TargetFlags } from '../runs/targets.ts';
import { LANES } from './lanes.ts';

/** Everything that is compared: the database, and who else knows what should be in it. */
export interface Books {
  pool: Pool;
  /** Operations address of the hub; undefined when none is known for this database. */
  hubUrl: string | undefined;
  /** Where the hub's events are read from. */
  eventHub: string | undefined;
  /** The stand-in payment provider. */
  sandboxUrl: string | undefined;
}

/**
 * Opens the books for as long as `use` takes.
 * @throws {OmsError} when the database cannot be read
 */
export async function withBooks<Result>(
  flags: TargetFlags,
  context: Context,
  use: (books: Books) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = await findDatabase(flags, context);
  const [hubUrl, eventHub, sandboxUrl] = await Promise.all([
    findHub(flags, databaseUrl, context),
    findEventHub(databaseUrl, context),
    findSandbox(flags, databaseUrl, context),
  ]);
  // One more than the lanes: a search reads its rows one by one while it asks for the next table's keys.
  const pool = openPool(databaseUrl, { connectionLimit: LANES + 1 });
  try {
    return await use({ pool, hubUrl, eventHub, sandboxUrl });
  } catch (error) {
    throw databaseError(context.signal.aborted ? context.signal.reason : error);
  } finally {
    await pool.end().catch(() => {});
  }
}
