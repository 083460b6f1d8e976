import type { Answered, Declined } from '../../../lib/query/ask.ts';
import type { Plan } from '../../../lib/query/plan.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import { databaseError } from '../runs/targets.ts';
import { withSiteDatabase } from '../site/database.ts';
import { lastPlan, rememberPlan } from './conversation.ts';

export interface AskRequest {
  question: string;
  /** An account that may only read; default is the local stack's. */
  databaseUrl?: string | undefined;
  /** A deployed site, instead of any other database. */
  environment?: string | undefined;
  now?: string | undefined;
  timeZone?: string | undefined;
  limit?: number | undefined;
  /** Change the question asked before instead of asking anew. */
  continue: boolean;
}

async function findReader(request: AskRequest, { settings }: Context): Promise<string> {
  const given = request.databaseUrl ?? settings.databaseUrl;
  return given ?? (await readLocalEndpoints(settings.localDir)).askDatabaseUrl;
}

async function withReader<Result>(request: AskRequest, context: Context, use: (url: string) => Promise<Result>) {
  const { environment } = request;
  if (environment === undefined) return use(await findReader(request, context));
  return withSiteDatabase(environment, 'ask', context, use);
}

async function clockOf(request: AskRequest, context: Context) {
  const { isTimeZone } = await import('../../../lib/query/time/zone.ts');
  const zone = request.timeZone ?? context.settings.timeZone;
  if (!isTimeZone(zone)) {
    throw new OmsError('usage', `"${zone}" is no time zone`, {
      next: ['oms ask QUESTION --timezone America/New_York'],
    });
  }
  const now = request.now ? Date.parse(request.now) : context.now().getTime();
  if (Number.isNaN(now)) {
    throw new OmsError('usage', 'OMS_NOW is no time in ISO 8601', { next: ['OMS_NOW=2026-11-18T14:30:00Z'] });
  }
  return { now, zone };
}

function failure(error: unknown): unknown {
  const { name, message } = error as Error;
  if (name === 'BadQuestion') return new OmsError('usage', message, { next: ['oms ask "top products last week"'] });
  if (name === 'QueryTimeout') {
    return new OmsError('query_timeout', 'the answer took too long and was stopped', {
      why: message,
      next: ['ask for a shorter time, such as "last month"'],
      cause: error,
    });
  }
  return databaseError(error);
}

async function previousPlan(request: AskRequest, context: Context): Promise<Plan | undefined> {
  if (!request.continue) return undefined;
  const plan = await lastPlan(context.settings.dir);
  if (plan) return plan;
  throw new OmsError('usage', 'there is no earlier answer to continue', { next: ['oms ask "top products last week"'] });
}

/**
 * Answers one question from the database, or says why not; what is declined without looking at the data is declined
 * without a connection.
 * @throws {OmsError} when the question is no text, or the database cannot be read
 */
export async function askQuestion(request: AskRequest, context: Context): Promise<Answered | Declined> {
  const { ask, checkQuestion, decline } = await import('../../../lib/query/ask.ts');
  try {
    const clock = await clockOf(request, context);
    const text = checkQuestion(request.question);
    const refused = decline(text);
    if (refused) return refused;
    const previous = await previousPlan(request, context);
    const limit = request.limit === undefined ? {} : { limit: request.limit };
    const options = { clock, ...limit, ...(previous && { previous }) };
    const declined = decline(text, options);
    if (declined) return declined;
    const { Reader } = await import('../../../lib/query/execute.ts');
    return await withReader(request, context, async (url) => {
      const reader = await Reader.open(url);
      try {
        const outcome = await ask(text, reader, options);
        if (outcome.status === 'answer') await rememberPlan(context.settings.dir, outcome.plan);
        return outcome;
      } finally {
        await reader.close();
      }
    });
  } catch (error) {
    throw failure(context.signal.aborted ? context.signal.reason : error);
  }
}
