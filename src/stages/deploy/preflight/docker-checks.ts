import { isAtLeast, parseVersion } from '../../../tools/tool.ts';
import { PROJECT } from '../host-layout.ts';
import { fail, type HostCheck, type HostInput, ok, type Verdict } from './check.ts';
import { privatePorts, publicPorts } from './wanted-ports.ts';

/** Oldest that knows `start_interval` of health checks. */
const DOCKER_MINIMUM = '25.0';
/** Oldest that takes `--wait-timeout` and env files the way ours are written. */
const COMPOSE_MINIMUM = '2.24';

const LOOK = ['systemctl status docker', 'journalctl -u docker -n 20'];

function judgeDocker({ facts: { docker } }: HostInput): Verdict {
  const { client, server, error, broken, rootFolder } = docker;
  if (broken.length > 0) {
    const names = broken.join(', ');
    return fail(`installed by half: ${names}`, 'as root: dpkg --configure -a', 'apt-get install --fix-broken');
  }
  if (!client) return ok('not there yet, it will be installed');
  if (/podman/i.test(client)) return fail('the docker command is Podman', 'apt-get remove podman-docker');
  if (!server) return fail(`Docker is there and does not answer: ${error ?? 'it says nothing'}`, ...LOOK);
  if (!isAtLeast(parseVersion(server) ?? '0', DOCKER_MINIMUM)) {
    return fail(`Docker ${server} is older than ${DOCKER_MINIMUM}`, 'https://docs.docker.com/engine/install/');
  }
  if (rootFolder?.startsWith('/var/snap/')) {
    return fail("this is snap's Docker, which cannot read /opt", 'snap remove docker');
  }
  return ok(server);
}

function judgeCompose({ facts: { docker } }: HostInput): Verdict | undefined {
  const { server, compose } = docker;
  if (!server) return undefined;
  if (!compose) return ok('not there yet, it will be installed');
  const version = parseVersion(compose) ?? '0';
  if (isAtLeast(version, COMPOSE_MINIMUM)) return ok(compose);
  return fail(
    `the Compose plugin ${compose} is older than ${COMPOSE_MINIMUM}`,
    'apt-get install docker-compose-plugin',
  );
}

function judgeProject({ site, facts: { docker } }: HostInput): Verdict | undefined {
  if (!docker.server) return undefined;
  const others = docker.projectFolders.filter((folder) => folder !== site.home);
  if (others.length === 0) return ok(docker.projectFolders.length ? 'ours' : 'free');
  return fail(
    `a Compose project called ${PROJECT} is there already, of ${others.join(', ')}`,
    `docker compose --project-name ${PROJECT} ps --all`,
    'deploy with --home of that folder, or stop the other one',
  );
}

function judgePorts({ host, site, facts: { ports } }: HostInput): Verdict | undefined {
  const [open, between] = [publicPorts(host, site), privatePorts(host, site)];
  const wanted = [...open, ...between];
  if (wanted.length === 0) return undefined;
  const found = ports.filter(({ port }) => wanted.includes(port));
  const taken = found.filter(({ project }) => project !== PROJECT);
  if (taken.length === 0) {
    const inside = between.length === 0 ? [] : [`${between.length} for the other servers`];
    return ok(`${[...open, ...inside].join(' and ')} ${found.length > 0 ? 'ours' : 'free'}`);
  }
  const say = ({ port, holder, name }: (typeof taken)[number]) =>
    `port ${port} is taken by ${holder === 'container' ? `the container ${name}` : name}`;
  const first = taken[0]!;
  const stop = first.holder === 'container' ? `docker stop ${first.name}` : `systemctl disable --now ${first.name}`;
  return fail(
    taken.map(say).join('; '),
    `ss -ltnp 'sport = :${first.port}'`,
    stop,
    ...(open.includes(first.port) ? ['or other ports: --http-port, --https-port'] : []),
  );
}

/** What runs on it. */
export const DOCKER_CHECKS: readonly HostCheck[] = [
  { id: 'docker', title: 'Docker', judge: judgeDocker },
  { id: 'compose', title: 'Compose', judge: judgeCompose },
  { id: 'project', title: 'Project', judge: judgeProject },
  { id: 'ports', title: 'Ports', judge: judgePorts },
];
