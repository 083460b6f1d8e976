import type { Environment } from '../../src/stages/provision/environment.ts';
import { resourceNames, stateStore } from '../../src/stages/provision/naming.ts';

export const SUBSCRIPTION = '0f8fad5b-d9cb-469f-a165-70867728950e';
export const TENANT = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** An environment as it would have been saved. */
export const savedEnvironment = (changed: Partial<Environment> = {}): Environment => ({
  version: 1,
  name: 'demo',
  subscriptionId: SUBSCRIPTION,
  tenantId: TENANT,
  region: 'westeurope',
  secondaryRegion: null,
  workload: { rate: 5_000, eventBytes: 1_024, eventsPerOrder: 1, consumers: 1 },
  capacity: { sku: 'Standard', units: 6, maximumUnits: 12, partitions: 8 },
  names: resourceNames('demo', SUBSCRIPTION),
  captureIntervalSeconds: 300,
  archiveRedundancy: 'RAGRS',
  archiveLocked: false,
  allowedRanges: ['203.0.113.0/24'],
  privateEndpointSubnetId: null,
  customerManagedKey: false,
  alertEmails: ['ops@example.com'],
  monthlyBudget: 500,
  applicationObjectId: '16fd2706-8baf-433b-82eb-8c7fada847da',
  sasFallback: false,
  state: stateStore('demo', SUBSCRIPTION),
  ...changed,
});
