import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../../context.ts';
import { environmentText, hashVariables } from '../../render/environment-file.ts';
import { type RouteOptions, traefikRoutes } from '../../render/traefik.ts';
import { HOST_LAYOUT } from './host-layout.ts';
import type { MadeRelease } from './make-release.ts';
import { serviceNamesOf } from './release-parts/compose-files.ts';
import { OWN_IMAGES, type OwnImage, SERVICES } from './services.ts';
import { type Host, type HostGroup, type Site, sitePaths } from './site.ts';

/** How the proxy shall send requests when a release comes up: the colour that runs has all of them. */
export type StagedRoutes = Omit<RouteOptions, 'host'>;

const groupsOf = (site: Site, image: OwnImage): HostGroup[] =>
  serviceNamesOf(site)
    .filter((service) => SERVICES[service].image === image)
    .map((service) => SERVICES[service].group);

/** A context goes to the servers that run something of it. */
const contextsOf = (site: Site, host: Host): OwnImage[] =>
  OWN_IMAGES.filter((image) => groupsOf(site, image).some((group) => host.groups.includes(group)));

async function write(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text, { mode: 0o644 });
}

/** On which servers a file of configuration is of use. */
const isFor = (path: string, { groups }: Host) => groups.includes(path.startsWith('traefik/') ? 'web' : 'data');

async function stageHost(site: Site, host: Host, made: MadeRelease, routes: StagedRoutes, folder: string) {
  const { release, environments, configuration, templates, images } = made;
  for (const name of made.composeFiles) await cp(join(templates, name), join(folder, name));
  const variables = { ...environments[host.name], ...hashVariables(release.services) };
  await write(folder, '.env', environmentText(variables));
  await write(folder, 'release.json', `${JSON.stringify(release, null, 2)}\n`);
  for (const [path, text] of Object.entries(configuration)) if (isFor(path, host)) await write(folder, path, text);
  if (host.groups.includes('web')) {
    const text = traefikRoutes(site, { ...routes, host: host.name }, join(templates, 'traefik'));
    await write(folder, `${HOST_LAYOUT.traefikDynamic}/routes.yml`, text);
  }
  for (const name of contextsOf(site, host)) {
    await cp(join(images, name), join(folder, 'images', name), { recursive: true });
  }
}

/**
 * Lays down what goes to each server: `.oms/<env>/deploy/stage/<host>/` becomes `releases/<id>/` there. No secret is
 * among it. What an earlier run has staged goes first.
 * @returns the folder with one folder a server.
 */
export async function stageFiles(
  site: Site,
  made: MadeRelease,
  routes: StagedRoutes,
  { settings, machine }: Pick<Context, 'settings' | 'machine'>,
): Promise<string> {
  const paths = sitePaths(settings.dir, site.name);
  await rm(paths.stage, { recursive: true, force: true });
  await machine.makeFolder(paths.stage);
  await Promise.all(
    site.hosts.map(async (host) => {
      const folder = join(paths.stage, host.name);
      await mkdir(folder, { recursive: true });
      await stageHost(site, host, made, routes, folder);
    }),
  );
  return paths.stage;
}
