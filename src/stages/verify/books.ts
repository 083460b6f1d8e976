import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { Context } from '../../context.ts';
import { knownSite } from '../deploy/saved-site.ts';
import { databaseError, findDatabase, findEventHub, findHub, findSandbox, type TargetFlags } from '../runs/targets.ts';
import { withSiteDatabase } from '../site/database.ts';
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

/** Of a site the database alone is open: nothing else of it can be reached from outside. */
const NOTHING_BESIDE = { hubUrl: undefined, eventHub: undefined, sandboxUrl: undefined };

async function besides(flags: TargetFlags, databaseUrl: string, context: Context): Promise<Omit<Books, 'pool'>> {
  const [hubUrl, eventHub, sandboxUrl] = await Promise.all([
    findHub(flags, databaseUrl, context),
    findEventHub(databaseUrl, context),
    findSandbox(flags, databaseUrl, context),
  ]);
  return { hubUrl, eventHub, sandboxUrl };
}

async function withPool<Result>(databaseUrl: string, context: Context, use: (pool: Pool) => Promise<Result>) {
  // One more than the lanes: a search reads its rows one by one while it asks for the next table's keys.
  const pool = openPool(databaseUrl, { connectionLimit: LANES + 1 });
  try {
    return await use(pool);
  } catch (error) {
    throw databaseError(context.signal.aborted ? context.signal.reason : error);
  } finally {
    await pool.end().catch(() => {});
  }
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
  if (flags.environment !== undefined) {
    const site = await knownSite(flags.environment, context);
    return withSiteDatabase(site, 'app', context, (url) =>
      withPool(url, context, (pool) => use({ pool, ...NOTHING_BESIDE })),
    );
  }
  const databaseUrl = await findDatabase(flags, context);
  const beside = await besides(flags, databaseUrl, context);
  return withPool(databaseUrl, context, (pool) => use({ pool, ...beside }));
}
