import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts';
import { COLOURS, SERVICES, type Service } from '../deploy/services.ts';
import type { Site } from '../deploy/site.ts';
import type { HostStatus, SiteStatus } from './site-status.ts';

type Found = Pick<SiteStatus, 'environment' | 'hosts' | 'backlog' | 'certificate' | 'release' | 'since'>;
type Verdict = Pick<SiteStatus, 'health' | 'sentence'>;

const DAY_MS = 86_400_000;
/** ACME renews thirty days before the end: less than this, and it has failed for a while. */
const CERTIFICATE_DAYS = 14;
const LEAST_DISK_BYTES = 1 << 30;

const clock = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** Whether a service of compose.yaml has to run on a site, by its profile. */
function belongs({ profile, update }: Service, site: Site): boolean {
  if (update === 'job') return false;
  if (profile === 'hub') return site.events.kind === 'local';
  if (profile === 'sandbox') return site.payments === 'sandbox';
  return profile === 'observability' ? site.observability : true;
}

/** What has to run on a server; of two colours the one that its state names. */
export function expectedServices(host: Pick<HostStatus, 'groups' | 'state'>, site: Site): string[] {
  const idle = COLOURS.flatMap((colour) => [
    ...(host.state?.colours.producer === colour ? [] : [`producer-${colour}`]),
    ...(host.state?.colours.consumer === colour ? [] : [`consumer-${colour}`]),
  ]);
  return Object.entries(SERVICES as Record<string, Service>)
    .filter(([name, service]) => host.groups.includes(service.group) && belongs(service, site) && !idle.includes(name))
    .map(([name]) => name);
}

function containerProblems(host: HostStatus, site: Site): string[] {
  const expected = expectedServices(host, site);
  const present = new Set(host.containers.map(({ service }) => service));
  const missing = expected.filter((service) => !present.has(service));
  const troubled = host.containers.filter(({ service, problem }) => problem !== null && expected.includes(service));
  return [
    ...troubled.map(({ name, problem }) => `${name} ${problem}`),
    ...(missing.length > 0 ? [`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`] : []),
  ];
}

function hostProblems(host: HostStatus, site: Site): string[] {
  if (host.away !== null) return [`${host.name} is away (${host.away})`];
  if (host.dockerProblem !== null) return [`Docker of ${host.name} does not answer (${host.dockerProblem})`];
  const { diskFreeBytes: free, deploying, lock, state } = host;
  return [
    ...(state ? containerProblems(host, site) : [`nothing is deployed on ${host.name}`]),
    ...(free !== null && free < LEAST_DISK_BYTES ? [`${host.name} has ${formatBytes(free)} disk free`] : []),
    ...(deploying && !lock ? [`a deployment of ${deploying.release} was cut off on ${host.name}`] : []),
  ];
}

function certificateProblem({ certificate }: Found, now: Date): string[] {
  if (!certificate) return [];
  const days = Math.floor((Date.parse(certificate.validTo) - now.getTime()) / DAY_MS);
  if (days < 0) return [`the certificate of ${certificate.domain} has expired on ${certificate.validTo.slice(0, 10)}`];
  return days < CERTIFICATE_DAYS ? [`the certificate of ${certificate.domain} expires in ${days} days`] : [];
}

function releaseProblem(hosts: readonly HostStatus[]): string[] {
  const releases = new Set(hosts.flatMap(({ state }) => state?.release ?? []));
  return releases.size > 1 ? [`the servers have different releases (${[...releases].join(', ')})`] : [];
}

/** The most promising thing to do about what was found first. */
function nextOf(hosts: readonly HostStatus[], environment: string): string {
  const troubled = hosts.flatMap(({ containers }) => containers).find(({ problem }) => problem !== null);
  if (hosts.some(({ away }) => away !== null)) return `oms deploy --check --env ${environment}`;
  return troubled ? `oms logs --env ${environment} ${troubled.service}` : `oms deploy --env ${environment}`;
}

function judgeDown({ hosts, environment }: Found): string | undefined {
  const next = `Next: oms deploy --check --env ${environment}`;
  const reachable = hosts.filter(({ away }) => away === null);
  if (reachable.length === 0) {
    const reasons = hosts.map(({ name, away }) => `${name} (${away})`).join('; ');
    return `Down, as far as can be told from here: no server can be asked: ${reasons}. ${next}`;
  }
  if (reachable.some(({ containers }) => containers.some(({ state }) => state === 'running'))) return undefined;
  if (reachable.length < hosts.length) return undefined;
  if (reachable.every(({ state }) => state === null)) {
    return `Down: nothing is deployed. Next: oms deploy --env ${environment}`;
  }
  // What a Docker does not tell of may run all the same.
  if (reachable.some(({ dockerProblem }) => dockerProblem !== null)) return undefined;
  return `Down: no container runs. ${next}`;
}

function healthySentence({ hosts, backlog, certificate, release, since }: Found): string {
  const containers = hosts.flatMap((host) => host.containers).filter(({ state }) => state === 'running');
  const locked = hosts.find(({ lock }) => lock !== null);
  const parts = [
    `${release} since ${clock(since ?? '')}, ${containers.length} containers on ${hosts.length} ${hosts.length === 1 ? 'server' : 'servers'}`,
    ...(backlog === null ? [] : [`${formatCount(backlog)} events waiting`]),
    ...(certificate ? [`certificate until ${certificate.validTo.slice(0, 10)}`] : []),
    ...(locked ? [`locked by ${locked.lock}`] : []),
  ];
  return `Healthy: ${parts.join(', ')}.`;
}

/** One word and one sentence from what was found. */
export function judgeSite(found: Found, site: Site, now: Date): Verdict {
  const down = judgeDown(found);
  if (down) return { health: 'down', sentence: down };
  const problems = [
    ...found.hosts.flatMap((host) => hostProblems(host, site)),
    ...releaseProblem(found.hosts),
    ...certificateProblem(found, now),
  ];
  if (problems.length === 0) return { health: 'healthy', sentence: healthySentence(found) };
  const locked = found.hosts.find(({ lock }) => lock !== null);
  const note = locked ? ` (locked by ${locked.lock})` : '';
  const next = nextOf(found.hosts, found.environment);
  return { health: 'degraded', sentence: `Degraded${note}: ${problems.join('; ')}. Next: ${next}` };
}

/** How long a container has been up; "-" when it is not. */
export const upFor = (startedAt: string, state: string, now: Date): string =>
  state === 'running' ? formatDuration(Math.max(0, now.getTime() - Date.parse(startedAt))) : '-';
