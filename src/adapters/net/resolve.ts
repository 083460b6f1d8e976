import { lookup } from 'node:dns/promises';

/** Addresses a name stands for on this machine; none when nobody knows it. */
export async function resolveName(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
