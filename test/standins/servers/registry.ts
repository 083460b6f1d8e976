import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildOnce } from '../../../src/adapters/files/build-once.ts';
import { unpackPackages } from '../../../src/adapters/packages/unpack.ts';
import { until } from '../../helpers/until.ts';
import type { Scope } from '../environment/scope.ts';
import { RegistryClient } from './images/registry-client.ts';
import type { LabNetwork } from './network.ts';
import type { LabPlaces } from './places.ts';
import { inOwnNetwork, killNow, startLogged } from './process.ts';

/** A registry of images on the lab's network, at an address of its own and the port that needs no naming. */
export interface LabRegistry {
  address: string;
  client: RegistryClient;
  /** What it has been asked, as it logs it. */
  log(): Promise<string>;
}

/** Settings of Debian's docker-registry. YAML, of which JSON is a part. */
export function registrySettings(storage: string, address = ':80'): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: storage }, cache: { blobdescriptor: 'inmemory' } },
    http: { addr: address },
  });
}

/** Unpacks Debian's docker-registry once. @returns its program. */
export async function registryProgram(places: LabPlaces): Promise<string> {
  const tool = join(places.tools, 'docker-registry');
  await buildOnce(tool, (temporary) => unpackPackages(temporary, { candidates: ['docker-registry'], size: '5 MB' }));
  return join(tool, 'usr/bin/docker-registry');
}

/** Starts it in a network namespace of its own, wired to the bridge; it goes with the lab's process. */
export async function startRegistry(places: LabPlaces, network: LabNetwork, scope: Scope): Promise<LabRegistry> {
  const program = [await registryProgram(places), 'serve'];
  await mkdir(places.registry, { recursive: true });
  const settings = join(places.run, 'registry.yml');
  const log = join(places.run, 'registry.log');
  await writeFile(settings, registrySettings(places.registry));
  const child = startLogged(
    { file: 'setpriv', args: ['--pdeathsig', 'KILL', 'unshare', '--net', ...program, settings] },
    log,
  );
  scope.after(() => killNow(child));
  const station = network.take();
  await network.connect(station, await inOwnNetwork(child, log));
  const client = new RegistryClient(`http://${station.address}/`);
  await until('the registry answers', () => client.answers());
  return { address: station.address, client, log: () => readFile(log, 'utf8') };
}
