import { isIP } from 'node:net';
import { SERVICES, type Service, type ServiceName } from '../stages/deploy/services.ts';
import { HOST_GROUPS, type Host, type HostGroup, type Site, type SitePaths } from '../stages/deploy/site.ts';

/** Services that a site has, in the order they come up, by name, group and the way they are updated. */
export function servicesOf({ events, payments, observability }: Pick<Site, 'events' | 'payments' | 'observability'>) {
  const profiles = {
    hub: events.kind === 'local',
    sandbox: payments === 'sandbox',
    setup: true,
    observability,
  };
  return (Object.entries(SERVICES) as [ServiceName, Service][])
    .filter(([, { profile }]) => profile === undefined || profiles[profile])
    .map(([name, { group, update }]) => ({ name, group, update }));
}

/**
 * Ports and ranges that servers of a site reach on each other (compose.split.yaml): MySQL, hub, sandbox, what runs in
 * the app tier, blobs.
 */
export const PRIVATE_PORTS = ['3306', '5672', '8080', '9100-9199', '10000'] as const;

const quoted = (path: string) => `"${path.replaceAll('%', '%%')}"`;

/** For ssh: nothing is asked, and a server whose key has changed is refused. */
function sshArguments(site: Site, knownHosts: string): string {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${quoted(knownHosts)}`,
    'ConnectTimeout=10',
    'ServerAliveInterval=5',
    'ServerAliveCountMax=3',
    ...(site.identityFile ? ['IdentitiesOnly=yes'] : []),
  ];
  // Ansible splits this as a shell does, so a name with quotes needs quotes around it.
  return options.map((option) => `-o '${option.replaceAll("'", `'\\''`)}'`).join(' ');
}

const isSshHost = ({ connection }: Host) => connection === 'ssh';

function connectionOf(host: Host, site: Site, paths: Pick<SitePaths, 'knownHosts'>) {
  if (!isSshHost(host)) return { ansible_connection: 'local', ansible_become: false };
  return {
    ansible_host: host.address,
    ansible_port: host.port,
    ansible_user: host.user,
    ansible_become: host.user !== 'root',
    ansible_ssh_common_args: sshArguments(site, paths.knownHosts),
    ...(site.identityFile && { ansible_ssh_private_key_file: site.identityFile }),
  };
}

/** Both addresses of every server: which one a packet bears depends on the way it takes. */
const addressesOf = (hosts: readonly Host[], family: 4 | 6) => [
  ...new Set(
    hosts
      .flatMap(({ address, privateAddress }) => [address, privateAddress ?? address])
      .filter((address) => isIP(address) === family),
  ),
];

/** The sandbox has one book, so it is on the first server of app alone. */
const isOn = (service: ServiceName, host: Host, site: Site): boolean =>
  service !== 'sandbox' || site.hosts.find(({ groups }) => groups.includes('app'))?.name === host.name;

/** Whose servers may reach what a server publishes for the site (compose.split.yaml). The web tier has no way to data. */
const REACHED_BY: Readonly<Record<HostGroup, readonly HostGroup[]>> = {
  web: [],
  app: ['web', 'app', 'data'],
  data: ['app', 'data'],
};

const reach = (host: Host, site: Site): Host[] => {
  const groups = host.groups.flatMap((group) => REACHED_BY[group]);
  return site.hosts.filter((other) => other.groups.some((group) => groups.includes(group)));
};

function factsOf(host: Host, site: Site) {
  return {
    oms_site_hosts: addressesOf(reach(host, site), 4),
    oms_site_hosts6: addressesOf(reach(host, site), 6),
    oms_services: servicesOf(site).filter(({ name, group }) => host.groups.includes(group) && isOn(name, host, site)),
    // This machine belongs to somebody: oms makes no firewall, users or services on it.
    oms_manages_server: isSshHost(host),
    oms_firewall: isSshHost(host),
    oms_public_ports: host.groups.includes('web') ? [site.ports.http, site.ports.https] : [],
  };
}

/**
 * Ansible's inventory of a site, as JSON. Which services run where follows from the groups; nothing else is said of a
 * server than how it is reached.
 */
export function inventory(site: Site, paths: Pick<SitePaths, 'knownHosts'>) {
  const hosts = Object.fromEntries(
    site.hosts.map((host) => [host.name, { ...connectionOf(host, site, paths), ...factsOf(host, site) }]),
  );
  const children = Object.fromEntries(
    HOST_GROUPS.map((group) => [
      group,
      {
        hosts: Object.fromEntries(
          site.hosts.filter(({ groups }) => groups.includes(group)).map(({ name }) => [name, {}]),
        ),
      },
    ]),
  );
  const vars = {
    oms_private_ports: [...PRIVATE_PORTS],
    // As systemd's OnCalendar takes it.
    oms_backup_at: site.backupAt ?? '',
    ansible_python_interpreter: '/usr/bin/python3',
  };
  return { all: { hosts, children, vars } };
}
