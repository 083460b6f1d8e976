import { isIP } from 'node:net';
import { hostAddress, isPublicName } from '../../config/host-list.ts';
import { HOST_GROUPS, type Site } from './site.ts';

/** What occurs more than once, each once. */
const repeated = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];

function hostProblems({ hosts }: Site): string[] {
  const illegal = hosts.flatMap(({ address, privateAddress }) =>
    [address, ...(privateAddress ? [privateAddress] : [])].filter((one) => hostAddress(one) !== one),
  );
  const strange = hosts.filter(({ user }) => !/^[a-z_][a-z0-9_.-]{0,31}$/i.test(user));
  const twice = hosts.flatMap(({ name, groups }) => (repeated(groups).length > 0 ? [name] : []));
  return [
    ...illegal.map((address) => `${JSON.stringify(address)} is neither a host name nor an IP address`),
    ...strange.map(({ name }) => `the user of ${name} is no user name`),
    ...repeated(hosts.map(({ name }) => name)).map((name) => `two servers are called ${name}`),
    ...repeated(hosts.map(({ address }) => address)).map((address) => `${address} is there twice`),
    ...twice.map((name) => `${name} has a group twice`),
  ];
}

function groupProblems({ hosts }: Site): string[] {
  const empty = HOST_GROUPS.filter((group) => !hosts.some(({ groups }) => groups.includes(group)));
  const keepers = hosts.filter(({ groups }) => groups.includes('data'));
  return [
    ...empty.map((group) => `no server carries ${group}`),
    ...(keepers.length > 1
      ? [`data is on ${keepers.map(({ name }) => name).join(' and ')}: there is one database`]
      : []),
  ];
}

/** Where the others find each server, none of them at an address of itself alone. */
function networkProblems({ hosts }: Site): string[] {
  if (hosts.length === 1) return [];
  const between = hosts.map(({ privateAddress, address }) => privateAddress ?? address);
  // Ports are published on it, and MySQL's accounts are bound to it.
  const named = hosts.filter((_, index) => isIP(between[index]!) === 0);
  const loopback = hosts.filter((_, index) => /^(127\.|::1$|localhost$)/.test(between[index]!));
  return [
    ...repeated(between).map((address) => `the other servers would find two of them at ${address}`),
    ...named.map(
      ({ name, address }) =>
        `several servers find each other by IP address: --private-address ${address}=ADDRESS for ${name}`,
    ),
    ...loopback.map(({ name }) => `the other servers cannot reach ${name} at an address of this machine alone`),
    ...(hosts.some(({ connection }) => connection === 'local')
      ? ['this machine cannot be one of several servers']
      : []),
  ];
}

function domainProblems({ domains, certificates }: Site): string[] {
  const illegal = domains.filter((domain) => hostAddress(domain) !== domain);
  const hidden = certificates.kind === 'acme' ? domains.filter((domain) => !isPublicName(domain)) : [];
  return [
    ...illegal.map((domain) => `${JSON.stringify(domain)} is no domain`),
    ...repeated(domains).map((domain) => `the domain ${domain} is there twice`),
    ...hidden.map((domain) => `no authority makes a certificate for ${domain}${isIP(domain) ? ', an address' : ''}`),
  ];
}

function portProblems({ ports, certificates, hosts }: Site): string[] {
  const same = ports.http === ports.https ? [`http and https cannot share port ${ports.http}`] : [];
  const ssh = hosts.filter(({ groups, connection, port }) => {
    return connection === 'ssh' && groups.includes('web') && [ports.http, ports.https].includes(port);
  });
  return [
    ...same,
    ...ssh.map(({ name, port }) => `port ${port} of ${name} is that of SSH`),
    ...(certificates.kind === 'acme' && ports.https !== 443
      ? [`the authority looks at port 443, and the shop would be at ${ports.https}`]
      : []),
  ];
}

/** What does not fit together in a site, in sentences without their full stop; nothing as a rule. */
export const siteProblems = (site: Site): string[] => [
  ...hostProblems(site),
  ...groupProblems(site),
  ...networkProblems(site),
  ...domainProblems(site),
  ...portProblems(site),
  ...(/\/\.\.?(\/|$)|\/\/|\/$/.test(site.home) ? [`${site.home} is not the plain path of a folder`] : []),
];
