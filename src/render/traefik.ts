import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { PROJECT } from '../stages/deploy/host-layout.ts';
import { COLOURS, type Colour } from '../stages/deploy/services.ts';
import type { Host, Site } from '../stages/deploy/site.ts';
import { CONTAINER_PORT, PRODUCER_SPLIT_PORTS } from '../stages/deploy/split-ports.ts';

/** Everything public but the health check is answered with 503. */
export interface Maintenance {
  /** One sentence for the page; null has the page's own. */
  message: string | null;
}

export interface RouteOptions {
  /** Shares of requests for each colour, in any unit; not 0 for both. */
  weights: Readonly<Record<Colour, number>>;
  /** Colours that have containers: those with a share, where nothing is said. */
  colours?: readonly Colour[];
  maintenance?: Maintenance | null;
  /** Which of the site's web hosts the file is for: the first one, where nothing is said. */
  host?: string;
}

interface Router {
  rule: string;
  entryPoints: string[];
  service: string;
  middlewares: string[];
}

interface LoadBalancer {
  loadBalancer: { servers: { url: string }[] };
}

interface Routes {
  http: {
    routers: Record<string, Router>;
    middlewares: Record<string, unknown>;
    services: Record<string, unknown> & { producer: { weighted: { services: { name: string; weight: number }[] } } };
  };
}

interface Static {
  entryPoints: {
    http: { http: { redirections: { entryPoint: { to: string } } } };
    https: { http: { tls: Record<string, unknown> } };
  };
  certificatesResolvers?: { acme: { acme: Record<string, unknown> } };
}

interface Tls {
  tls: { options: unknown; stores?: unknown; certificates?: unknown };
}

const HEADER = '# Written by oms: a change by hand is gone with the next deployment.\n';
const DOMAIN = /^[A-Za-z0-9.:_-]+$/;
const TEMPLATE_RULE = 'Host(`shop.example`)';

/** `folder` is templates/compose/traefik; Traefik's files are YAML, and so are these. */
const load = <T>(folder: string, name: string): T => parse(readFileSync(join(folder, name), 'utf8')) as T;
// The same object in two places is written twice: whoever reads the file on a server follows no anchors.
const write = (value: unknown): string => HEADER + stringify(value, { aliasDuplicateObjects: false, lineWidth: 120 });

/** "(Host(`a`) || Host(`b`))"; a name is checked again, since a rule is a language of its own. */
function hostRule(domains: readonly string[]): string {
  const odd = domains.find((domain) => !DOMAIN.test(domain));
  if (odd !== undefined) throw new TypeError(`not a host name: ${odd}`);
  const rules = domains.map((domain) => `Host(\`${domain}\`)`);
  return rules.length === 1 ? rules[0]! : `(${rules.join(' || ')})`;
}

function tlsOfEntryPoint({ certificates, domains }: Site): Record<string, unknown> {
  if (certificates.kind !== 'acme') return {};
  const [main, ...sans] = domains;
  return { certResolver: 'acme', domains: [{ main, ...(sans.length > 0 && { sans }) }] };
}

/** The install configuration, `<home>/traefik/traefik.yml`: another one means a restart of the proxy. */
export function traefikStatic(site: Site, folder: string): string {
  const settings = load<Static>(folder, 'traefik.yml');
  const { certificates, ports } = site;
  settings.entryPoints.http.http.redirections.entryPoint.to = `:${ports.https}`;
  settings.entryPoints.https.http.tls = tlsOfEntryPoint(site);
  if (certificates.kind === 'acme') {
    const { acme } = settings.certificatesResolvers!.acme;
    Object.assign(acme, { email: certificates.email, ...(certificates.server && { caServer: certificates.server }) });
  } else {
    delete settings.certificatesResolvers;
  }
  return write(settings);
}

/** `<home>/traefik/dynamic/tls.yml`: watched, so that a new certificate needs no restart. */
export function traefikTls(site: Site, folder: string): string {
  const file = load<Tls>(folder, 'dynamic/tls.yml');
  if (site.certificates.kind !== 'files') {
    delete file.tls.stores;
    delete file.tls.certificates;
  }
  return write(file);
}

/** Bracketed where it is an IPv6 address. */
const authority = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function webHost(site: Site, name: string | undefined): Host {
  const hosts = site.hosts.filter(({ groups }) => groups.includes('web'));
  const found = name === undefined ? hosts[0] : hosts.find((host) => host.name === name);
  if (!found) throw new TypeError(`${name ?? 'no host'} is not of group web`);
  return found;
}

/** By name on the host itself, through the ports of {@link PRODUCER_SPLIT_PORTS} on the others. */
function producerServers(site: Site, from: Host, colour: Colour): { url: string }[] {
  const replicas = Array.from({ length: site.replicas.producer }, (_, index) => index);
  return site.hosts
    .filter(({ groups }) => groups.includes('app'))
    .flatMap((host) =>
      replicas.map((index) => {
        if (host.name === from.name)
          return { url: `http://${PROJECT}-producer-${colour}-${index + 1}:${CONTAINER_PORT}` };
        return {
          url: `http://${authority(host.privateAddress ?? host.address, PRODUCER_SPLIT_PORTS[colour] + index)}`,
        };
      }),
    );
}

/** Greatest weight Traefik is handed: shares are scaled to whole numbers of this sum at most. */
const SHARES = 100;

function wholeShares(weights: RouteOptions['weights']): Record<Colour, number> {
  const sum = weights.a + weights.b;
  if (!(sum > 0) || weights.a < 0 || weights.b < 0) throw new TypeError('one colour has to have a share');
  const share = (weight: number) => (weight > 0 ? Math.max(1, Math.round((weight / sum) * SHARES)) : 0);
  return { a: share(weights.a), b: share(weights.b) };
}

/** Colours without containers are left out: their health checks would do nothing but fail. */
function setProducers(services: Routes['http']['services'], site: Site, options: RouteOptions): void {
  const shares = wholeShares(options.weights);
  const colours = COLOURS.filter((colour) => shares[colour] > 0 || options.colours?.includes(colour));
  const from = webHost(site, options.host);
  services.producer.weighted.services = colours.map((colour) => ({
    name: `producer-${colour}`,
    weight: shares[colour],
  }));
  for (const colour of COLOURS) {
    const name = `producer-${colour}`;
    if (colours.includes(colour)) {
      (services[name] as LoadBalancer).loadBalancer.servers = producerServers(site, from, colour);
    } else {
      delete services[name];
    }
  }
}

/** HTTP headers carry bytes: UTF-8 passes through Traefik and nginx as it is, control characters would not. */
export const headerText = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

/** A public route's answer while there is maintenance: nginx has the page and the problem document. */
function closeRouter(name: string, router: Router): void {
  const people = ['web', 'console'].includes(name);
  router.service = 'web';
  router.middlewares = [...(name === 'console' ? ['private-networks'] : []), 'security', 'maintenance-message'];
  router.middlewares.push(people ? 'maintenance-page' : 'maintenance-problem');
}

/** The web servers of each host are its own; what is public goes to their maintenance page, the health check stays. */
function closeShop({ http }: Routes, { message }: Maintenance): void {
  for (const [name, router] of Object.entries(http.routers)) {
    if (name !== 'health' && router.entryPoints.includes('https')) closeRouter(name, router);
  }
  Object.assign(http.middlewares, {
    'maintenance-message': {
      headers: { customRequestHeaders: { 'X-Oms-Maintenance': headerText(message ?? '') || 'on' } },
    },
    'maintenance-page': { replacePath: { path: '/.maintenance/page' } },
    'maintenance-problem': { replacePath: { path: '/.maintenance/problem' } },
  });
}

/** `<home>/traefik/dynamic/routes.yml` of one web host: who gets which requests. */
export function traefikRoutes(site: Site, options: RouteOptions, folder: string): string {
  const routes = load<Routes>(folder, 'dynamic/routes.yml');
  const rule = hostRule(site.domains);
  for (const router of Object.values(routes.http.routers)) {
    router.rule = router.rule.replaceAll(TEMPLATE_RULE, rule);
  }
  setProducers(routes.http.services, site, options);
  if (options.maintenance) closeShop(routes, options.maintenance);
  return write(routes);
}
