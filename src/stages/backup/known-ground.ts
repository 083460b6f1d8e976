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
 * The site of an environment. The stack of `oms up` has no backups: its data is a folder of this machine.
 * @throws {OmsError} not_deployed saying what to do for either.
 */
export async function backupSite(environment: string, context: Context): Promise<Site> {
  return knownSite(environment, context).catch((error: unknown) => {
    if (!(error instanceof OmsError) || error.code !== 'not_deployed') throw error;
    const next = [...error.next, 'for the data of "oms up": oms down, then copy the folder .oms/local'];
    throw new OmsError(error.code, error.message, { ...(error.why && { why: error.why }), next, cause: error });
  });
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
