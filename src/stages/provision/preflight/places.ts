import { REGIONS } from '../regions.ts';
import { type Check, type CheckInput, failed, ok, type Verdict, warning, worst } from './check.ts';
import type { Location, Provider } from './facts.ts';

const LIST = 'az account list-locations --query "[].name"';

/** What has to be on offer in a region, with the words people know it by. */
const OFFERS = [
  { namespace: 'microsoft.eventhub', type: 'namespaces', title: 'Event Hubs' },
  { namespace: 'microsoft.storage', type: 'storageAccounts', title: 'storage accounts' },
  { namespace: 'microsoft.keyvault', type: 'vaults', title: 'key vaults' },
];

const plain = (name: string) => name.toLowerCase().replaceAll(' ', '');

function findLocation(locations: readonly Location[], region: string): Location | undefined {
  return locations.find(({ name }) => plain(name) === plain(region));
}

/** What is not on offer in a region. Providers call regions by the names people read. */
function notOffered(providers: readonly Provider[], location: Location): string[] {
  const names = [plain(location.name), plain(location.displayName)];
  return OFFERS.filter(({ namespace, type }) => {
    const provider = providers.find((one) => one.namespace.toLowerCase() === namespace);
    const offered = provider?.types.find((one) => one.type.toLowerCase() === type.toLowerCase());
    return offered && !offered.locations.some((name) => names.includes(plain(name)));
  }).map(({ title }) => title);
}

async function judgeRegion({ facts }: CheckInput, region: string): Promise<Verdict> {
  const [locations, providers] = await Promise.all([facts.locations(), facts.providers()]);
  const location = findLocation(locations, region);
  if (!location || location.metadata?.regionType === 'Logical') {
    return failed(`the subscription has no region "${region}"`, LIST);
  }
  const lacking = notOffered(providers, location);
  if (lacking.length > 0) return failed(`${location.displayName} does not offer ${lacking.join(', ')}`, LIST);
  return ok(location.displayName);
}

/** What Azure leaves open in one of its clouds is known of the regions with Event Hubs. */
const hasZones = ({ name, availabilityZoneMappings: zones }: Location): boolean =>
  zones ? zones.length > 0 : Object.hasOwn(REGIONS, name);

async function zones({ facts, environment }: CheckInput): Promise<Verdict> {
  const location = findLocation(await facts.locations(), environment.region);
  if (!location) return failed(`the subscription has no region "${environment.region}"`, LIST);
  if (hasZones(location)) return ok('the namespace is spread over zones by itself');
  return warning(
    `${location.displayName} is not known to have availability zones: one data centre holds the namespace`,
    'Another region (--region), or a geo-DR pair (--secondary-region)',
  );
}

/** RAGRS and RAGZRS both copy to the paired region; only the first may use the Archive tier. */
async function redundancy({ facts, environment }: CheckInput): Promise<Verdict> {
  const location = findLocation(await facts.locations(), environment.region);
  if (!location) return failed(`the subscription has no region "${environment.region}"`, LIST);
  const pair = location.metadata?.pairedRegion?.[0]?.name;
  if (!pair) {
    const detail = `${location.displayName} has no paired region, so that ${environment.archiveRedundancy} cannot be had`;
    return failed(detail, 'Another region (--region)');
  }
  if (environment.archiveRedundancy === 'RAGRS') return ok(`copied to ${pair}; old files go to the Archive tier`);
  if (REGIONS[location.name]?.geoZones) return ok(`over zones and copied to ${pair}; old files stay in the Cold tier`);
  return failed(`there is no RA-GZRS storage in ${location.displayName}`, '--archive-redundancy RAGRS');
}

async function pair(input: CheckInput): Promise<Verdict> {
  const { environment } = input;
  const second = environment.secondaryRegion!;
  if (plain(second) === plain(environment.region)) {
    return failed(`both regions of the pair are ${second}`, 'Another --secondary-region');
  }
  return worst([await judgeRegion(input, second)]);
}

/** Where things are going to be. */
export const PLACE_CHECKS: readonly Check[] = [
  { name: 'region', needs: ['subscription'], run: (input) => judgeRegion(input, input.environment.region) },
  { name: 'availability zones', needs: ['region'], run: zones },
  { name: 'archive redundancy', needs: ['region'], run: redundancy },
  {
    name: 'secondary region',
    needs: ['subscription'],
    applies: ({ environment }) => environment.secondaryRegion !== null,
    run: pair,
  },
];
