import { setTimeout as delay } from 'node:timers/promises';
import type { RemoteTarget } from '../../../adapters/ssh/remote.ts';
import type { Context } from '../../../context.ts';
import { OmsError } from '../../../errors.ts';
import { type RouteOptions, traefikRoutes } from '../../../render/traefik.ts';
import { writeHostFile } from '../host-file.ts';
import { HOST_LAYOUT } from '../host-layout.ts';
import { onAll } from '../on-all.ts';
import type { Site } from '../site.ts';
import { sitePaths } from '../site.ts';
import { targetOf } from '../targets.ts';
import { readProxyFigures } from './proxy-metrics.ts';

const TAKEN_MS = 15_000;
const LOOK_MS = 250;

export interface WebTarget {
  name: string;
  target: RemoteTarget;
}

/** The servers with a proxy. */
export function webTargets(site: Site, context: Pick<Context, 'settings'>): WebTarget[] {
  const paths = sitePaths(context.settings.dir, site.name);
  return site.hosts
    .filter(({ groups }) => groups.includes('web'))
    .map((host) => ({ name: host.name, target: targetOf(host, site, paths) }));
}

/** What writing routes needs of a context. */
export type RouteContext = Pick<Context, 'remote' | 'signal' | 'machine' | 'settings'>;

async function untilTaken({ name, target }: WebTarget, before: number, context: RouteContext): Promise<void> {
  const deadline = performance.now() + TAKEN_MS;
  while ((await readProxyFigures(target, context)).reloads === before) {
    if (performance.now() > deadline) {
      throw new OmsError('deploy_failed', `the proxy on ${name} did not take its new routes`, {
        why: `it has not loaded them within ${TAKEN_MS / 1_000} s; the old ones hold`,
        next: [`docker logs --tail 50 oms-traefik-1   (on ${name})`],
      });
    }
    await delay(LOOK_MS, undefined, { signal: context.signal });
  }
}

export interface WriteOptions extends Omit<RouteOptions, 'host'> {
  /** Not before the first deployment has started a proxy. */
  proxyRuns?: boolean;
}

/**
 * Writes routes.yml on every server with a proxy and waits until each has taken it; a file that says the same is left.
 * Where a proxy does not answer it is written all the same: that is what the proxy finds when it is back.
 * @throws {OmsError} host_unreachable; deploy_failed when a proxy is away or refuses the file.
 */
export async function writeRoutes(
  site: Site,
  { proxyRuns = true, ...options }: WriteOptions,
  context: RouteContext,
): Promise<void> {
  const templates = `${context.machine.templateFolder('compose')}/traefik`;
  const file = `${site.home}/${HOST_LAYOUT.traefikDynamic}/routes.yml`;
  await onAll(webTargets(site, context), async (web) => {
    const text = traefikRoutes(site, { ...options, host: web.name }, templates);
    const asked = proxyRuns ? readProxyFigures(web.target, context) : undefined;
    await asked?.catch(() => undefined);
    const purpose = 'its routes could not be written';
    const isNew = await writeHostFile({ target: web.target, file, text, purpose }, context);
    const before = await asked;
    if (before && isNew) await untilTaken(web, before.reloads, context);
  });
}
