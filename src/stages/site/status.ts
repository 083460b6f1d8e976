import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { knownSite } from '../deploy/saved-site.ts';
import type { Site } from '../deploy/site.ts';
import { hostStatus } from './host-status.ts';
import { judgeSite } from './judge.ts';
import type { SiteStatus } from './site-status.ts';

const CERTIFICATE_DEADLINE_MS = 3_000;

/** What browsers are shown, asked of the first web server that shows any. */
async function findCertificate(site: Site, { machine }: Context): Promise<SiteStatus['certificate']> {
  const [domain = ''] = site.domains;
  for (const { groups, address } of site.hosts) {
    if (!groups.includes('web')) continue;
    const shown = await machine.servedCertificate(address, site.ports.https, domain, CERTIFICATE_DEADLINE_MS);
    if (shown) return { domain, ...shown };
  }
  return null;
}

/**
 * How a site is, asked of all its servers at once. Nothing that is wrong with it is thrown.
 * @throws {OmsError} not_deployed where this machine knows of no such site.
 */
export async function siteStatus(environment: string, context: Context): Promise<SiteStatus> {
  const site = await knownSite(environment, context);
  const script = await readFile(join(context.machine.templateFolder('server'), 'status.sh'), 'utf8');
  try {
    const [hosts, certificate] = await Promise.all([
      Promise.all(site.hosts.map((host) => hostStatus(host, script, site, context))),
      findCertificate(site, context),
    ]);
    const state = hosts.find((host) => host.state !== null)?.state;
    const backlogs = hosts.flatMap(({ backlog }) => backlog ?? []);
    const found = {
      ...{ environment, hosts, certificate, release: state?.release ?? null, since: state?.deployedAt ?? null },
      backlog: backlogs.length > 0 ? backlogs.reduce((sum, one) => sum + one, 0) : null,
    };
    return { ...judgeSite(found, site, context.now()), ...found };
  } finally {
    await context.remote.close();
  }
}
