import type { DiffInput, KnownHost } from '../diff.ts';
import { isMeant } from '../only.ts';
import type { Release } from '../release.ts';
import type { Colour } from '../services.ts';
import type { Site } from '../site.ts';
import { hostsOf } from '../site-network.ts';
import { runningHash } from './services.ts';

export interface ColourPair {
  producer: Colour;
  consumer: Colour;
}

const FIRST: ColourPair = { producer: 'a', consumer: 'a' };
const other = (colour: Colour): Colour => (colour === 'a' ? 'b' : 'a');

/** The colours that run; null where nothing does. Servers that were cut off in between follow the first of them. */
export function runningColours(site: Site, hosts: readonly KnownHost[]): ColourPair | null {
  const names = hostsOf(site, 'app').map(({ name }) => name);
  const states = hosts.filter(({ host }) => names.includes(host)).map(({ state }) => state);
  return states.find((state) => state !== null)?.colours ?? null;
}

/**
 * A release that does not change a service keeps its colour, and so does one that is not brought to its servers; the other
 * one is used otherwise.
 */
export function coloursFor(
  { site, made, only }: DiffInput,
  hosts: readonly KnownHost[],
  before: Release | null,
  from: ColourPair | null,
): ColourPair {
  if (!from) return FIRST;
  const meant = hostsOf(site, 'app').filter((host) => isMeant(host, only));
  const apps = hosts.filter(({ host }) => meant.some(({ name }) => name === host));
  const next = (kind: 'producer' | 'consumer'): Colour => {
    const service = `${kind}-${from[kind]}` as const;
    const isSame = apps.every((host) => runningHash(host, before, service) === made.release.services[service]);
    return isSame ? from[kind] : other(from[kind]);
  };
  return { producer: next('producer'), consumer: next('consumer') };
}
