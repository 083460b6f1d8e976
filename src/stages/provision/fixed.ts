import type { EnvironmentOptions } from '../../config/provision-options.ts';
import { OmsError } from '../../errors.ts';
import type { Environment } from './environment.ts';

type Value = string | number | undefined;

/** What an environment keeps for good, and why. */
interface Fixed {
  flag: string;
  saved: (environment: Environment) => Value;
  wanted: (options: EnvironmentOptions) => Value;
  why: string;
  /** Where some changes are possible. */
  allows?: (environment: Environment, wanted: Value) => boolean;
}

const onOrOff = (value: boolean | undefined): Value => (value === undefined ? undefined : value ? 'on' : 'off');

const FIXED: readonly Fixed[] = [
  {
    flag: '--subscription',
    saved: ({ subscriptionId }) => subscriptionId.toLowerCase(),
    wanted: ({ subscription }) => subscription?.toLowerCase(),
    why: 'nothing moves between subscriptions, and the names follow from it',
  },
  {
    flag: '--tenant',
    saved: ({ tenantId }) => tenantId.toLowerCase(),
    wanted: ({ tenant }) => tenant?.toLowerCase(),
    why: 'roles and identities belong to one tenant',
  },
  {
    flag: '--region',
    saved: ({ region }) => region,
    wanted: ({ region }) => region,
    why: 'resources stay in their region: another one means making all of them anew, without events and archive',
  },
  {
    flag: '--sku',
    saved: ({ capacity }) => capacity.sku,
    wanted: ({ sku }) => sku,
    why: 'to and from Premium the namespace is replaced, with its name, its events and the positions of all readers',
  },
  {
    flag: '--partitions',
    saved: ({ capacity }) => capacity.partitions,
    wanted: ({ partitions }) => partitions,
    why: 'on Standard partitions are final, on Premium they only grow',
    allows: ({ capacity }, wanted) => capacity.sku === 'Premium' && Number(wanted) >= capacity.partitions,
  },
  {
    flag: '--archive-redundancy',
    saved: ({ archiveRedundancy }) => archiveRedundancy,
    wanted: ({ archiveRedundancy }) => archiveRedundancy,
    why: 'the account of the archive would be replaced, which a locked archive forbids for ever',
  },
  {
    flag: '--customer-managed-key',
    saved: ({ customerManagedKey }) => onOrOff(customerManagedKey),
    wanted: ({ customerManagedKey }) => onOrOff(customerManagedKey),
    why: 'Azure takes a key of your own for a namespace without hubs alone, and keeps to it for good',
  },
  {
    flag: '--state',
    saved: ({ state }) => state.kind,
    wanted: ({ state }) => state,
    why: "Terraform's state would be left behind, and everything made a second time",
  },
];

/**
 * Refuses to make something else of an environment than what it is for good.
 * @throws {OmsError} refused, naming everything that cannot change
 */
export function refuseChanges(environment: Environment, options: EnvironmentOptions): void {
  const changes = FIXED.flatMap(({ flag, saved, wanted, why, allows }) => {
    const [from, to] = [saved(environment), wanted(options)];
    if (to === undefined || to === from || allows?.(environment, to)) return [];
    return [{ flag, from, to, why }];
  });
  if (changes.length === 0) return;
  throw new OmsError(
    'refused',
    `${environment.name} cannot be changed in ${changes.map(({ flag }) => flag).join(', ')}`,
    {
      why: changes.map(({ flag, from, to, why }) => `${flag} is ${from}, not ${to}: ${why}`).join('; '),
      next: [
        `leave out ${changes.map(({ flag }) => flag).join(', ')}`,
        'oms provision --env ANOTHER-NAME',
        `oms destroy --env ${environment.name}`,
      ],
    },
  );
}
