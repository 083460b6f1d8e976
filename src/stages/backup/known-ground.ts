import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { type HostRecord, readHostRecord } from '../deploy/host-state.ts';
import type { HostState } from '../deploy/release.ts';
import { knownSite } from '../deploy/saved-site.ts';
import type { Site } from '../deploy/site.ts';
import { askHost, dataTarget } from './ask-host.ts';
import { DatabaseNow } from './records.ts';

export interface Ground {
  site: Site;
  state: HostState;
  record: HostRecord;
  now: DatabaseNow;
}

/**
 * The site of an environment. The stack of `oms up` has no backups: it is made anew instead.
 * @throws {OmsError} not_deployed saying what to do for either.
 */
export async function backupSite(environment: string, context: Context): Promise<Site> {
  if (environment === 'local') {
    throw new OmsError('not_deployed', 'backups are made of the sites of "oms deploy"', {
      why: 'the stack of "oms up" keeps its data in .oms/local until "oms down --purge"',
      next: ['oms backup create --env demo', 'for the local data: oms down, then copy the folder .oms/local'],
    });
  }
  return knownSite(environment, context);
}

/**
 * What runs on the servers of a site and how its database is.
 * @throws {OmsError} not_deployed where nothing runs; host_unreachable.
 */
export async function lookAtGround(environment: string, context: Context): Promise<Ground> {
  const site = await backupSite(environment, context);
  const record = await readHostRecord(dataTarget(site, context), site.home, context);
  const { state } = record;
  if (!state) {
    throw new OmsError('not_deployed', `nothing runs on the servers of ${site.name}`, {
      why: `there is no release in ${site.home}`,
      next: [`oms deploy --env ${site.name}`],
    });
  }
  return { site, state, record, now: await askHost(site, 'now', DatabaseNow, context) };
}
