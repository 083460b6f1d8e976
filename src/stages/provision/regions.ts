import { editDistance } from '../../../lib/query/language/edit-distance.ts';
import { OmsError } from '../../errors.ts';
import type { Environment } from './environment.ts';

interface Region {
  /** Whether storage of the region has a copy in a paired one, which RA-GRS needs. */
  paired: boolean;
  /** Whether there is RA-GZRS. */
  geoZones: boolean;
}

const BOTH: Region = { paired: true, geoZones: true };
const PAIR_ALONE: Region = { paired: true, geoZones: false };
const ALONE: Region = { paired: false, geoZones: false };

/**
 * Regions where an Event Hubs namespace is zone-redundant without any argument (checkov 3.3.13, CKV_AZURE_228). Geo-zone
 * redundancy: Microsoft's "Azure regions that support GZRS"; pairs: "Azure region pairs and nonpaired regions".
 */
export const REGIONS: Readonly<Record<string, Region>> = {
  australiaeast: BOTH,
  brazilsouth: BOTH,
  canadacentral: BOTH,
  centralindia: BOTH,
  centralus: BOTH,
  chinanorth3: PAIR_ALONE,
  eastasia: BOTH,
  eastus: BOTH,
  eastus2: BOTH,
  francecentral: BOTH,
  germanywestcentral: BOTH,
  indonesiacentral: ALONE,
  israelcentral: ALONE,
  italynorth: ALONE,
  japaneast: BOTH,
  japanwest: PAIR_ALONE,
  koreacentral: BOTH,
  mexicocentral: ALONE,
  newzealandnorth: ALONE,
  northeurope: BOTH,
  norwayeast: BOTH,
  polandcentral: ALONE,
  qatarcentral: ALONE,
  southafricanorth: BOTH,
  southcentralus: BOTH,
  southeastasia: BOTH,
  spaincentral: ALONE,
  swedencentral: BOTH,
  switzerlandnorth: BOTH,
  uaenorth: BOTH,
  uksouth: BOTH,
  usgovvirginia: BOTH,
  westeurope: BOTH,
  westus2: BOTH,
  westus3: BOTH,
};

export const REGION_NAMES: readonly string[] = Object.keys(REGIONS);

const MOST_EDITS = 3;
const MOST_SUGGESTIONS = 3;

const letters = (text: string): string => [...text].sort().join('');

/** Names that somebody may have meant, the nearest first; "useast" and "europewest" are other clouds' ways of writing. */
export function nearMisses(text: string): string[] {
  const likeness = (name: string): number => {
    if (name.startsWith(text) || text.startsWith(name) || letters(name) === letters(text)) return 0;
    return editDistance(text, name, MOST_EDITS);
  };
  return REGION_NAMES.map((name) => ({ name, edits: likeness(name) }))
    .filter(({ edits }) => edits <= MOST_EDITS)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name);
}

/** Why the archive cannot have its second copy in a region; undefined when it can. */
export function redundancyProblem(region: string, redundancy: Environment['archiveRedundancy']): string | undefined {
  const { paired, geoZones } = REGIONS[region]!;
  if (redundancy === 'RAGRS' && !paired) return `${region} has no paired region, so no storage there is RA-GRS`;
  return redundancy === 'RAGZRS' && !geoZones ? `there is no RA-GZRS storage in ${region}` : undefined;
}

/** Why no environment can be made in a region, with what to do; undefined when one can. */
export function regionProblem(flag: string, region: string): OmsError | undefined {
  if (Object.hasOwn(REGIONS, region)) return undefined;
  const meant = nearMisses(region);
  return new OmsError('usage', `${flag}: ${region} is no region with availability zones for Event Hubs`, {
    why: meant.length > 0 ? `did you mean ${meant.join(' or ')}?` : `there are ${REGION_NAMES.join(', ')}`,
    next: [`${flag} ${meant[0] ?? 'westeurope'}`, 'az account list-locations --query "[].name"'],
  });
}
