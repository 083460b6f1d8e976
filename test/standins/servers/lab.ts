import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../src/adapters/exec/run.ts';
import { lockHolder, releaseLock, takeLock } from '../../../src/adapters/files/lock.ts';
import { until } from '../../helpers/until.ts';
import { type Scope, Undoing } from '../environment/scope.ts';
import { removeGroups } from './control-groups.ts';
import { debianMirror } from './debian-mirror.ts';
import { debianRoot } from './debian-root.ts';
import { imagesOfTheSite } from './images/names.ts';
import { parseReference } from './images/reference.ts';
import { provideStandIns, type StandInImage } from './images/stand-in-images.ts';
import { bundleStandInProxy } from './images/stand-in-proxy.ts';
import { type LabNetwork, layNetwork, removeNetwork } from './network.ts';
import { startPackageMirror } from './package-mirror.ts';
import { type LabPlaces, labPlaces } from './places.ts';
import { type LabRegistry, startRegistry } from './registry.ts';
import { whyNoLab } from './requirements.ts';
import { createServer, type LabServer } from './server.ts';
import { stopwatch } from './stopwatch.ts';

export interface LabOptions {
  /** Names of the servers. */
  servers: readonly string[];
  /** Told what is being done and how long it took, a line at a time. */
  log: (line: string) => void;
  /** Images by their unmodified names; all that the site's compose files and Dockerfiles name when absent. */
  images?: readonly string[];
  /** Folder with the program `traefik` of a stand-in proxy; the checkout's own when absent. */
  traefik?: string;
  /** How long another lab on this machine is waited for; not at all when absent. */
  waitMs?: number;
}

export interface Lab {
  servers: readonly LabServer[];
  server(name: string): LabServer;
  powerCut(name: string): Promise<void>;
  /** @returns the seconds until somebody can log in. */
  boot(name: string): Promise<number>;
  /** What the registry has been asked. */
  registryLog(): Promise<string>;
  /** Images that the servers can pull, and what each of them is here. */
  images: readonly StandInImage[];
  /** Takes everything down, as a lab whose process is killed goes down by itself but for files. */
  stop(): Promise<void>;
}

/** This machine cannot be a lab; the message says why. */
export class NoLab extends Error {
  override readonly name = 'NoLab';
}

async function takeMachine({ lock }: LabPlaces, { waitMs = 0, log }: LabOptions, scope: Scope): Promise<void> {
  if (!(await takeLock(lock))) {
    const busy = `process ${await lockHolder(lock)} runs a lab on this machine`;
    log(waitMs > 0 ? `${busy}: waiting for its end` : busy);
    await until(`the end of another lab: ${busy}`, () => takeLock(lock), waitMs);
  }
  scope.after(() => releaseLock(lock));
}

/** Folders of the run, groups and bridge are ours from here on, whoever has left them. */
async function clearGround({ run: folder, images }: LabPlaces, scope: Scope): Promise<LabNetwork> {
  const clear = async () => {
    await removeGroups();
    await rm(folder, { recursive: true, force: true });
    await rm(images, { recursive: true, force: true });
  };
  await clear();
  for (const path of [folder, images]) await mkdir(path, { recursive: true, mode: 0o700 });
  scope.after(clear);
  scope.after(removeNetwork);
  return layNetwork();
}

async function makeKey({ run: folder }: LabPlaces): Promise<string> {
  const file = join(folder, 'id_ed25519');
  await run({ file: 'ssh-keygen', args: ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', file] });
  return file;
}

interface Ground {
  places: LabPlaces;
  network: LabNetwork;
  mirror: string;
  scope: Scope;
}

async function bootServers({ places, network, mirror, scope }: Ground, registry: LabRegistry, options: LabOptions) {
  const { servers, images = [], log } = options;
  const lap = stopwatch(log);
  const [lower, identityFile, packages] = await Promise.all([
    debianRoot(places, mirror, log),
    makeKey(places),
    startPackageMirror({ host: network.host, upstream: mirror, folder: places.packages }),
  ]);
  scope.after(() => packages.stop());
  lap('root of Debian 13');
  const registryNames = [...new Set(images.flatMap((name) => parseReference(name).registry ?? []))];
  const site = { packages: packages.url, registry: registry.address, registryNames };
  const boot = async (name: string) => {
    const folder = join(places.run, name);
    const server = await createServer({ name, folder, lower, network, station: network.take(), identityFile, site });
    scope.after(() => server.powerCut());
    const seconds = await server.boot();
    log(`${name}: ${server.user}@${server.address}, booted in ${seconds.toFixed(1)} s`);
    return server;
  };
  // One that fails does not leave the others to be taken down while they are being made.
  const booting = servers.map(boot);
  await Promise.allSettled(booting);
  return Promise.all(booting);
}

async function providesImages({ places, mirror }: Ground, { client }: LabRegistry, options: LabOptions) {
  const { images = [], log } = options;
  const lap = stopwatch(log);
  const folder = places.images;
  const traefik = options.traefik ?? (await bundleStandInProxy(join(folder, 'traefik')));
  const standIns = await provideStandIns(images, { registry: client, mirror, folder, traefik, report: log });
  lap('stand-in images');
  for (const { name, standIn } of standIns) log(`${name}: a stand-in, ${standIn}`);
  for (const name of images) {
    if (!standIns.some((image) => image.name === name)) log(`${name}: not there, nothing stands in for it`);
  }
  return standIns;
}

/** Waits for all, also when one fails: what is still being built would be in the way of taking down. */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}

async function start(options: LabOptions, scope: Scope): Promise<Omit<Lab, 'stop'>> {
  const places = labPlaces();
  await mkdir(places.folder, { recursive: true });
  const why = await whyNoLab(places);
  if (why) throw new NoLab(why);
  await takeMachine(places, options, scope);
  const network = await clearGround(places, scope);
  const ground = { places, network, mirror: await debianMirror(), scope };
  const all = { ...options, images: options.images ?? (await imagesOfTheSite()) };
  const registry = await startRegistry(places, network, scope);
  const [servers, images] = await together(bootServers(ground, registry, all), providesImages(ground, registry, all));
  const server = (name: string) => {
    const found = servers.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no server ${name} in this lab`);
    return found;
  };
  return {
    servers,
    server,
    powerCut: (name) => server(name).powerCut(),
    boot: (name) => server(name).boot(),
    registryLog: () => registry.log(),
    images,
  };
}

/**
 * Bare Debian 13 servers on this machine, with a mirror of packages and a registry of images beside them. They reach each
 * other, this machine's end of their bridge, and nothing else.
 * @throws {NoLab} where it cannot be.
 * @throws {Error} when another one is there for longer than may be waited, or something fails on the way.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const undoing = new Undoing();
  const lap = stopwatch(options.log);
  try {
    const lab = await start(options, undoing);
    lap('lab');
    return { ...lab, stop: () => undoing.end() };
  } catch (error) {
    await undoing.end();
    throw error;
  }
}
