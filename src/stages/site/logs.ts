import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { visible } from '../../ui/visible.ts';
import { PROJECT } from '../deploy/host-layout.ts';
import { knownSite } from '../deploy/saved-site.ts';
import { SERVICES, type Service } from '../deploy/services.ts';
import { type Host, type Site, sitePaths } from '../deploy/site.ts';
import { targetOf } from '../deploy/targets.ts';
import { mergeLines } from '../local/log-line.ts';
import { namedLine, parseSiteLine, type SiteLogLine } from './log-lines.ts';

export interface SiteLogOptions {
  environment: string;
  /** Services of compose.yaml; "producer" and "consumer" stand for both colours. All when empty. */
  services: readonly string[];
  /** One server alone. */
  host: string | undefined;
  lines: number;
  /** Such as "10m", or a time; null for no bound. */
  since: string | undefined;
  follow: boolean;
  /** Only lines that name this order. */
  order: string | undefined;
}

/** A Docker that has not told everything by then hangs. */
const DEADLINE_SECONDS = 60;
/** As `timeout` ends. */
const TIMED_OUT = 124;

/** A compose file in the folder that ssh begins in would be taken for ours. */
const COMPOSE = ['sh', '-c', 'cd / && exec docker compose "$@"', 'sh'];
const PATIENTLY = `cd /
command -v timeout >/dev/null 2>&1 && exec timeout ${DEADLINE_SECONDS} docker compose "$@"
exec docker compose "$@"`;
const COMPOSE_TO_ITS_END = ['sh', '-c', PATIENTLY, 'sh'];

function logArguments(services: readonly string[], { lines, since, follow }: SiteLogOptions): string[] {
  return [
    ...[
      ...(follow ? COMPOSE : COMPOSE_TO_ITS_END),
      // --no-color alone still moves the cursor before the first line of a container.
      ...['--ansi', 'never', '-p', PROJECT, 'logs', '--no-color'],
      '--timestamps',
      `--tail=${lines}`,
    ],
    ...(since ? [`--since=${since}`] : []),
    ...(follow ? ['--follow'] : []),
    ...services,
  ];
}

const known = SERVICES as Readonly<Record<string, Service>>;

/** @throws {OmsError} usage for a name that is no service. */
function servicesNamed(names: readonly string[]): string[] {
  const expanded = names.flatMap((name) => {
    if (Object.hasOwn(known, name)) return [name];
    const colours = [`${name}-a`, `${name}-b`].filter((service) => Object.hasOwn(known, service));
    if (colours.length > 0) return colours;
    throw new OmsError('usage', `there is no service "${name}"`, { next: [`one of ${Object.keys(known).join(', ')}`] });
  });
  return [...new Set(expanded)];
}

/** @throws {OmsError} usage for a server that is none of the site's. */
function hostsOf(site: Site, name: string | undefined): Host[] {
  const hosts = site.hosts.filter((host) => name === undefined || host.name === name);
  if (hosts.length > 0) return hosts;
  const names = site.hosts.map((host) => host.name);
  throw new OmsError('usage', `--host: ${site.name} has no server "${name}"`, { next: [`one of ${names.join(', ')}`] });
}

interface Asked {
  host: Host;
  argv: string[];
}

/**
 * A server is asked for what it can carry: Compose ends at once with a service it does not know.
 * @throws {OmsError} usage where none of them carries any of the services.
 */
function questions(site: Site, options: SiteLogOptions): Asked[] {
  const services = servicesNamed(options.services);
  const asked = hostsOf(site, options.host).map((host) => {
    const here = services.filter((service) => host.groups.includes(known[service]!.group));
    return { host, here, argv: logArguments(here, options) };
  });
  const found = asked.filter(({ here }) => services.length === 0 || here.length > 0);
  if (found.length > 0) return found;
  const carries = asked.map(({ host }) => `${host.name} carries ${host.groups.join(', ')}`).join('; ');
  throw new OmsError('usage', `${options.services.join(', ')}: on none of the servers that were named`, {
    why: carries,
    next: ['without --host'],
  });
}

async function read({ host, argv }: Asked, site: Site, onLine: (line: SiteLogLine) => void, context: Context) {
  const { remote, settings, signal, terminal } = context;
  const target = targetOf(host, site, sitePaths(settings.dir, site.name));
  const take = (text: string) => {
    const line = parseSiteLine(host.name, text);
    if (line) onLine(line);
  };
  try {
    const { code, stderr } = await remote.follow(target, argv, { root: true, onLine: take, signal });
    const late = code === TIMED_OUT && `Docker did not answer within ${DEADLINE_SECONDS} s`;
    const said = late || stderr.trim().split('\n').at(-1);
    if (code !== 0 && !signal.aborted) terminal.note(`${host.name}: ${visible(said || `exit code ${code}`)}`);
    return true;
  } catch (error) {
    if (signal.aborted) return true;
    if (!(error instanceof OmsError)) throw error;
    terminal.note(`${host.name} is left out: ${visible([messageOf(error), error.why].filter(Boolean).join(': '))}`);
    return false;
  }
}

/**
 * Shows what the containers of a site have written, of all its servers in the order of time; with `follow` every new
 * line until Ctrl-C. A server that is away is told, and left out.
 * @throws {OmsError} not_deployed; usage; host_unreachable when no server answers.
 */
export async function showSiteLogs(
  context: Context,
  options: SiteLogOptions,
  show: (line: SiteLogLine) => void,
): Promise<void> {
  const site = await knownSite(options.environment, context);
  const asked = questions(site, options);
  const { order, follow, lines: count } = options;
  const collected = new Map<string, SiteLogLine[]>();
  const take = (line: SiteLogLine) => {
    if (order !== undefined && !line.raw.includes(order)) return;
    if (follow) return showNamed(line);
    const key = `${line.host} ${line.container}`;
    collected.set(key, [...(collected.get(key) ?? []), line]);
  };
  const width = Math.max(...asked.map(({ host }) => host.name.length));
  const showNamed = (line: SiteLogLine) => show({ ...line, ...namedLine(line, site.hosts.length > 1, width) });
  try {
    const answered = await Promise.all(asked.map((one) => read(one, site, take, context)));
    context.signal.throwIfAborted();
    if (!answered.includes(true)) throw new OmsError('host_unreachable', `no server of ${site.name} answers`);
    const merged = mergeLines([...collected.values()]) as SiteLogLine[];
    for (const line of merged.slice(-count)) showNamed(line);
  } finally {
    await context.remote.close();
  }
}
