import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { type Site, sitePaths } from '../deploy/site.ts';
import { askHost } from './ask-host.ts';
import { localBackups } from './copies.ts';
import { ordersIn } from './create.ts';
import { backupSite } from './known-ground.ts';
import { DatabaseNow, type StoredBackup } from './records.ts';
import type { BackupList } from './results.ts';

type Place = BackupList['backups'][number]['where'][number];

const factsOf = (backup: StoredBackup, where: Place[]): BackupList['backups'][number] => {
  const { name, at, release, schemaVersion, bytes, newestOrder, file } = backup;
  const newestOrderAt = newestOrder?.placedAt ?? null;
  return { ...{ name, at, release, schemaVersion, bytes, orders: ordersIn(backup) }, newestOrderAt, file, where };
};

/** What lies at both places is told once, as it is on the server. */
function together(onServer: readonly StoredBackup[], here: readonly StoredBackup[]): BackupList['backups'] {
  const names = new Set(here.map(({ name }) => name));
  const known = new Set(onServer.map(({ name }) => name));
  return [
    ...onServer.map((one) => factsOf(one, names.has(one.name) ? ['server', 'here'] : ['server'])),
    ...here.filter(({ name }) => !known.has(name)).map((one) => factsOf(one, ['here'])),
  ].sort((a, b) => (a.name < b.name ? 1 : -1));
}

/** A server that is away takes nothing from what is here. */
async function askServer(site: Site, context: Context) {
  try {
    const { backups, restoring } = await askHost(site, 'now', DatabaseNow, context);
    return { backups, restoring: restoring?.at ?? null, away: null };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof OmsError) || error.code !== 'host_unreachable') throw error;
    return { backups: [], restoring: null, away: error.why ?? messageOf(error) };
  }
}

/**
 * The backups of a site: on its server, and those that were brought to this machine (`.oms/<env>/backups`).
 * @throws {OmsError} not_deployed; deploy_failed.
 */
export async function listBackups(environment: string, context: Context): Promise<BackupList> {
  const site = await backupSite(environment, context);
  try {
    const { backups, restoring, away } = await askServer(site, context);
    const here = await localBackups(sitePaths(context.settings.dir, environment).backups, context);
    return { environment, away, restoring, backups: together(backups, here) };
  } finally {
    await context.remote.close();
  }
}
