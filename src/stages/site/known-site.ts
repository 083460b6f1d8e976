import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { Site, sitePaths } from '../deploy/site.ts';

/**
 * The site of an environment, as `oms deploy` keeps it.
 * @throws {OmsError} not_deployed where this machine knows of none.
 */
export async function knownSite(environment: string, { settings, machine }: Context): Promise<Site> {
  const file = sitePaths(settings.dir, environment).site;
  const site = await machine.readJson(file, Site);
  if (site) return site;
  const there = machine.exists(file);
  throw new OmsError('not_deployed', `this machine knows of no servers of ${environment}`, {
    why: there ? `${file} is not one of this version of oms` : `there is no ${file}`,
    next: [`oms deploy --env ${environment} --host ADDRESS`, 'or set OMS_DIR to the folder it was deployed from'],
  });
}
