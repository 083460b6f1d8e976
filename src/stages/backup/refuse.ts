import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import type { Release } from '../deploy/release.ts';
import { type Site, sitePaths } from '../deploy/site.ts';
import { localBackups } from './copies.ts';
import type { Ground } from './known-ground.ts';
import type { SinceBackup } from './missing-events.ts';
import type { StoredBackup } from './records.ts';

/** A backup and where it is taken from. */
export interface Chosen {
  backup: StoredBackup;
  /** Folder of this machine where the server does not have it. */
  sentFrom: string | null;
}

const whole = ({ file }: StoredBackup) => file === 'whole';

function refuseDamaged({ name, file }: StoredBackup, site: Site): never {
  const text = file === 'cut' ? 'is cut off: it has another length than when it was made' : 'has lost its file';
  throw new OmsError('refused', `the backup ${name} ${text}`, { next: [`oms backup list --env ${site.name}`] });
}

/**
 * The backup that is meant: the server's, or the one of that name on this machine.
 * @param name "latest" is the newest whole one of the server.
 * @throws {OmsError} not_found naming those there are; refused for one that is damaged.
 */
export async function chooseBackup(name: string, { site, now }: Ground, context: Context): Promise<Chosen> {
  const folder = sitePaths(context.settings.dir, site.name).backups;
  const here = await localBackups(folder, context);
  const onServer = now.backups.find((one) => (name === 'latest' ? whole(one) : one.name === name));
  const mine = here.find((one) => one.name === name);
  if (onServer && whole(onServer)) return { backup: onServer, sentFrom: null };
  if (mine && whole(mine)) return { backup: mine, sentFrom: folder };
  const damaged = onServer ?? mine;
  if (damaged) refuseDamaged(damaged, site);
  const names = [...new Set([...now.backups, ...here].map((one) => one.name))].sort().reverse().slice(0, 5);
  throw new OmsError('not_found', name === 'latest' ? 'there is no backup' : `there is no backup ${name}`, {
    why: names.length > 0 ? `there are ${names.join(', ')}` : `${site.name} has none, neither there nor here`,
    next: [names[0] ? `oms backup restore ${names[0]} --env ${site.name}` : `oms backup create --env ${site.name}`],
  });
}

/** A database that is newer than the code that reads it is worse than an old one. */
export function refuseNewerSchema({ backup }: Chosen, running: Release | undefined, site: Site): void {
  const knows = running?.schema.knows;
  if (knows === undefined || backup.schemaVersion <= knows) return;
  throw new OmsError('incompatible_release', `the backup ${backup.name} is newer than the release that runs`, {
    why: `its schema is ${backup.schemaVersion}, and ${running!.id} knows ${knows}`,
    next: [
      `deploy the release it was made with${backup.release ? ` (${backup.release})` : ''} or a newer one, then restore`,
      `oms backup list --env ${site.name}`,
    ],
  });
}

/** @throws {OmsError} refused: half of a deployment is no ground for a restore. */
export function refuseCutOff({ record, site }: Ground): void {
  if (!record.deploying) return;
  throw new OmsError('refused', `a deployment of ${record.deploying.release} was cut off`, {
    why: `it had come to "${record.deploying.phase}", and nobody knows which consumers run`,
    next: [`oms deploy --env ${site.name}`, 'then restore'],
  });
}

/** What a restore would lose for good has to be said by name. */
export function refuseLoss(since: SinceBackup, { backup }: Chosen, site: Site, accepted: boolean): void {
  if (since.kind !== 'gone' || accepted) return;
  const number = since.events === null ? 'events' : `${formatCount(since.events)} events`;
  throw new OmsError('refused', `${number} since the backup ${backup.name} could not be stored again`, {
    why: since.why,
    next: [
      'take a newer backup: oms backup list',
      'what is gone from the hub is in the archive of the namespace, where it has one',
      `oms backup restore ${backup.name} --env ${site.name} --accept-loss`,
    ],
  });
}
