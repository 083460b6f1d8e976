import { isIPv4, isIPv6 } from 'node:net';
import { HOST_GROUPS, type HostGroup } from '../stages/deploy/site.ts';
import { QuantityError, quoted } from './quantities.ts';

/** A server as it was named on the command line. */
export interface NamedHost {
  user: string;
  /** A name in lower case, an IPv4 address, or an IPv6 address without its brackets. */
  address: string;
  port: number;
  /** Empty where none was said: the server carries everything. */
  groups: HostGroup[];
}

const EXAMPLE = '--hosts deploy@203.0.113.5, or --hosts web=deploy@shop-1,app=deploy@shop-2:2222,data=deploy@shop-3';

const refuse = (expected: string, text: string, example = EXAMPLE): never => {
  throw new QuantityError(`expected ${expected}, got ${quoted(text)}; for example ${example}`);
};

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const USER = /^[a-z_][a-z0-9_-]{0,31}$/;

/** Digits and dots alone are meant as an address, so that 203.0.113.500 is no name. */
const isName = (text: string): boolean =>
  text.length <= 253 && !/^[\d.]+$/.test(text) && text.split('.').every((label) => LABEL.test(label));

/** A host name or an IP address in its usual form; undefined for anything else, such as what ssh takes for an option. */
export function hostAddress(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = /^\[(.+)\]$/.exec(lower)?.[1];
  if (bare !== undefined) return isIPv6(bare) && !bare.includes('%') ? bare : undefined;
  return isIPv4(lower) || isName(lower) ? lower : undefined;
}

const parsePort = (text: string | undefined): number => (text === undefined ? 22 : Number(text));

/** USER@HOST or USER@HOST:PORT; an IPv6 address stands in brackets. */
function parseTarget(text: string): Omit<NamedHost, 'groups'> {
  const [, user = '', host = '', portText] = /^([^@]+)@(\[[^\]]+\]|[^:@[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = hostAddress(host);
  const port = parsePort(portText);
  if (!USER.test(user) || address === undefined || port < 1 || port > 65_535) {
    return refuse('USER@HOST or USER@HOST:PORT (an IPv6 address in brackets)', text);
  }
  return { user, address, port };
}

function parseGroup(text: string): HostGroup[] {
  const group = HOST_GROUPS.find((candidate) => candidate === text);
  return group ? [group] : refuse(`${HOST_GROUPS.join(', ')} before the =`, text);
}

function parseOne(text: string): NamedHost {
  const [, group, target] = /^(?:([^=@]*)=)?(.*)$/.exec(text)!;
  return { ...parseTarget(target!), groups: group === undefined ? [] : parseGroup(group) };
}

/** The same server under several groups is one server. */
function merged(hosts: readonly NamedHost[]): NamedHost[] {
  const byAddress = new Map<string, NamedHost>();
  for (const host of hosts) {
    const known = byAddress.get(host.address);
    if (known && (known.user !== host.user || known.port !== host.port)) {
      refuse('one user and one port for each server', `${host.address} twice`);
    }
    const groups = [...(known?.groups ?? []), ...host.groups];
    byAddress.set(host.address, { ...host, groups: HOST_GROUPS.filter((group) => groups.includes(group)) });
  }
  return [...byAddress.values()];
}

/** Which groups are on no server, and which server has none: one server alone carries all of them. */
function refuseGaps(hosts: readonly NamedHost[], text: string): void {
  if (hosts.length === 1 && hosts[0]!.groups.length === 0) return;
  const bare = hosts.find(({ groups }) => groups.length === 0);
  if (bare) refuse(`what ${bare.address} carries (${HOST_GROUPS.join(', ')})`, text);
  const missing = HOST_GROUPS.filter((group) => !hosts.some(({ groups }) => groups.includes(group)));
  if (missing.length > 0) refuse(`a server for ${missing.join(' and ')}`, text);
  const keepers = hosts.filter(({ groups }) => groups.includes('data'));
  if (keepers.length > 1) refuse('one server for data: there is one database', text);
}

/**
 * "deploy@203.0.113.5": one server with everything; "web=a@h1,web=a@h2,app=a@h3:2222,data=a@h4": several. A server may
 * be named for more than one group.
 * @throws {QuantityError} with an example
 */
export function parseHosts(text: string): NamedHost[] {
  const hosts = merged(text.split(',').map((part) => parseOne(part.trim())));
  refuseGaps(hosts, text);
  return hosts.map((host) => ({ ...host, groups: host.groups.length === 0 ? [...HOST_GROUPS] : host.groups }));
}

/**
 * "203.0.113.5=10.0.0.5": where the other servers reach a server.
 * @throws {QuantityError} with an example
 */
export function parsePrivateAddress(text: string): { host: string; address: string } {
  const [, left = '', right = ''] = /^([^=]+)=([^=]+)$/.exec(text.trim()) ?? [];
  const [host, address] = [hostAddress(left), hostAddress(right)];
  if (host !== undefined && address !== undefined) return { host, address };
  return refuse('HOST=ADDRESS', text, '--private-address 203.0.113.5=10.0.0.5');
}

/** Served to no customer, so no authority vouches for them (RFC 2606, 6761, 6762, 9476). */
const NOT_PUBLIC = /(^|\.)(localhost|local|internal|invalid|test|example|onion|home\.arpa|alt)$/;

/** Whether an authority such as Let's Encrypt could make a certificate for it. */
export const isPublicName = (domain: string): boolean =>
  isName(domain) && domain.includes('.') && !NOT_PUBLIC.test(domain);

/**
 * A name or an address that the shop is reached by.
 * @throws {QuantityError} with an example
 */
export function parseDomain(text: string): string {
  const domain = hostAddress(text.trim().replace(/\.$/, ''));
  return domain ?? refuse('a domain without https:// and path', text, '--domain shop.example.com');
}

/**
 * A folder on the servers, by its whole path.
 * @throws {QuantityError} with an example
 */
export function parseHome(text: string): string {
  const path = text.replace(/\/+$/, '');
  const isPlain = /^(\/[A-Za-z0-9_][A-Za-z0-9._-]*){2,}$/.test(path) && path.length <= 80;
  return isPlain
    ? path
    : refuse('a path below a folder of the root, of letters, digits, . _ -', text, '--home /opt/oms');
}

/**
 * Shares of the traffic that the new release gets one after the other, in percent; the last one is 100.
 * @throws {QuantityError} with an example
 */
export function parseShift(text: string): number[] {
  const steps = text.split(',').map((part) => (/^\d{1,3}$/.test(part.trim()) ? Number(part) : Number.NaN));
  const rises = steps.every((step, index) => step > (steps[index - 1] ?? 0) && step <= 100);
  return rises && steps.at(-1) === 100
    ? steps
    : refuse('rising percentages that end with 100', text, '--shift 1,10,50,100');
}
