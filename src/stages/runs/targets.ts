import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type LocalEndpoints, readLocalEndpoints } from '../local/endpoints.ts';

/** What the flags say; what they leave open is the local stack's. */
export interface TargetFlags {
  url?: string | undefined;
  databaseUrl?: string | undefined;
  /** A deployed site, where a command knows of them; nothing of the local stack belongs to it. */
  environment?: string | undefined;
  hubUrl?: string | undefined;
  sandboxUrl?: string | undefined;
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

/** The order API and the staff's token for it. @throws {OmsError} `stack_not_running` when nobody says where it is */
export async function findOrderDesk(
  flags: TargetFlags,
  context: Context,
): Promise<{ url: string; adminToken: string | undefined }> {
  const url = await findProducer(flags, context);
  return { url, adminToken: await findAdminToken(url, context) };
}

/** The local stack, when it is the one that the database belongs to: what else there is then belongs to it too. */
async function stackOf(databaseUrl: string, { settings }: Context): Promise<LocalEndpoints | undefined> {
  const endpoints = await readLocalEndpoints(settings.localDir).catch(() => undefined);
  return endpoints && isDatabaseOf(endpoints, databaseUrl) ? endpoints : undefined;
}

/** The hub's operations address; undefined when the database is not the local stack's, for then its hub is not either. */
export async function findHub(flags: TargetFlags, databaseUrl: string, context: Context): Promise<string | undefined> {
  return flags.hubUrl ?? (await stackOf(databaseUrl, context))?.hubHttpUrl;
}

/** Connection string of the hub that fills the database; undefined when nobody says and it is not the local stack's. */
export async function findEventHub(databaseUrl: string, context: Context): Promise<string | undefined> {
  return context.settings.eventHub ?? (await stackOf(databaseUrl, context))?.eventHubConnectionString;
}

/** The stand-in payment provider; undefined when the database is not the local stack's, or the stack has none. */
export async function findSandbox(
  flags: TargetFlags,
  databaseUrl: string,
  context: Context,
): Promise<string | undefined> {
  return flags.sandboxUrl ?? (await stackOf(databaseUrl, context))?.sandboxUrl;
}

/** What lets the staff in at the order API of this address; undefined when nobody says. The local stack's token goes nowhere else. */
export async function findAdminToken(producerUrl: string, { settings }: Context): Promise<string | undefined> {
  if (settings.adminToken !== undefined) return settings.adminToken;
  const local = await readLocalEndpoints(settings.localDir).catch(() => undefined);
  const isLocal = local && new URL(local.producerUrl).origin === new URL(producerUrl).origin;
  return isLocal ? local.adminToken : undefined;
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
