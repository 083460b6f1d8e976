import { createHash } from 'node:crypto';
import type { Variables } from '../../../render/environment-file.ts';
import type { Release } from '../release.ts';
import { SERVICES, type ServiceName } from '../services.ts';
import type { ComposeFile } from './compose-files.ts';

/** JSON whose members are in an order of their own. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

/** 128 bits of SHA-256 are plenty for telling one release from another. */
const HASH_DIGITS = 32;
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, HASH_DIGITS);

export interface HashInput {
  files: readonly ComposeFile[];
  /** References of images by name in services.ts. */
  images: Variables;
  /** Variables by name of the server; a service is what it is on all servers of its group. */
  environments: Readonly<Record<string, Variables>>;
  /** Names of the servers of each service. */
  hosts: (service: ServiceName) => readonly string[];
  /** Keyed hashes by name of the secret. */
  secrets: Readonly<Partial<Record<string, string>>>;
  /** Hashes of files by their path below the site's home. */
  configuration: Variables;
}

type Part = Record<string, unknown>;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const names = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  return value && typeof value === 'object' ? Object.keys(value) : [];
};

const withoutHash = (labels: unknown) =>
  Object.entries((labels ?? {}) as Record<string, unknown>).filter(([name]) => name !== 'oms.hash');

/** The label would hash itself, and the image has a part of its own: both are left out. */
function settingsOf(service: string, files: readonly ComposeFile[]) {
  return files.flatMap((file) => {
    const part = file.services[service];
    if (!part) return [];
    const { image: _, ...rest } = part;
    const settings = { ...rest, labels: withoutHash(part.labels) };
    const used = (group: 'networks' | 'volumes', mentioned: readonly string[]) =>
      Object.fromEntries(Object.entries(file[group] ?? {}).filter(([name]) => mentioned.includes(name)));
    const volumes = mounts([part]).map((mount) => mount.split(':')[0]!);
    return [{ settings, networks: used('networks', names(part.networks)), volumes: used('volumes', volumes) }];
  });
}

const mounts = (parts: readonly Part[]): string[] =>
  parts.flatMap(({ volumes }) => list(volumes).filter((one): one is string => typeof one === 'string'));

/** Names in `${NAME}`, `${NAME:-default}` and the like; `$$` is a dollar of the container's own. */
function variablesIn(value: unknown): string[] {
  const text = JSON.stringify(value).replaceAll('$$', '');
  return [...new Set([...text.matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)].map((match) => match[1]!))].sort();
}

/** Traefik watches this folder: its files are replaced under a container that stays. */
const WATCHED = 'traefik/dynamic';

function mountedFiles(parts: readonly Part[], configuration: Variables) {
  const sources = mounts(parts)
    .map((mount) => mount.split(':')[0]!)
    .filter((source) => source.startsWith('./'))
    .map((source) => source.slice(2).replace(/\/$/, ''));
  const isUsed = (path: string) =>
    !path.startsWith(`${WATCHED}/`) && sources.some((source) => path === source || path.startsWith(`${source}/`));
  return Object.fromEntries(Object.entries(configuration).filter(([path]) => isUsed(path)));
}

/** What the hash of one service is made of. */
export function servicePart(service: ServiceName, input: HashInput): NonNullable<Release['parts']>[string] {
  const parts = input.files.flatMap(({ services }) => (services[service] ? [services[service]] : []));
  const settings = settingsOf(service, input.files);
  const used = variablesIn(settings);
  const values = input
    .hosts(service)
    .map((host) => [host, used.map((name) => [name, input.environments[host]?.[name] ?? null])]);
  const secrets = [...new Set(parts.flatMap((part) => names(part.secrets)))].sort();
  return {
    image: input.images[SERVICES[service].image]!,
    settings: hashOf([settings, values]),
    secrets: hashOf(secrets.map((name) => [name, input.secrets[name] ?? null])),
    files: hashOf(mountedFiles(parts, input.configuration)),
  };
}
