import type { Host, HostGroup, Site } from './site.ts';

/** Subnet of the network that MySQL shares with its clients on one server (compose.yaml). */
export const DATA_SUBNET = '10.213.0.0/24';

/**
 * Where the accounts of the database may come from, in the form of MySQL. On several servers clients come from their
 * private addresses, where the firewall lets in the site's own servers alone.
 */
export const databaseClients = ({ hosts }: Pick<Site, 'hosts'>): string =>
  hosts.length === 1 ? '10.213.0.0/255.255.255.0' : '%';

/** Where the other servers reach a server. */
export const privateAddressOf = ({ privateAddress, address }: Host): string => privateAddress ?? address;

export const hostsOf = ({ hosts }: Pick<Site, 'hosts'>, group: HostGroup): Host[] =>
  hosts.filter(({ groups }) => groups.includes(group));

/** There is always one. */
export const dataHost = (site: Pick<Site, 'hosts'>): Host => hostsOf(site, 'data')[0]!;
