import { ORDERS_HUB } from '../../../../lib/streaming/hub-names.ts';
import type { HubFacts, Management } from '../../../adapters/azure/cloud.ts';
import type { Context } from '../../../context.ts';
import type { Environment } from '../environment.ts';
import type { Outputs } from '../outputs.ts';
import { ARCHIVE_CONTAINER, HUBS } from '../topology.ts';
import { ARCHIVE } from './archive.ts';
import { compare, type Finding, type Wanted } from './expectation.ts';
import { expectationsOf } from './hub.ts';
import { NAMESPACE } from './namespace.ts';
import { RECOVERY, type RecoveryFacts } from './recovery.ts';

/** What Azure itself says is there, held against what the environment was to be. */
export interface ReadBack {
  findings: Finding[];
  /** How many of the findings that do not hold are errors, and how many warnings. */
  errors: number;
  warnings: number;
  /** How Capture names the files of the hub orders, for whoever looks for one. */
  nameFormat?: string;
}

/** A hub that nobody planned is no fault, but somebody should know of it. */
const unplanned = (hubs: readonly HubFacts[]): Finding[] =>
  hubs
    .filter(({ name }) => !HUBS.some((spec) => spec.name === name))
    .map(({ name }) => ({
      ...{ resource: `hub ${name}`, name: 'exists', expected: 'not planned', actual: 'there' },
      ...{ ok: false, weight: 'warning' },
    }));

function recoveryFindings(facts: RecoveryFacts | undefined, wanted: Wanted): Finding[] {
  if (wanted.environment.secondaryRegion !== null) return compare('geo-DR pair', facts, RECOVERY, wanted);
  const finding: Finding = {
    ...{ resource: 'geo-DR pair', name: 'exists', expected: 'none' },
    ...{ actual: facts?.alias ?? 'none', ok: facts === undefined, weight: 'warning' },
  };
  return [finding];
}

async function readFacts(management: Management, { environment: { names } }: Wanted) {
  const { resourceGroup: group, namespace } = names;
  const [found, hubs, archive, recovery] = await Promise.all([
    management.namespace(group, namespace),
    management.hubs(group, namespace),
    management.archive(group, names.archiveAccount, ARCHIVE_CONTAINER),
    management.recovery(group, namespace),
  ]);
  return { found, hubs, archive, recovery };
}

/**
 * Asks Azure Resource Manager for everything that matters, and compares.
 * @throws {OmsError} azure_failed or login_missing when Azure does not answer
 */
export async function readBack(environment: Environment, outputs: Outputs, context: Context): Promise<ReadBack> {
  const wanted = { environment, outputs };
  const management = await context.cloud.management(environment.subscriptionId, environment.tenantId);
  const { found, hubs, archive, recovery } = await readFacts(management, wanted);
  const hubOf = (name: string) => hubs.find((hub) => hub.name === name);
  const findings = [
    ...compare('namespace', found, NAMESPACE, wanted),
    ...HUBS.flatMap((spec) => {
      const facts = hubOf(spec.name);
      return compare(`hub ${spec.name}`, facts, expectationsOf(spec, facts), wanted);
    }),
    ...unplanned(hubs),
    ...compare('archive', archive, ARCHIVE, wanted),
    ...recoveryFindings(recovery, wanted),
  ];
  const failed = (weight: Finding['weight']) => findings.filter((one) => !one.ok && one.weight === weight).length;
  const nameFormat = hubOf(ORDERS_HUB)?.capture?.nameFormat;
  return { findings, errors: failed('error'), warnings: failed('warning'), ...(nameFormat && { nameFormat }) };
}
