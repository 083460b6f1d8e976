import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
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

/** A compose file in the folder that ssh begins in would be taken for ours. */
const COMPOSE = ['sh', '-c', 'cd / && exec docker compose "$@"', 'sh'];

function logArguments(services: readonly string[], { lines, since, follow }: SiteLogOptions): string[] {
  return [
    ...[...COMPOSE, '-p', PROJECT, 'logs', '--no-color', '--timestamps', `--tail=${lines}`],
    ...(since ? [`--since=${since}`] : []),
    ...(follow ? ['--follow'] : []),
    ...services,
  ];
}

const known = SERVICES as Readonly<Record<string, Service>>;

/** @throws {OmsError} usage for a name that is no service. */
function servicesOf(names: readonly string[]): string[] {
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

/** A server is asked for what it can carry: Compose ends at once with a service it does not know. */
function questions(site: Site, options: SiteLogOptions): Asked[] {
  const services = servicesOf(options.services);
  const asked = hostsOf(site, options.host).map((host) => {
    const here = services.filter((service) => host.groups.includes(known[service]!.group));
    return { host, here, argv: logArguments(here, options) };
  });
  return asked.filter(({ here }) => services.length === 0 || here.length > 0);
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
    if (code !== 0 && !signal.aborted) terminal.note(`${host.name}: ${stderr.trim().split('\n').at(-1) ?? code}`);
    return true;
  } catch (error) {
    if (signal.aborted) return true;
    if (!(error instanceof OmsError)) throw error;
    terminal.note(`${host.name} is left out: ${[messageOf(error), error.why].filter(Boolean).join(': ')}`);
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
