import { type Connection, connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { isTimeZone } from '../../../lib/query/time/zone.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { runSteps, type Step } from '../../ui/steps.ts';
import { knownSite } from '../deploy/saved-site.ts';
import { migrateDatabase } from '../local/database.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import { databaseError } from '../runs/targets.ts';
import { withSiteDatabase } from '../site/database.ts';
import { readCatalogueFile } from './catalogue-file.ts';
import { bringInFile, writeCatalogue } from './catalogue-step.ts';
import { decide } from './decide.ts';
import { writeHistory } from './history-step.ts';
import type { SeedJob } from './job.ts';
import { noRows } from './load-history.ts';
import type { SeedRequest } from './options.ts';
import { emptyTables } from './reset.ts';
import type { SeedResult } from './result.ts';
import { refuseInventedGoods, requireSiteSchema } from './site-seed.ts';
import { readState } from './state.ts';

/** The account that owns the schema: migrations and emptying tables need it. */
async function findDatabase(request: SeedRequest, { settings }: Context): Promise<string> {
  const given = request.databaseUrl ?? settings.databaseUrl;
  return given ?? (await readLocalEndpoints(settings.localDir)).adminDatabaseUrl;
}

function refuseUnknownZone({ settings: { timeZone } }: Context): void {
  if (isTimeZone(timeZone)) return;
  throw new OmsError('usage', `OMS_TIMEZONE: ${timeZone} is no time zone`, {
    next: ['OMS_TIMEZONE=America/New_York oms seed'],
  });
}

async function confirmReset(request: SeedRequest, url: string, context: Context): Promise<void> {
  const { host, pathname } = new URL(url);
  const question = `Remove all products, customers and orders from the database ${pathname.slice(1)} at ${host}?`;
  if (request.yes || (await confirm(context.terminal, question, 'oms seed --reset --yes'))) return;
  throw new OmsError('refused', 'nothing was removed or written', { next: ['oms seed', 'oms seed --reset --yes'] });
}

async function prepareJob(request: SeedRequest, context: Context, url: string): Promise<SeedJob> {
  const file = request.catalogueFile ? await readCatalogueFile(request.catalogueFile) : undefined;
  if (request.reset) await confirmReset(request, url, context);
  if (request.environment === undefined) await migrateDatabase(url, context.signal, false);
  else await requireSiteSchema(url, request.environment);
  const connection = await connect(url);
  try {
    if (request.reset) await emptyTables(connection);
    const state = await readState(connection);
    return {
      context,
      url,
      connection,
      plan: decide(request, state),
      now: request.now ? Date.parse(request.now) : context.now().getTime(),
      file,
      earlierHistory: state.runs.history,
      imported: null,
      newProducts: 0,
      history: null,
      rows: noRows(),
      loadingMs: 0,
    };
  } catch (error) {
    // A refusal leaves the connection idle; the server logs one that goes without a word.
    if (error instanceof OmsError) await connection.end();
    else connection.destroy();
    throw error;
  }
}

function stepsOf({ plan }: SeedJob): Step<SeedJob>[] {
  const steps: Step<SeedJob>[] = [];
  if (plan.catalogue === 'generate') steps.push({ title: 'catalogue', run: writeCatalogue });
  if (plan.catalogue === 'import') steps.push({ title: 'catalogue from the file', run: bringInFile });
  if (plan.history === 'start') steps.push({ title: 'order history', run: writeHistory });
  if (plan.history === 'resume') steps.push({ title: 'order history, begun before', run: writeHistory });
  return steps;
}

async function readProductCount(connection: Connection): Promise<{ products: number; currency: string }> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS products, MAX(currency) AS currency FROM products',
  );
  return { products: row!.products, currency: row!.currency };
}

async function resultOf(job: SeedJob): Promise<SeedResult> {
  const { rows, imported, plan, earlierHistory } = job;
  const earlier = earlierHistory && { orders: Number(earlierHistory.settings.orders), until: earlierHistory.until };
  const history = job.history ?? earlier;
  const written: Record<string, number> = { products: job.newProducts, ...rows };
  const wroteNothing = Object.values(written).every((count) => count === 0);
  const changedNothing = !imported || imported.changed + imported.restocked === 0;
  return {
    state: wroteNothing && changedNothing ? 'already_seeded' : plan.history === 'resume' ? 'resumed' : 'seeded',
    ...(await readProductCount(job.connection)),
    imported,
    written,
    orders: history?.orders ?? 0,
    history_until: history ? new Date(history.until).toISOString() : null,
    seconds: Math.round(job.loadingMs) / 1_000,
    orders_per_second: rows.orders > 0 ? Math.round((rows.orders / job.loadingMs) * 1_000) : null,
  };
}

async function fill(request: SeedRequest, context: Context, url: string): Promise<SeedResult> {
  let job: SeedJob | undefined;
  try {
    job = await prepareJob(request, context, url);
    await runSteps(context.terminal, job, stepsOf(job));
    const result = await resultOf(job);
    await job.connection.end();
    return result;
  } catch (error) {
    throw databaseError(error);
  } finally {
    job?.connection.destroy();
  }
}

/**
 * Fills the database with a catalogue, customers and an order history up to now, or with the catalogue of a file.
 * What is there already is kept: the same call again writes nothing, one cut off is gone on with.
 * @throws {OmsError} input_file, refused, stack_not_running, database_unreachable, database_schema, interrupted; of a
 * site also what {@link withSiteDatabase} throws
 */
export async function seed(request: SeedRequest, context: Context): Promise<SeedResult> {
  refuseUnknownZone(context);
  const { environment } = request;
  if (environment === undefined) return fill(request, context, await findDatabase(request, context));
  const site = await knownSite(environment, context);
  refuseInventedGoods(request, site);
  return withSiteDatabase(site, 'admin', context, (url) => fill(request, context, url));
}
