import { isDeepStrictEqual } from 'node:util';
import type { EnvironmentOptions } from '../../config/provision-options.ts';
import { OmsError } from '../../errors.ts';
import type { Capacity, Environment, Workload } from './environment.ts';
import { illegalName, resourceNames, stateStore } from './naming.ts';
import { redundancyProblem, regionProblem } from './regions.ts';
import { chooseCapacity } from './sizing/capacity.ts';
import { partitionDemand } from './sizing/fit.ts';
import { meanEventBytes, workloadOf } from './sizing/load.ts';
import { type Sizing, sizeNamespace } from './sizing/sizing.ts';

/** What has to be known before anything else follows. */
export interface Known {
  subscriptionId: string;
  tenantId: string;
  region: string;
  /** Orders a second. */
  rate: number;
  /** CIDR ranges. */
  allowedRanges?: string[] | undefined;
  alertEmails?: string[] | undefined;
}

/** Bytes that were once given, not those that followed from the number of events. */
function givenBytes({ eventBytes, eventsPerOrder }: Workload): number | undefined {
  return eventBytes === meanEventBytes(eventsPerOrder) ? undefined : eventBytes;
}

const workloadFor = (rate: number, options: EnvironmentOptions, saved: Workload | undefined): Workload =>
  workloadOf({
    rate,
    eventsPerOrder: options.eventsPerOrder ?? saved?.eventsPerOrder,
    consumers: options.consumers ?? saved?.consumers,
    eventBytes: options.eventBytes ?? (saved && givenBytes(saved)),
  });

/** Standard keeps its partitions, whatever the new load would like; Premium never has fewer than before. */
function partitionsFor(options: EnvironmentOptions, saved: Capacity, needed: number): number {
  if (options.partitions !== undefined) return options.partitions;
  return saved.sku === 'Standard' ? saved.partitions : Math.max(saved.partitions, needed);
}

function refuseFewPartitions({ name, capacity: { sku, partitions } }: Environment, { load }: Sizing): void {
  const { events, data } = partitionDemand(load);
  if (sku === 'Premium' || partitions >= Math.max(events, data)) return;
  throw new OmsError('refused', `${name} has ${partitions} partitions, too few for this load`, {
    why: `it needs ${Math.ceil(Math.max(events, data))} (1 MB/s or 1,000 events/s each), and a Standard namespace can never change them`,
    next: ['a lower --rate', 'oms provision --env ANOTHER-NAME', `oms destroy --env ${name}`],
  });
}

/** What was chosen once stays as long as nobody says otherwise; another load chooses anew, within what can change. */
function capacityAgain(sizing: Sizing, options: EnvironmentOptions, saved: Environment, command: string): Capacity {
  const { capacity } = saved;
  const sameLoad = isDeepStrictEqual(sizing.workload, saved.workload);
  const units = options.units ?? (sameLoad ? capacity.units : undefined);
  const sameUnits = sameLoad && units === capacity.units;
  const maximumUnits = options.maximumUnits ?? (sameUnits ? capacity.maximumUnits : undefined);
  if (sameUnits && maximumUnits === capacity.maximumUnits && options.partitions === undefined) return capacity;
  const fit = capacity.sku === 'Standard' ? sizing.standard : sizing.premium;
  refuseFewPartitions(saved, sizing);
  const partitions = fit.holds ? partitionsFor(options, capacity, fit.partitions) : undefined;
  return chooseCapacity(sizing, { sku: capacity.sku, units, maximumUnits, partitions, command, settled: true });
}

function capacityFor(workload: Workload, options: EnvironmentOptions, saved: Environment | undefined): Capacity {
  const sizing = sizeNamespace(workload);
  const command = `oms provision --env ${options.env}`;
  return saved ? capacityAgain(sizing, options, saved, command) : chooseCapacity(sizing, { ...options, command });
}

/** The first thing about an environment that cannot be; undefined when all can. */
function problemOf({ region, secondaryRegion, archiveRedundancy, ...rest }: Environment): OmsError | undefined {
  const unknown =
    regionProblem('--region', region) ??
    (secondaryRegion === null ? undefined : regionProblem('--secondary-region', secondaryRegion));
  if (unknown) return unknown;
  if (secondaryRegion === region) {
    return new OmsError('usage', '--secondary-region: a pair has two regions', { next: ['leave it out'] });
  }
  const redundancy = redundancyProblem(region, archiveRedundancy);
  if (redundancy) {
    const why = 'the archive keeps its second copy in another region';
    return new OmsError('usage', `--archive-redundancy: ${redundancy}`, { why, next: ['another --region'] });
  }
  if (rest.customerManagedKey && rest.capacity.sku !== 'Premium') {
    const why = 'a Standard namespace is encrypted with a key of Microsoft';
    return new OmsError('usage', '--customer-managed-key is of Premium alone', { why, next: ['--sku Premium'] });
  }
  const name = illegalName(rest.name, rest.names);
  return name === undefined ? undefined : new OmsError('usage', `--env: ${name}`, { next: ['another --env'] });
}

const placeOf = ({ subscriptionId, tenantId, region }: Known, options: EnvironmentOptions, saved?: Environment) => ({
  name: options.env,
  subscriptionId,
  tenantId,
  region,
  secondaryRegion: options.secondaryRegion ?? saved?.secondaryRegion ?? null,
  names: saved?.names ?? resourceNames(options.env, subscriptionId),
  state:
    saved?.state ?? (options.state === 'local' ? { kind: 'local' as const } : stateStore(options.env, subscriptionId)),
});

const accessOf = ({ allowedRanges, alertEmails }: Known, options: EnvironmentOptions, saved?: Environment) => ({
  allowedRanges: allowedRanges ?? [],
  privateEndpointSubnetId: options.privateEndpointSubnetId ?? saved?.privateEndpointSubnetId ?? null,
  customerManagedKey: options.customerManagedKey ?? saved?.customerManagedKey ?? false,
  alertEmails: alertEmails ?? [],
  monthlyBudget: options.budget ?? saved?.monthlyBudget ?? null,
  applicationObjectId: options.principal ?? saved?.applicationObjectId ?? null,
  sasFallback: options.sasFallback ?? saved?.sasFallback ?? false,
});

/**
 * The environment that follows from what is known, what was said and what was saved.
 * @throws {OmsError} usage or refused, where something of it cannot be
 */
export function composeEnvironment(
  known: Known,
  options: EnvironmentOptions,
  saved: Environment | undefined,
): Environment {
  const workload = workloadFor(known.rate, options, saved?.workload);
  const environment: Environment = {
    version: 1,
    ...placeOf(known, options, saved),
    workload,
    capacity: capacityFor(workload, options, saved),
    captureIntervalSeconds: options.captureIntervalSeconds ?? saved?.captureIntervalSeconds ?? 300,
    archiveRedundancy: options.archiveRedundancy ?? saved?.archiveRedundancy ?? 'RAGRS',
    archiveLocked: saved?.archiveLocked ?? false,
    ...accessOf(known, options, saved),
  };
  const problem = problemOf(environment);
  if (problem) throw problem;
  return environment;
}
