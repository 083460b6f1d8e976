import { OmsError } from '../../errors.ts';
import { HOST_GROUPS, type Host, type Site } from './site.ts';
import { hostsOf } from './site-network.ts';

/** What `--only` names: groups or names of servers; all servers without. */
export type Only = readonly string[] | undefined;

/** A server is meant as a whole, whatever else it carries than the group that was named. */
export const isMeant = ({ name, groups }: Host, only: Only): boolean =>
  !only || only.includes(name) || groups.some((group) => only.includes(group));

/** Names of the servers that are meant; undefined where it is all of them. */
export const meantHosts = (site: Pick<Site, 'hosts'>, only: Only): string[] | undefined =>
  only && site.hosts.filter((host) => isMeant(host, only)).map(({ name }) => name);

/** @throws {OmsError} usage naming what is neither a group nor a server of this site. */
export function refuseUnknownParts(site: Pick<Site, 'name' | 'hosts'>, only: Only): void {
  const servers = site.hosts.map(({ name }) => name);
  const strangers = (only ?? []).filter((part) => ![...HOST_GROUPS, ...servers].includes(part));
  if (strangers.length === 0) return;
  throw new OmsError('usage', `--only: ${site.name} has no ${strangers.join(', ')}`, {
    why: `there are ${HOST_GROUPS.join(', ')} and the servers ${servers.join(', ')}`,
    next: [`oms deploy --env ${site.name} --only web`],
  });
}

/**
 * Why a release cannot be brought to some of the servers alone; null where it can. A colour takes over on all servers of
 * the order API, or customers would be sent to servers that do not have it.
 */
export function partProblem(
  { site, only }: { site: Site; only?: Only },
  { isFirst, movesColours }: { isFirst: boolean; movesColours: boolean },
): { why: string; next: string } | null {
  const all = `oms deploy --env ${site.name}`;
  const left = site.hosts.filter((host) => !isMeant(host, only)).map(({ name }) => name);
  if (left.length === 0) return null;
  if (isFirst) return { why: `nothing runs yet, and --only leaves out ${left.join(', ')}`, next: all };
  const behind = hostsOf(site, 'app').map(({ name }) => name);
  const without = behind.filter((name) => left.includes(name));
  if (!movesColours || without.length === 0 || without.length === behind.length) return null;
  return {
    why: `order API or consumers change, and --only leaves ${without.join(', ')} with those of before`,
    next: `${all} --only app`,
  };
}
