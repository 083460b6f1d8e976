import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type LocalEndpoints, readLocalEndpoints } from '../local/endpoints.ts';

/** What the flags say; what they leave open is the local stack's. */
export interface TargetFlags {
  url?: string | undefined;
  databaseUrl?: string | undefined;
  hubUrl?: string | undefined;
}

/** @throws {OmsError} `stack_not_running` when neither flag nor environment nor local stack says where */
export async function findDatabase(flags: TargetFlags, { settings }: Context): Promise<string> {
  const given = flags.databaseUrl ?? settings.databaseUrl;
  return given ?? (await readLocalEndpoints(settings.localDir)).databaseUrl;
}

/** @throws {OmsError} `stack_not_running` when neither flag nor local stack says where */
export async function findProducer(flags: TargetFlags, { settings }: Context): Promise<string> {
  return flags.url ?? (await readLocalEndpoints(settings.localDir)).producerUrl;
}

/** The hub's operations address; undefined when the database is not the local stack's, for then its hub is not either. */
export async function findHub(
  flags: TargetFlags,
  databaseUrl: string,
  { settings }: Context,
): Promise<string | undefined> {
  if (flags.hubUrl) return flags.hubUrl;
  const endpoints = await readLocalEndpoints(settings.localDir).catch(() => undefined);
  return endpoints && isDatabaseOf(endpoints, databaseUrl) ? endpoints.hubHttpUrl : undefined;
}

/** What lets the staff in: the local stack's; undefined when there is none. */
export async function findAdminToken({ settings }: Context): Promise<string | undefined> {
  return (await readLocalEndpoints(settings.localDir).catch(() => undefined))?.adminToken;
}

const isDatabaseOf = (endpoints: LocalEndpoints, databaseUrl: string): boolean => {
  const { host, pathname } = new URL(databaseUrl);
  const local = new URL(endpoints.databaseUrl);
  return host === local.host && pathname === local.pathname;
};

const SCHEMA_ERRORS = new Set(['ER_BAD_DB_ERROR', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR']);
const REFUSALS = new Set(['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_CON_COUNT_ERROR']);

const isUnreachable = (code: string): boolean =>
  REFUSALS.has(code) || code.startsWith('PROTOCOL_') || (code.startsWith('E') && !code.startsWith('ER'));

/** What a database call threw, as a person can use it; anything that is not about the database stays as it is. */
export function databaseError(error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof OmsError || typeof code !== 'string') return error;
  const details = { why: messageOf(error), cause: error };
  if (SCHEMA_ERRORS.has(code)) {
    const message = 'the database has no tables of this version of oms';
    return new OmsError('database_schema', message, { ...details, next: ['oms up'] });
  }
  if (!isUnreachable(code)) return error;
  return new OmsError('database_unreachable', 'the database does not answer', {
    ...details,
    next: ['oms status', 'oms up'],
  });
}
