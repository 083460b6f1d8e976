import { run } from '../../../src/adapters/exec/run.ts';

/** Has one name on this machine: a lab that was killed has left it under that name. */
const BRIDGE = 'omslab0';
const PORT = 'omslab-p';

/** Networks to choose from: the first that nothing on this machine uses. */
const NETWORKS = Array.from({ length: 16 }, (_, index) => `10.226.${index}`);

const LENGTH = 24;

/** The lab's network: a bridge of this machine that leads nowhere else. */
export interface LabNetwork {
  /** Of the bridge: this machine, as the servers see it. */
  host: string;
  /** @returns the next address that nobody has, and its name on the bridge. */
  take(): Station;
  /** Wires a process' own network up: eth0 with the station's address. */
  connect(station: Station, pid: number): Promise<void>;
}

export interface Station {
  address: string;
  /** Of the cable's end at the bridge. */
  port: string;
}

const ip = (...args: string[]) => run({ file: 'ip', args });
const inside = (pid: number, ...args: string[]) =>
  run({ file: 'nsenter', args: ['--target', String(pid), '--net', 'ip', ...args] });

interface Addressed {
  addr_info?: { local?: string }[];
}

/** The first of the lab's networks in which none of these addresses is. */
export function freeNetwork(addresses: readonly string[]): string {
  const network = NETWORKS.find((prefix) => !addresses.some((address) => address.startsWith(`${prefix}.`)));
  if (!network) throw new Error(`all of ${NETWORKS[0]}.0 to ${NETWORKS.at(-1)}.0 are in use on this machine`);
  return network;
}

/** The bridge, and the cables that end there: by itself a cable goes only some time after the process at its other end. */
export async function removeNetwork(): Promise<void> {
  const { stdout } = await ip('-json', 'link');
  const names = (JSON.parse(stdout) as { ifname: string }[]).map(({ ifname }) => ifname);
  for (const name of names.filter((candidate) => candidate === BRIDGE || candidate.startsWith(PORT))) {
    await ip('link', 'delete', name).catch(() => undefined);
  }
}

async function addressesHere(): Promise<string[]> {
  const { stdout } = await ip('-json', 'address');
  return (JSON.parse(stdout) as Addressed[]).flatMap(({ addr_info = [] }) => addr_info.map(({ local = '' }) => local));
}

/**
 * A server keeps its network card when it is started again. With another one it could not be reached until its neighbours
 * had forgotten the old one: 49 s, measured.
 */
export const hardwareAddress = (address: string): string =>
  ['02', '00', ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');

async function connect(host: string, { address, port }: Station, pid: number): Promise<void> {
  // A cable of a server that was cut off may be there for a moment still.
  await ip('link', 'delete', port).catch(() => undefined);
  const eth0 = ['name', 'eth0', 'address', hardwareAddress(address), 'netns', String(pid)];
  await ip('link', 'add', port, 'type', 'veth', 'peer', ...eth0);
  await ip('link', 'set', port, 'master', BRIDGE, 'up');
  await inside(pid, 'link', 'set', 'lo', 'up');
  await inside(pid, 'address', 'add', `${address}/${LENGTH}`, 'dev', 'eth0');
  await inside(pid, 'link', 'set', 'eth0', 'up');
  // The way out leads to this machine, which passes nothing on.
  await inside(pid, 'route', 'add', 'default', 'via', host);
}

/** Lays the bridge; one that an earlier lab has left is taken down before. */
export async function layNetwork(): Promise<LabNetwork> {
  await removeNetwork();
  const network = freeNetwork(await addressesHere());
  const host = `${network}.1`;
  await ip('link', 'add', BRIDGE, 'type', 'bridge');
  await ip('address', 'add', `${host}/${LENGTH}`, 'dev', BRIDGE);
  await ip('link', 'set', BRIDGE, 'up');
  let taken = 1;
  return {
    host,
    take: () => {
      taken++;
      return { address: `${network}.${taken}`, port: `${PORT}${taken}` };
    },
    connect: (station, pid) => connect(host, station, pid),
  };
}
