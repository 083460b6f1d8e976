import type { SiteOptions } from '../../config/deploy-options.ts';
import { OmsError } from '../../errors.ts';
import type { Site } from './site.ts';

const targetOf = ({ hosts }: Site) => (hosts.some(({ connection }) => connection === 'local') ? 'local' : 'servers');
const dataAddress = (hosts: readonly { address: string; groups: readonly string[] }[] | undefined) =>
  hosts?.find(({ groups }) => groups.includes('data'))?.address;

/** What a site keeps for good, and why. */
interface Fixed {
  flag: string;
  saved: (site: Site) => string | undefined;
  wanted: (options: SiteOptions) => string | undefined;
  why: string;
}

const FIXED: readonly Fixed[] = [
  {
    flag: '--target',
    saved: targetOf,
    wanted: ({ target, hosts }) => target ?? (hosts ? 'servers' : undefined),
    why: 'its orders are in the database there: another target is another site',
  },
  {
    flag: '--hosts (data)',
    saved: ({ hosts }) => dataAddress(hosts),
    wanted: ({ hosts }) => dataAddress(hosts),
    why: 'the database does not move by itself: "oms backup create" here, "oms backup restore" at a new site',
  },
  {
    flag: '--home',
    saved: ({ home }) => home,
    wanted: ({ home }) => home,
    why: 'releases, secrets and backups on the servers are found by it',
  },
  {
    flag: '--events',
    saved: ({ events }) => events.kind,
    wanted: ({ events }) => events,
    why: 'what was accepted and not yet processed is in the hub, and readers remember their positions in it',
  },
];

/**
 * Refuses to make something else of a site than what it is for good.
 * @throws {OmsError} refused, naming everything that cannot change
 */
export function refuseSiteChanges(site: Site, options: SiteOptions): void {
  const changes = FIXED.flatMap(({ flag, saved, wanted, why }) => {
    const [from, to] = [saved(site), wanted(options)];
    return to === undefined || to === from ? [] : [{ flag, from, to, why }];
  });
  if (changes.length === 0) return;
  const flags = changes.map(({ flag }) => flag).join(', ');
  throw new OmsError('refused', `${site.name} cannot be changed in ${flags}`, {
    why: changes.map(({ flag, from, to, why }) => `${flag} is ${from}, not ${to}: ${why}`).join('; '),
    next: [`leave it as it is: oms deploy --env ${site.name}`, 'oms deploy --env ANOTHER-NAME'],
  });
}
