import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaOf } from '../../../lib/database/compatibility.ts';
import { type Migration, readMigrations } from '../../../lib/database/migrations.ts';
import type { Context } from '../../context.ts';
import { environmentOf, type Variables } from '../../render/environment-file.ts';
import { traefikRoutes, traefikStatic, traefikTls } from '../../render/traefik.ts';
import { HOST_LAYOUT } from './host-layout.ts';
import type { Release } from './release.ts';
import { composeFileNames, readComposeFiles, serviceNamesOf } from './release-parts/compose-files.ts';
import { filesBelow, ownImages } from './release-parts/image-contexts.ts';
import { type HashInput, hashOf, servicePart } from './release-parts/service-hashes.ts';
import type { SiteSecrets } from './secrets.ts';
import { OTHERS_IMAGES, SERVICES, type ServiceName } from './services.ts';
import type { Site } from './site.ts';
import { hostsOf } from './site-network.ts';

/** A release with what it is made of on this machine. */
export interface MadeRelease {
  release: Release;
  /** Names of compose files, in their order. */
  composeFiles: string[];
  /** By server: variables of .env without the hashes. */
  environments: Readonly<Record<string, Variables>>;
  /** Text of each file of configuration by its path below the site's home; routes are not among them. */
  configuration: Variables;
  migrations: readonly Migration[];
  /** Folders with compose files and with build contexts. */
  templates: string;
  images: string;
}

/** What other folders a release may be made from, in tests. */
export interface ReleaseSources {
  templates?: string;
  images?: string;
  migrations?: readonly Migration[];
}

async function observabilityFiles(site: Site, templates: string): Promise<Variables> {
  if (!site.observability) return {};
  const folder = join(templates, HOST_LAYOUT.observability);
  const paths = await filesBelow(folder);
  const texts = paths.map(async (path) => [
    `${HOST_LAYOUT.observability}/${path}`,
    await readFile(join(folder, path), 'utf8'),
  ]);
  return Object.fromEntries(await Promise.all(texts));
}

/** Files that lie beside the compose files and are the same on every server. */
async function configurationOf(site: Site, templates: string): Promise<Variables> {
  const folder = join(templates, 'traefik');
  return {
    [HOST_LAYOUT.traefikStatic]: traefikStatic(site, folder),
    [`${HOST_LAYOUT.traefikDynamic}/tls.yml`]: traefikTls(site, folder),
    ...(await observabilityFiles(site, templates)),
  };
}

/** Routes of every web server as they are when colour a has all the traffic: weights come and go without a release. */
const settledRoutes = (site: Site, templates: string): string =>
  hostsOf(site, 'web')
    .map(({ name }) => traefikRoutes(site, { weights: { a: 1, b: 0 }, host: name }, join(templates, 'traefik')))
    .join('\n');

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

function imagesOf(site: Site, own: Variables): Record<string, string> {
  const used = new Set<string>(serviceNamesOf(site).map((service) => SERVICES[service].image));
  return Object.fromEntries(Object.entries({ ...OTHERS_IMAGES, ...own }).filter(([name]) => used.has(name)));
}

function hashServices(site: Site, input: Omit<HashInput, 'hosts'>): Pick<Required<Release>, 'services' | 'parts'> {
  const hosts = (service: ServiceName) => hostsOf(site, SERVICES[service].group).map(({ name }) => name);
  const parts = Object.fromEntries(
    serviceNamesOf(site).map((service) => [service, servicePart(service, { ...input, hosts })]),
  );
  const services = Object.fromEntries(Object.entries(parts).map(([service, part]) => [service, hashOf(part)]));
  return { services, parts };
}

function schemaOfRelease(migrations: readonly Migration[]): Release['schema'] {
  const { contracts, ...rest } = schemaOf(migrations);
  return { ...rest, contracts: [...(contracts ?? [])] };
}

/** What the id is the hash of: everything but the version of oms and the times. */
const identity = ({ images, services, files, schema, replicas }: Omit<Release, 'id'>): string =>
  `r-${hashOf({ images, services, files, schema, replicas }).slice(0, 12)}`;

/**
 * Puts a release together from the images' build contexts, the compose files and what a site says. Nothing is written,
 * no server is asked: the same input gives the same id on every machine.
 * @param secrets of siteSecrets; their keyed hashes tell which services a new secret concerns.
 * @throws {OmsError} not_found where the images have not been built.
 */
export async function makeRelease(
  site: Site,
  secrets: Pick<SiteSecrets, 'hashes'>,
  { machine, now }: Pick<Context, 'machine' | 'now'>,
  sources: ReleaseSources = {},
): Promise<MadeRelease> {
  const { templates = machine.templateFolder('compose'), images = machine.imagesFolder() } = sources;
  const migrations = sources.migrations ?? (await readMigrations());
  const composeFiles = composeFileNames(site, secrets.hashes['smtp-url'] !== undefined);
  const [files, own, configuration] = await Promise.all([
    readComposeFiles(templates, composeFiles),
    ownImages(images),
    configurationOf(site, templates),
  ]);
  // Compose wants the tags of all of ours, whichever of them a site uses.
  const references = { ...imagesOf(site, own), ...own };
  const environments = Object.fromEntries(site.hosts.map((host) => [host.name, environmentOf(site, host, references)]));
  const fileHashes = Object.fromEntries(Object.entries(configuration).map(([path, text]) => [path, digest(text)]));
  const hashed = { files, images: references, environments, secrets: secrets.hashes, configuration: fileHashes };
  const release: Omit<Release, 'id'> = {
    version: 1,
    oms: machine.packageVersion(),
    madeAt: now().toISOString(),
    images: imagesOf(site, own),
    ...hashServices(site, hashed),
    files: { ...fileHashes, [`${HOST_LAYOUT.traefikDynamic}/routes.yml`]: digest(settledRoutes(site, templates)) },
    schema: schemaOfRelease(migrations),
    replicas: site.replicas,
  };
  return {
    release: { ...release, id: identity(release) },
    composeFiles,
    environments,
    configuration,
    migrations,
    templates,
    images,
  };
}
