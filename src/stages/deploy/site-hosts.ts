import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { SiteOptions } from '../../config/deploy-options.ts';
import type { NamedHost } from '../../config/host-list.ts';
import { OmsError } from '../../errors.ts';
import { HOST_GROUPS, type Host, type Site } from './site.ts';

/** The only server of a site on this machine. */
export function thisMachine(): Host {
  return {
    name: 'local',
    connection: 'local',
    address: '127.0.0.1',
    privateAddress: null,
    port: 22,
    user: userInfo().username,
    groups: [...HOST_GROUPS],
  };
}

/** Where a site on this machine is kept; Compose and the containers are handed this path. */
export function localHome(dir: string, env: string): string {
  const home = join(dir, env, 'site');
  if (/^[A-Za-z0-9._/-]+$/.test(home)) return home;
  throw new OmsError('usage', `a site cannot be kept in ${home}`, {
    why: 'the path of its folder goes into files of Compose: letters, digits, dots, hyphens and underscores alone',
    next: ['set OMS_DIR to a folder with a plain path'],
  });
}

/** By what a server is called: "web-1" for one that carries web alone, "shop-1" for one that carries more. */
const prefixOf = ({ groups }: NamedHost): string => (groups.length === 1 ? groups[0]! : 'shop');

/** Names stay with their address, so that what is known of a server is not looked for at another one. */
function nameHosts(wanted: readonly NamedHost[], saved: readonly Host[]): string[] {
  const known = new Map(saved.map(({ address, name }) => [address, name]));
  const taken = new Set(wanted.flatMap(({ address }) => known.get(address) ?? []));
  const fresh = (prefix: string, number = 1): string => {
    const name = `${prefix}-${number}`;
    if (taken.has(name)) return fresh(prefix, number + 1);
    taken.add(name);
    return name;
  };
  return wanted.map((host) => known.get(host.address) ?? fresh(prefixOf(host)));
}

type Private = NonNullable<SiteOptions['privateAddresses']>;

function withPrivateAddresses(hosts: readonly Host[], given: Private): Host[] {
  const strangers = given.filter(({ host }) => !hosts.some(({ address, name }) => address === host || name === host));
  if (strangers.length > 0) {
    throw new OmsError(
      'usage',
      `--private-address: ${strangers.map(({ host }) => host).join(', ')} is no server here`,
      {
        why: `the servers are ${hosts.map(({ name, address }) => `${name} (${address})`).join(', ')}`,
        next: [`--private-address ${hosts[0]!.address}=10.0.0.5`],
      },
    );
  }
  return hosts.map((host) => {
    const found = given.find(({ host: named }) => named === host.address || named === host.name);
    return found ? { ...host, privateAddress: found.address } : host;
  });
}

/**
 * The servers of a site: those of the flags, or those that are known, with what was said of their private addresses.
 * @returns undefined when nobody has named any.
 * @throws {OmsError} usage for a private address of a server that is not one of them.
 */
export function siteHosts(
  { hosts, privateAddresses = [] }: Pick<SiteOptions, 'hosts' | 'privateAddresses'>,
  saved: Pick<Site, 'hosts'> | undefined,
): Host[] | undefined {
  const before = saved?.hosts ?? [];
  const names = nameHosts(hosts ?? [], before);
  const current = hosts?.map((host, index): Host => {
    const privateAddress = before.find(({ address }) => address === host.address)?.privateAddress ?? null;
    return { ...host, name: names[index]!, connection: 'ssh', privateAddress };
  });
  const all = current ?? saved?.hosts;
  return all && withPrivateAddresses(all, privateAddresses);
}
