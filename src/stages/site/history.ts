import { Type } from 'typebox';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { readHostAudit, readLocalAudit } from '../deploy/audit.ts';
import { AuditEntry } from '../deploy/release.ts';
import { knownSite } from '../deploy/saved-site.ts';
import { type Host, type Site, sitePaths } from '../deploy/site.ts';
import { targetOf } from '../deploy/targets.ts';

export const HistoryResult = Type.Object({
  environment: Type.String(),
  /** The oldest first; a run that several servers tell of is in it once. */
  entries: Type.Array(AuditEntry),
});

async function ofHost(host: Host, site: Site, context: Context): Promise<AuditEntry[]> {
  const target = targetOf(host, site, sitePaths(context.settings.dir, site.name));
  return readHostAudit(target, site.home, context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if (!(error instanceof OmsError)) throw error;
    context.terminal.note(`${host.name} is left out: ${messageOf(error)}`);
    return [];
  });
}

/**
 * What was done to a site, from this machine and from others: the audit trails of its servers and the one here.
 * @throws {OmsError} not_deployed where this machine knows of no such site.
 */
export async function siteHistory(environment: string, lines: number, context: Context) {
  const site = await knownSite(environment, context);
  try {
    const trails = await Promise.all([
      readLocalAudit(site, context),
      ...site.hosts.map((host) => ofHost(host, site, context)),
    ]);
    const once = new Map(trails.flat().map((entry) => [JSON.stringify(entry), entry]));
    const entries = [...once.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-lines);
    return { environment, entries };
  } finally {
    await context.remote.close();
  }
}
