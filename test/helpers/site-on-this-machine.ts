import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AnsibleEngine, PlayRecap, TaskResult } from '../../src/adapters/ansible/engine.ts';
import { inventory, servicesOf } from '../../src/render/inventory.ts';
import { HOST_LAYOUT } from '../../src/stages/deploy/host-layout.ts';
import type { HostState } from '../../src/stages/deploy/release.ts';
import { type Colour, SERVICES } from '../../src/stages/deploy/services.ts';
import type { Site } from '../../src/stages/deploy/site.ts';
import { type DeployVariables, PLAYBOOKS, type Playbook } from '../../src/stages/deploy/variables.ts';
import { type FakeDocker, fakeDocker } from './fake-docker/fake-docker.ts';
import { setEnvironment } from './set-environment.ts';
import { tempFolder } from './temp-folder.ts';

export const PLAYBOOK_FOLDER = join(import.meta.dirname, '..', '..', 'templates', 'ansible');

/** What a release of the tests differs in from the first one. */
export interface TestRelease {
  /** Twelve hexadecimal digits. */
  id: string;
  previous: string | null;
  colours: { producer: Colour; consumer: Colour };
  /** Colours of the release before. */
  before?: { producer: Colour; consumer: Colour };
  /** Services whose hash is another one than in the first release. */
  changed?: readonly string[];
}

export const testSite = (home: string): Site => ({
  version: 1,
  name: 'test',
  hosts: [
    {
      name: 'shop-1',
      connection: 'local',
      address: '127.0.0.1',
      privateAddress: null,
      port: 22,
      user: 'root',
      groups: ['web', 'app', 'data'],
    },
  ],
  identityFile: null,
  home,
  domains: ['shop.example'],
  certificates: { kind: 'self-signed' },
  ports: { http: 80, https: 443 },
  events: { kind: 'local' },
  payments: 'sandbox',
  replicas: { producer: 2, consumer: 2 },
  observability: false,
  timeZone: 'UTC',
  backupAt: null,
});

/** The hash of a service in a release: that of the first one unless it has changed. */
export const hashIn = (release: TestRelease, service: string): string =>
  release.changed?.includes(service) ? `${release.id}` : 'aaaaaaaaaaaa';

const writeIn = (folder: string, name: string, content: string) => {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
};

function stage(folder: string, release: TestRelease): void {
  const services = Object.fromEntries(Object.keys(SERVICES).map((name) => [name, hashIn(release, name)]));
  const images = { app: `oms-app:${release.id}`, mysql: 'mysql:8.4.10' };
  writeIn(folder, 'release.json', JSON.stringify({ id: `r-${release.id}`, images, services }));
  writeIn(folder, 'compose.yaml', 'services: {}\n');
  writeIn(folder, '.env', '');
  writeIn(folder, 'images/app/Dockerfile', '# An app.\nFROM node:24.0.0-slim\n');
  writeIn(folder, HOST_LAYOUT.traefikStatic, 'ping: {}\n');
  writeIn(folder, `${HOST_LAYOUT.traefikDynamic}/routes.yml`, `to: ${release.colours.producer}\n`);
  writeIn(folder, `${HOST_LAYOUT.traefikDynamic}/tls.yml`, 'tls: {}\n');
}

function variablesOf(release: TestRelease, site: Site, work: string): DeployVariables {
  return {
    oms_migrates: true,
    oms_home: site.home,
    oms_project: 'oms',
    oms_release: `r-${release.id}`,
    oms_previous: release.previous && `r-${release.previous}`,
    oms_stage: join(work, 'stage'),
    oms_secrets: join(work, 'secrets'),
    oms_secret_files: [{ name: 'mysql-app-url', group: 'app', uid: 10_001, gid: 10_001 }],
    oms_images: [
      { reference: `oms-app:${release.id}`, group: ['web', 'app'], context: 'app' },
      { reference: 'mysql:8.4.10', group: ['data'], context: null },
    ],
    oms_image_archive: null,
    oms_compose_files: ['compose.yaml'],
    oms_profiles: ['hub', 'sandbox'],
    oms_replicas: site.replicas,
    oms_colours: release.colours,
    oms_colours_before: release.before ?? null,
    oms_gate_seconds: 2,
    oms_drain_seconds: 0.1,
    oms_kept_releases: 2,
    oms_deployed_by: 'someone@somewhere',
  };
}

export interface TestPlay {
  recap: PlayRecap;
  /** What docker was asked for, in order. */
  docker: string[];
  results: TaskResult[];
}

/** A "server" that is a folder of this machine, with a docker that starts nothing. */
export function siteOnThisMachine(t: TestContext, engine: AnsibleEngine) {
  const folder = tempFolder(t);
  const home = join(folder, 'home');
  const work = join(folder, 'work');
  const docker: FakeDocker = fakeDocker(join(folder, 'docker'));
  setEnvironment(t, { PATH: `${docker.bin}:${process.env.PATH}` });
  const site = testSite(home);
  for (const name of ['releases', HOST_LAYOUT.traefikDynamic]) mkdirSync(join(home, name), { recursive: true });
  writeIn(work, 'secrets/mysql-app-url', 'mysql://canary-5e1f@mysql/oms');
  const inventoryFile = join(work, 'inventory.json');
  writeIn(work, 'inventory.json', JSON.stringify(inventory(site, { knownHosts: join(work, 'known_hosts') })));

  const play = async (name: Playbook, release: TestRelease): Promise<TestPlay> => {
    stage(join(work, 'stage', 'shop-1'), release);
    writeIn(work, 'variables.json', JSON.stringify(variablesOf(release, site, work)));
    const results: TaskResult[] = [];
    const recap = await engine.play({
      playbook: PLAYBOOKS[name],
      folder: PLAYBOOK_FOLDER,
      inventory: inventoryFile,
      variables: join(work, 'variables.json'),
      scratch: join(folder, 'scratch'),
      onTask: (event) => event.kind === 'result' && results.push(event.result),
      signal: AbortSignal.timeout(150_000),
    });
    return { recap, results, docker: docker.calls() };
  };
  const write = (name: string, content: string) => writeIn(home, name, content);
  /** As a deployment of this release leaves it. */
  const deployed = (release: TestRelease) => {
    const id = `r-${release.id}`;
    stage(join(home, 'releases', id), release);
    write(HOST_LAYOUT.traefikStatic, 'ping: {}\n');
    write(`${HOST_LAYOUT.traefikDynamic}/routes.yml`, `to: ${release.colours.producer}\n`);
    write(`${HOST_LAYOUT.traefikDynamic}/tls.yml`, 'tls: {}\n');
    write(HOST_LAYOUT.state, JSON.stringify({ release: id, previous: null, colours: release.colours }));
    const { producer, consumer } = release.colours;
    const coloured = [`producer-${producer}`, `consumer-${consumer}`];
    const names = servicesOf(site).filter(({ update }) => update === 'in-place' || update === 'one-by-one');
    const running = [...names.map(({ name }) => name), ...coloured, ...coloured];
    docker.runs(running.map((service) => ({ service, hash: hashIn(release, service) })));
    docker.has('node:24.0.0-slim', `oms-app:${release.id}`, 'mysql:8.4.10');
  };
  const read = (name: string) => readFileSync(join(home, name), 'utf8');
  /** What shifting the traffic leaves. */
  const shift = (to: Colour) => writeIn(home, `${HOST_LAYOUT.traefikDynamic}/routes.yml`, `to: ${to}, by the shift\n`);
  return {
    home,
    work,
    docker,
    play,
    deployed,
    read,
    write,
    shift,
    state: (): HostState => JSON.parse(read(HOST_LAYOUT.state)),
  };
}
