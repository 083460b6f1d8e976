import type { Host, HostGroup, Site } from './site.ts';

/** Of the network that MySQL shares with its clients on one server (compose.yaml), in the form of its accounts. */
const DATA_CLIENTS = '10.213.0.0/255.255.255.0';

/**
 * Where the accounts of the database may come from, in the form of MySQL: its own network, and the private address of
 * each server whose apps are clients from elsewhere.
 */
export const databaseClients = (site: Pick<Site, 'hosts'>): string[] => [
  DATA_CLIENTS,
  ...(isSplit(site) ? hostsOf(site, 'app').map(privateAddressOf) : []),
];

export const isSplit = ({ hosts }: Pick<Site, 'hosts'>): boolean => hosts.length > 1;

/** Where the other servers reach a server. */
export const privateAddressOf = ({ privateAddress, address }: Host): string => privateAddress ?? address;

export const hostsOf = ({ hosts }: Pick<Site, 'hosts'>, group: HostGroup): Host[] =>
  hosts.filter(({ groups }) => groups.includes(group));

/** There is always one. */
export const dataHost = (site: Pick<Site, 'hosts'>): Host => hostsOf(site, 'data')[0]!;
