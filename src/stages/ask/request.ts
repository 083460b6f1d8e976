import type { AskOptions } from '../../../lib/query/ask.ts';
import type { Assistant } from '../../../lib/query/assistant/index.ts';
import type { Plan } from '../../../lib/query/plan.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { knownSite } from '../deploy/saved-site.ts';
import type { Site } from '../deploy/site.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import { withSiteDatabase } from '../site/database.ts';
import { type AssistantRequest, openAssistant } from './assistant.ts';
import { lastPlan } from './conversation.ts';

/** Everything but the question: what the flags say. */
export interface AskRequest extends AssistantRequest {
  /** An account that may only read; default is the local stack's. */
  databaseUrl?: string | undefined;
  /** A deployed site, instead of any other database. */
  environment?: string | undefined;
  now?: string | undefined;
  timeZone?: string | undefined;
  limit?: number | undefined;
  /** Change the question asked before instead of asking anew. */
  continue: boolean;
  /** Plan and compile only. */
  dryRun?: boolean;
}

async function findReader(request: AskRequest, { settings }: Context): Promise<string> {
  const given = request.databaseUrl ?? settings.databaseUrl;
  return given ?? (await readLocalEndpoints(settings.localDir)).askDatabaseUrl;
}

const sites = new WeakMap<AskRequest, Promise<Site>>();

/** Its file is read once a call, however many questions come. */
function siteOf(request: AskRequest, environment: string, context: Context): Promise<Site> {
  const known = sites.get(request) ?? knownSite(environment, context);
  sites.set(request, known);
  return known;
}

/** Hands `use` the address of the database that is meant; good until `use` has ended. */
export async function withReaderUrl<Result>(
  request: AskRequest,
  context: Context,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const { environment } = request;
  if (environment === undefined) return use(await findReader(request, context));
  return withSiteDatabase(await siteOf(request, environment, context), 'ask', context, use);
}

/** Where days and weeks begin. @throws {OmsError} usage */
export async function zoneOf(request: AskRequest, context: Context): Promise<string> {
  const { isTimeZone } = await import('../../../lib/query/time/zone.ts');
  const { environment } = request;
  const ofShop = environment === undefined ? context.settings : await siteOf(request, environment, context);
  const zone = request.timeZone ?? ofShop.timeZone;
  if (!isTimeZone(zone)) {
    throw new OmsError('usage', `"${zone}" is no time zone`, {
      next: ['oms ask QUESTION --timezone America/New_York'],
    });
  }
  return zone;
}

/** The moment and place of the question. @throws {OmsError} usage */
async function clockOf(request: AskRequest, context: Context): Promise<AskOptions['clock']> {
  const zone = await zoneOf(request, context);
  const now = request.now ? Date.parse(request.now) : context.now().getTime();
  if (Number.isNaN(now)) {
    throw new OmsError('usage', 'OMS_NOW is no time in ISO 8601', { next: ['OMS_NOW=2026-11-18T14:30:00Z'] });
  }
  return { now, zone };
}

/** The plan that --continue speaks of. @throws {OmsError} usage, when there is none */
export async function previousPlan(request: AskRequest, context: Context): Promise<Plan | undefined> {
  if (!request.continue) return undefined;
  const plan = await lastPlan(context.settings.dir);
  if (plan) return plan;
  throw new OmsError('usage', 'there is no earlier answer to continue', { next: ['oms ask "top products last week"'] });
}

const assistants = new WeakMap<AskRequest, Promise<Assistant | undefined>>();

/** One for all questions of a call: it remembers what its model can do. */
function assistantOf(request: AskRequest, context: Context): Promise<Assistant | undefined> {
  const known = assistants.get(request) ?? openAssistant(request, context);
  assistants.set(request, known);
  return known;
}

/** What is the same for every question of a call. */
export async function optionsOf(request: AskRequest, context: Context): Promise<AskOptions> {
  const { limit, dryRun } = request;
  const clock = await clockOf(request, context);
  const assistant = await assistantOf(request, context);
  return { clock, assistant, ...(limit !== undefined && { limit }), ...(dryRun && { dryRun }) };
}
