import type { Forward, RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { SITE_ACCOUNTS, siteAccountUrl } from '../../tools/site-accounts.ts';
import type { BaseName } from '../deploy/secrets/base-secrets.ts';
import { knownSecret } from '../deploy/secrets/known-secret.ts';
import { type Site, sitePaths } from '../deploy/site.ts';
import { dataHost } from '../deploy/site-network.ts';
import { targetOf } from '../deploy/targets.ts';
import { databaseError } from '../runs/targets.ts';
import { databaseAddress } from './database-address.ts';

/** Who one is at a site's database: owner of the schema, its apps, or who asks questions. */
export type SiteAccount = 'admin' | 'app' | 'ask';

const PASSWORDS = {
  admin: 'mysql-admin-password',
  app: 'mysql-app-password',
  ask: 'mysql-ask-password',
} as const satisfies Record<SiteAccount, BaseName>;

const PORT = 3_306;

interface Way {
  site: Site;
  target: RemoteTarget;
  account: SiteAccount;
  forward: Forward;
}

const DENIED = /^ER_(?:TABLE|COLUMN|DB)?ACCESS_DENIED_ERROR$|^ER_HOST_NOT_PRIVILEGED$/;

function refusal(error: unknown, { site, account }: Way): OmsError | undefined {
  const said = error instanceof OmsError ? error.cause : error;
  const code = said instanceof Error && 'code' in said ? said.code : undefined;
  if (typeof code !== 'string' || !DENIED.test(code)) return undefined;
  return new OmsError('database_unreachable', `the database of ${site.name} refuses ${SITE_ACCOUNTS[account]}`, {
    why: messageOf(said),
    next: [
      `give it the passwords that are here: oms deploy --env ${site.name}`,
      'or call it where the site was last deployed from, or with that folder',
    ],
    cause: error,
  });
}

/** The errors of a database as one of a site: what to do next is not what helps with the local stack. */
function siteError(thrown: unknown, way: Way): unknown {
  const { site, target, forward } = way;
  const error = databaseError(thrown);
  const refused = refusal(error, way);
  if (refused) return refused;
  if (!(error instanceof OmsError) || !error.cause) return error;
  const details = { ...(error.why && { why: error.why }), cause: error };
  if (error.code === 'database_schema') {
    const message = `the database of ${site.name} has no tables of this version of oms`;
    return new OmsError('database_schema', message, { ...details, next: [`oms deploy --env ${site.name}`] });
  }
  if (error.code !== 'database_unreachable') return error;
  const failed = forward.failure();
  const sshd = `on ${target.name}: sshd -T | grep -i allowtcpforwarding   (has to say yes or local)`;
  return new OmsError('database_unreachable', `the database of ${site.name} does not answer`, {
    ...details,
    ...(failed && { why: `no way through ${target.name} to it: ${failed}` }),
    next: [`oms status --env ${site.name}`, ...(failed && target.connection === 'ssh' ? [sshd] : [])],
  });
}

/**
 * Opens a way to the database of a deployed site for as long as `use` takes: through SSH to the server that carries it.
 * @param use is handed the mysql:// address of the account; it is good until `use` has ended.
 * @throws {OmsError} not_deployed where it has no database yet, host_unreachable, credential_missing; database_unreachable where it does not run, does
 * not answer or refuses the account; database_schema; the signal's reason after a Ctrl-C.
 */
export async function withSiteDatabase<Result>(
  site: Site,
  account: SiteAccount,
  context: Context,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const { remote, settings, signal } = context;
  const password = await knownSecret(site, PASSWORDS[account], context);
  const target = targetOf(dataHost(site), site, sitePaths(settings.dir, site.name));
  try {
    const host = await databaseAddress(site, target, context);
    const forward = await remote.forward(target, { host, port: PORT });
    try {
      return await use(siteAccountUrl(account, password, '127.0.0.1', forward.port));
    } catch (error) {
      throw signal.aborted ? signal.reason : siteError(error, { site, target, account, forward });
    } finally {
      await forward.close();
    }
  } finally {
    await remote.close();
  }
}
