import { mayDeploy, mayRollBack } from '../../../lib/database/compatibility.ts';
import type { DeployPlan, ServicePlan } from './deploy-plan.ts';
import { type ColourPair, coloursFor, runningColours } from './diff/colours.ts';
import { imagesToGet } from './diff/images.ts';
import { servicePlans } from './diff/services.ts';
import type { MadeRelease } from './make-release.ts';
import { isMeant, partProblem } from './only.ts';
import type { Deploying, HostState, Release } from './release.ts';
import type { Site } from './site.ts';

/** What is known of one server; of one that could not be read, why. */
export type HostFacts =
  | {
      host: string;
      unreachable: null;
      state: HostState | null;
      /** release.json of the release that runs. */
      release: Release | null;
      deploying: Deploying | null;
      /** Labels `oms.hash` of the running containers by service, which are the truth where they were asked for. */
      running?: Readonly<Record<string, string>>;
    }
  | { host: string; unreachable: string };

export interface DiffInput {
  site: Site;
  made: Pick<MadeRelease, 'release' | 'migrations'>;
  states: readonly HostFacts[];
  /** Groups or names of servers; all of them without. */
  only?: readonly string[] | undefined;
  /** Whether images come from an archive. */
  archive?: boolean;
  /** Whether it is an earlier release that comes back, to a schema that stays as it is. */
  back?: boolean;
}

export type KnownHost = Extract<HostFacts, { unreachable: null }>;

const isRead = (facts: HostFacts): facts is KnownHost => facts.unreachable === null;

/** The release that runs: on the servers of app, whose code works on the database, before the others. */
function runningRelease(site: Site, hosts: readonly KnownHost[]): Release | null {
  const appHosts = site.hosts.filter(({ groups }) => groups.includes('app')).map(({ name }) => name);
  const inOrder = [...hosts].sort(
    (left, right) => Number(appHosts.includes(right.host)) - Number(appHosts.includes(left.host)),
  );
  return inOrder.find(({ release }) => release !== null)?.release ?? null;
}

/** Files are of the servers that read them: the proxy's of web, the observers' of data. */
const isFor = (path: string, { site, only }: DiffInput): boolean => {
  const group = path.startsWith('traefik/') ? 'web' : 'data';
  return site.hosts.some((host) => host.groups.includes(group) && isMeant(host, only));
};

function fileChanges(before: Release | null, input: DiffInput): DeployPlan['files'] {
  const after = input.made.release;
  const old = before?.files ?? {};
  const changed = Object.entries(after.files).flatMap(([path, hash]): DeployPlan['files'] => {
    if (old[path] === hash) return [];
    return [{ path, change: old[path] === undefined ? 'new' : 'changed' }];
  });
  const gone = Object.keys(old).filter((path) => after.files[path] === undefined);
  return [...changed, ...gone.map((path) => ({ path, change: 'goes' as const }))].filter(({ path }) =>
    isFor(path, input),
  );
}

function pendingMigrations({ made, back }: DiffInput, before: Release | null): DeployPlan['migrations'] {
  const { migrations } = made;
  const pending = back ? [] : migrations.filter(({ version }) => version > (before?.schema.knows ?? 0));
  const of = (phase: 'expand' | 'contract') =>
    pending.filter((migration) => migration.phase === phase).map(({ name }) => name);
  return { expand: of('expand'), contract: of('contract') };
}

function notesOf(states: readonly HostFacts[], hosts: readonly KnownHost[]): string[] {
  const unread = states.filter((facts) => !isRead(facts));
  const releases = new Set(hosts.map(({ state }) => state?.release ?? null));
  return [
    ...unread.map(({ host, unreachable }) => `planned as if ${host} were empty: ${unreachable}`),
    ...hosts.flatMap(({ host, deploying }) =>
      deploying
        ? [`on ${host} the deployment of ${deploying.release} was cut off while it was at "${deploying.phase}"`]
        : [],
    ),
    ...(releases.size > 1 ? ['the servers do not run the same release: this deployment brings them together'] : []),
  ];
}

function schemaProblem({ made, back }: DiffInput, before: Release | null): DeployPlan['refused'] {
  const verdict =
    back && before
      ? mayRollBack(before.schema, made.release.schema)
      : mayDeploy(before?.schema ?? null, made.release.schema);
  return verdict.allowed ? null : { why: verdict.why, next: verdict.next };
}

const isQuiet = ({ change }: ServicePlan) => change === 'unchanged' || change === 'left alone';

/**
 * What a deployment would change, from what the servers say of themselves. Pure: no server is asked, nothing is written.
 * What the base role finds to do on a server (Docker, firewall, users) is not known beforehand.
 */
export function planDeployment(input: DiffInput): DeployPlan {
  const { site, made, states } = input;
  const hosts = states.filter(isRead);
  const before = runningRelease(site, hosts);
  const from: ColourPair | null = runningColours(site, hosts);
  const colours = coloursFor(input, hosts, before, from);
  const services = servicePlans(input, hosts, before, { from, to: colours });
  const movesColours = from !== null && (from.producer !== colours.producer || from.consumer !== colours.consumer);
  const isFirst = before === null && hosts.every(({ state }) => state === null);
  const files = fileChanges(before, input);
  const notes = notesOf(states, hosts);
  return {
    site: site.name,
    release: made.release.id,
    running: before?.id ?? null,
    hosts: site.hosts.map(({ name, groups }) => {
      const facts = states.find(({ host }) => host === name);
      const release = facts && isRead(facts) ? (facts.state?.release ?? null) : null;
      return { name, groups, release, unreachable: facts?.unreachable ?? null };
    }),
    services,
    files,
    images: imagesToGet(input, hosts),
    migrations: pendingMigrations(input, before),
    colours,
    refused: schemaProblem(input, before) ?? partProblem(input, { isFirst, movesColours }),
    notes,
    unchanged: services.every(isQuiet) && files.length === 0 && notes.length === 0,
  };
}
