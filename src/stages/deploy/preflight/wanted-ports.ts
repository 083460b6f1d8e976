import type { Host, Site } from '../site.ts';
import { CONSUMER_SPLIT_PORTS, PRODUCER_SPLIT_PORTS, SPLIT_PORTS } from '../split-ports.ts';

/** For everybody, on all addresses of a server. */
export const publicPorts = ({ groups }: Pick<Host, 'groups'>, { ports }: Site): number[] =>
  groups.includes('web') ? [ports.http, ports.https] : [];

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

function appPorts({ replicas: { producer, consumer } }: Site): number[] {
  const producers = Object.values(PRODUCER_SPLIT_PORTS).flatMap((first) => range(first, producer));
  const consumers = Object.values(CONSUMER_SPLIT_PORTS).flatMap((first) => range(first, consumer));
  return [...producers, ...consumers, SPLIT_PORTS.notifier];
}

/** For the other servers of the site, on the private address alone; a single server publishes none of them. */
export function privatePorts(host: Host, site: Site): number[] {
  if (site.hosts.length === 1) return [];
  const { mysql, hub, blobs, sandbox } = SPLIT_PORTS;
  const carries = (group: Host['groups'][number]) => host.groups.includes(group);
  const first = site.hosts.find(({ groups }) => groups.includes('app'));
  return [
    ...(carries('data') ? [mysql, ...(site.events.kind === 'local' ? [hub, blobs] : [])] : []),
    ...(carries('app') ? appPorts(site) : []),
    ...(site.payments === 'sandbox' && first?.name === host.name ? [sandbox] : []),
  ];
}
