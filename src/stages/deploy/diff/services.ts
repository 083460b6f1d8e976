import type { REASONS, ServicePlan } from '../deploy-plan.ts';
import type { DiffInput, KnownHost } from '../diff.ts';
import { isMeant } from '../only.ts';
import type { Release } from '../release.ts';
import { SERVICES, type Service, type ServiceName } from '../services.ts';
import type { Host, Site } from '../site.ts';
import { hostsOf } from '../site-network.ts';
import type { ColourPair } from './colours.ts';

type Reason = (typeof REASONS)[number];

/** The hash of what runs: of the containers where they were asked for, of the release that was written down otherwise. */
export function runningHash(host: KnownHost, before: Release | null, service: string): string | undefined {
  // A job has ended: no container tells of it.
  const isJob = service in SERVICES && SERVICES[service as ServiceName].update === 'job';
  if (host.running && !isJob) return host.running[service];
  return (host.release ?? (host.state ? before : null))?.services[service];
}

/**
 * Estimates of the seconds in which a service that is stopped and started does not answer, on a server with two cores:
 * a larger database or a slower disk takes longer. docs/deploy.md says what waits.
 */
const IN_PLACE_SECONDS: Partial<Record<ServiceName, number>> = {
  mysql: 15,
  hub: 5,
  blobs: 5,
  sandbox: 5,
  notifier: 5,
  traefik: 3,
};

const KINDS = ['producer', 'consumer'] as const;
type Kind = (typeof KINDS)[number];

const kindOf = (service: string): Kind | undefined => KINDS.find((kind) => service.startsWith(`${kind}-`));

/** The sandbox has one book, so it is on the first server of app alone. */
function hostsWith(site: Site, service: ServiceName): Host[] {
  const hosts = hostsOf(site, SERVICES[service].group);
  return service === 'sandbox' ? hosts.slice(0, 1) : hosts;
}

/** Which parts of a service differ; a release of an older oms does not say, and then it is called settings. */
function reasonsOf(service: ServiceName, before: Release | null, after: Release): Reason[] {
  const [old, fresh] = [before?.parts?.[service], after.parts?.[service]];
  if (!old || !fresh) return ['settings'];
  const reasons: [Reason, boolean][] = [
    ['image', old.image !== fresh.image],
    ['settings', old.settings !== fresh.settings],
    ['secret', old.secrets !== fresh.secrets],
    ['files', old.files !== fresh.files],
  ];
  const found = reasons.filter(([, differs]) => differs).map(([reason]) => reason);
  return found.length > 0 ? found : ['settings'];
}

interface Comparison {
  input: DiffInput;
  hosts: readonly KnownHost[];
  before: Release | null;
  colours: { from: ColourPair | null; to: ColourPair };
}

const scaled = ({ before, input }: Comparison, kind: Kind): boolean =>
  before?.replicas !== undefined && before.replicas[kind] !== input.site.replicas[kind];

type Change = Pick<ServicePlan, 'change' | 'why'>;

function changeOf(service: ServiceName, servers: readonly Host[], comparison: Comparison): Change {
  const { input, hosts, before } = comparison;
  const { release } = input.made;
  const running = servers.map(({ name }) => {
    const facts = hosts.find(({ host }) => host === name);
    return facts && runningHash(facts, before, service);
  });
  const kind = kindOf(service);
  if (running.every((hash) => hash === undefined)) return { change: 'new', why: [] };
  if (running.some((hash) => hash !== release.services[service])) {
    return { change: 'changed', why: reasonsOf(service, before, release) };
  }
  return kind && scaled(comparison, kind) ? { change: 'changed', why: ['replicas'] } : { change: 'unchanged', why: [] };
}

/** A coloured service is compared in the colour that runs, and told of under the name of both. */
function planService(service: ServiceName, comparison: Comparison): ServicePlan {
  const { input, colours } = comparison;
  const { group, update }: Service = SERVICES[service];
  const servers = hostsWith(input.site, service);
  const meant = servers.filter((host) => isMeant(host, input.only));
  const kind = kindOf(service);
  const change: Change = meant.length > 0 ? changeOf(service, meant, comparison) : { change: 'left alone', why: [] };
  const stops = change.change === 'changed' && update === 'in-place';
  return {
    service: kind ?? service,
    group,
    hosts: (meant.length > 0 ? meant : servers).map(({ name }) => name),
    ...change,
    update,
    colours: kind ? { from: colours.from?.[kind] ?? null, to: colours.to[kind] } : null,
    interruptionSeconds: stops ? (IN_PLACE_SECONDS[service] ?? 0) : 0,
  };
}

/** Of both colours the one that runs, or that will where none does. */
const isCompared = (service: string, { from, to }: Comparison['colours']): boolean => {
  const kind = kindOf(service);
  return kind === undefined || service === `${kind}-${(from ?? to)[kind]}`;
};

/** Services that ran and that this release does not have, such as those of observability once it is switched off. */
function goingServices({ input, hosts, before, colours }: Comparison): ServicePlan[] {
  const known = new Set([
    ...Object.keys(before?.services ?? {}),
    ...hosts.flatMap(({ running }) => Object.keys(running ?? {})),
  ]);
  const gone = [...known].filter((service): service is ServiceName => {
    return service in SERVICES && input.made.release.services[service] === undefined && isCompared(service, colours);
  });
  return gone.map((service) => {
    const servers = hostsWith(input.site, service).filter((host) => isMeant(host, input.only));
    const { group, update }: Service = SERVICES[service];
    return {
      ...{ service: kindOf(service) ?? service, group, update, why: [], colours: null, interruptionSeconds: 0 },
      hosts: servers.map(({ name }) => name),
      change: servers.length > 0 ? ('goes' as const) : ('left alone' as const),
    };
  });
}

/** What becomes of each service, in the order of services.ts; what goes comes last. */
export function servicePlans(
  input: DiffInput,
  hosts: readonly KnownHost[],
  before: Release | null,
  colours: Comparison['colours'],
): ServicePlan[] {
  const comparison = { input, hosts, before, colours };
  const names = Object.keys(input.made.release.services) as ServiceName[];
  const compared = names.filter((service) => service in SERVICES && isCompared(service, colours));
  return [...compared.map((service) => planService(service, comparison)), ...goingServices(comparison)];
}
