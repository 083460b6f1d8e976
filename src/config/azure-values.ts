import { isIPv4 } from 'node:net';
import { QuantityError, quoted } from './quantities.ts';

const refuse = (expected: string, text: string, example: string): never => {
  throw new QuantityError(`expected ${expected}, got ${quoted(text)}; for example ${example}`);
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The id of a subscription, a tenant, an object or a lock.
 * @throws {QuantityError} with an example
 */
export function parseUuid(text: string, flag: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  return refuse('an id of 32 hexadecimal digits', text, `${flag} 0f8fad5b-d9cb-469f-a165-70867728950e`);
}

/**
 * "West Europe" or "westeurope" -> "westeurope"; whether there is such a region is asked later.
 * @throws {QuantityError} with an example
 */
export function parseRegion(text: string, flag: string): string {
  const name = text.replaceAll(' ', '').toLowerCase();
  return /^[a-z][a-z0-9]{2,39}$/.test(name) ? name : refuse('the name of a region', text, `${flag} westeurope`);
}

const EMAIL =
  /^[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?\.[A-Za-z]{2,63}$/;

/** @throws {QuantityError} with an example */
export function parseEmail(text: string, flag = '--alert-email'): string {
  return EMAIL.test(text) ? text : refuse('an address of mail', text, `${flag} ops@example.com`);
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

/** Not routed on the internet, so no firewall in Azure ever sees them: RFC 1918, 6598, 3927, 1122, 5771. */
const NOT_PUBLIC = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
];

const mask = (length: number): number => (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);

const contains = (range: string, address: number): boolean => {
  const [network, length] = range.split('/') as [string, string];
  return (address & mask(Number(length))) >>> 0 === toNumber(network);
};

/** Azure takes such ranges, but a mistake of one digit opens a shop to a continent. */
const SHORTEST_PREFIX = 8;

/**
 * A public IPv4 address or range -> CIDR: "203.0.113.7" becomes "203.0.113.7/32".
 * @throws {QuantityError} with an example, for private ranges, host bits and what is nearly everybody as well
 */
export function parseRange(text: string): string {
  const example = '--allow-ip 203.0.113.0/24';
  const [, address, prefix = '32'] = /^([0-9.]{7,15})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  if (!address || !isIPv4(address) || Number(prefix) > 32) return refuse('an IPv4 address or range', text, example);
  const length = Number(prefix);
  if (length < SHORTEST_PREFIX) return refuse(`a range of /${SHORTEST_PREFIX} or narrower`, text, example);
  const network = (toNumber(address) & mask(length)) >>> 0;
  if (network !== toNumber(address)) {
    return refuse('the first address of the range', text, `--allow-ip ${toAddress(network)}/${length}`);
  }
  if (NOT_PUBLIC.some((range) => contains(range, network))) {
    return refuse('a public address (for private ones see --private-endpoint-subnet)', text, example);
  }
  return `${address}/${length}`;
}

const SEGMENT = '[A-Za-z0-9_][A-Za-z0-9_.()-]{0,89}';
const SUBNET = new RegExp(
  `^/subscriptions/[0-9a-f-]{36}/resourceGroups/${SEGMENT}/providers/Microsoft\\.Network/virtualNetworks/${SEGMENT}/subnets/${SEGMENT}$`,
  'i',
);

/** @throws {QuantityError} with an example */
export function parseSubnetId(text: string): string {
  if (SUBNET.test(text)) return text;
  const example =
    '--private-endpoint-subnet /subscriptions/ID/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/VNET/subnets/SUBNET';
  return refuse('the id of a subnet', text, example);
}

const MOST_PATH = 4_096;

/**
 * A path that no program takes for one of its flags or for the name of a list of arguments.
 * @throws {QuantityError} with an example
 */
export function parsePath(text: string, example: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a path with these is a mistake or an attack.
  const odd = /[\u0000-\u001f\u007f]/.test(text);
  if (text !== '' && text.length <= MOST_PATH && !odd && !/^[-@]/.test(text)) return text;
  return refuse('the path of a file (./-x for one that begins with - or @)', text, example);
}

/** @throws {QuantityError} with an example */
export function parseGateway(text: string): string {
  const url =
    /^sb:\/\/[A-Za-z0-9.-]{1,253}(?::\d{1,5})?\/?$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  return url ? text : refuse('an address beginning with sb://', text, '--gateway sb://gateway.example.com:5671');
}

const ENVIRONMENT = /^[a-z][a-z0-9-]{0,19}$/;

/** Folders beside those of the environments. */
const TAKEN = new Set(['local', 'cache', 'standins']);

/** Azure has no resource whose name holds one of these words. */
const RESERVED = /microsoft|windows/;

/** Why no environment can be called so; undefined when one can. */
export function environmentNameProblem(name: string): string | undefined {
  if (!ENVIRONMENT.test(name)) return 'a name of 1 to 20 lower-case letters, digits and hyphens, a letter first';
  if (TAKEN.has(name)) return `a name that oms has not taken itself (${[...TAKEN].join(', ')})`;
  return RESERVED.test(name.replaceAll('-', ''))
    ? 'a name without the words Azure reserves (microsoft, windows)'
    : undefined;
}

/** @throws {QuantityError} with an example */
export function parseEnvironmentName(text: string, flag = '--env'): string {
  const problem = environmentNameProblem(text);
  return problem === undefined ? text : refuse(problem, text, `${flag} demo`);
}
