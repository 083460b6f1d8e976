import { DEFAULT_NAME_FORMAT } from '../../lib/archive/capture-name.ts';
import type {
  ArchiveFacts,
  Canary,
  Cloud,
  HubFacts,
  Management,
  NamespaceFacts,
} from '../../src/adapters/azure/cloud.ts';
import type { Context } from '../../src/context.ts';
import type { Environment } from '../../src/stages/provision/environment.ts';
import type { Outputs } from '../../src/stages/provision/outputs.ts';
import { ARCHIVE_DAYS, HUBS } from '../../src/stages/provision/topology.ts';
import { quietContext } from './quiet-context.ts';

const GROUP = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-oms-demo/providers';
const IDS = {
  namespace: `${GROUP}/Microsoft.EventHub/namespaces/evhns-oms-demo`,
  archive: `${GROUP}/Microsoft.Storage/storageAccounts/stomsdemoarch`,
  identity: `${GROUP}/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-demo-capture`,
};

export const demoEnvironment = (changes: Partial<Environment> = {}): Environment => ({
  ...{ version: 1, name: 'demo', region: 'westeurope', secondaryRegion: null },
  subscriptionId: '22222222-2222-2222-2222-222222222222',
  tenantId: '11111111-1111-1111-1111-111111111111',
  workload: { rate: 5_000, eventBytes: 1_024, eventsPerOrder: 1, consumers: 1 },
  capacity: { sku: 'Standard', units: 6, maximumUnits: 12, partitions: 8 },
  names: {
    ...{ resourceGroup: 'rg-oms-demo', namespace: 'evhns-oms-demo', archiveAccount: 'stomsdemoarch' },
    ...{ filesAccount: 'stomsdemofile', keyVault: 'kv-oms-demo', logWorkspace: 'log-oms-demo' },
    ...{ captureIdentity: 'id-oms-demo-capture', application: 'app-oms-demo' },
  },
  ...{ captureIntervalSeconds: 300, archiveRedundancy: 'RAGRS', archiveLocked: false },
  ...{ allowedRanges: ['198.51.100.7/32'], privateEndpointSubnetId: null, customerManagedKey: false },
  ...{ alertEmails: [], monthlyBudget: null, applicationObjectId: null, sasFallback: false },
  state: { kind: 'local' },
  ...changes,
});

export const demoOutputs = (changes: Partial<Outputs> = {}): Outputs => ({
  resource_group: { name: 'rg-oms-demo', id: '/rg' },
  namespace: {
    ...{ name: 'evhns-oms-demo', id: IDS.namespace },
    ...{ fqdn: 'evhns-oms-demo.servicebus.windows.net', geo_alias: null },
  },
  hubs: {},
  archive: {
    ...{ account: 'stomsdemoarch', account_id: IDS.archive },
    ...{ blob_endpoint: 'https://stomsdemoarch.blob.core.windows.net/', container: 'archive' },
  },
  files: { account: 'stomsdemofile', account_id: '/files', blob_endpoint: 'https://stomsdemofile/', containers: [] },
  key_vault: { name: 'kv-oms-demo', uri: 'https://kv-oms-demo/', secrets: [] },
  capture_identity: { id: IDS.identity, principal_id: 'p' },
  log_workspace: { id: '/log' },
  ...changes,
});

export const demoNamespace = (): NamespaceFacts => ({
  ...{ id: IDS.namespace, location: 'West Europe', state: 'Succeeded', sku: 'Standard', units: 6 },
  ...{ autoInflate: true, maximumUnits: 12, localAuthDisabled: true, minimumTls: '1.2' },
  ...{ publicNetworkAccess: 'Enabled', zoneRedundant: true },
  serviceEndpoint: 'https://evhns-oms-demo.servicebus.windows.net:443/',
  network: { defaultAction: 'Deny', trustedServices: true, ranges: ['198.51.100.7'] },
});

export const demoHubs = (): HubFacts[] =>
  HUBS.map((spec) => ({
    name: spec.name,
    partitions: spec.partitions === 'sized' ? 8 : spec.partitions,
    ...{ state: 'Active', retentionHours: spec.retentionHours },
    consumerGroups: ['$Default', ...spec.consumerGroups],
    capture: spec.capture
      ? {
          ...{ enabled: true, encoding: 'Avro', intervalSeconds: 300, identityId: IDS.identity.toUpperCase() },
          ...{ accountId: IDS.archive.toLowerCase(), container: 'archive', nameFormat: DEFAULT_NAME_FORMAT },
        }
      : undefined,
  }));

export const demoArchive = (): ArchiveFacts => ({
  ...{ accountId: IDS.archive, redundancy: 'Standard_RAGRS', sharedKeys: false, publicBlobs: false },
  ...{ minimumTls: 'TLS1_2', blobEndpoint: 'https://stomsdemoarch.blob.core.windows.net/' },
  ...{ defaultAction: 'Deny', trustedServices: true },
  policy: { days: ARCHIVE_DAYS, state: 'Unlocked', etag: '"1"' },
  lifecycle: [{ name: 'colder-with-age', actions: ['tierToCool', 'tierToCold', 'tierToArchive'] }],
});

/** Azure as it is right after a good apply; each part may be said otherwise. */
export const demoManagement = (changes: Partial<Management> = {}): Management => ({
  namespace: async () => demoNamespace(),
  hubs: async () => demoHubs(),
  archive: async () => demoArchive(),
  recovery: async () => undefined,
  namespaceNameFree: async () => ({ free: true }),
  ensureHubRules: async () => {},
  lockArchive: async () => {},
  ...changes,
});

/** A context that prints nothing and whose Azure is made of these parts. */
export function demoContext(
  parts: { management?: Management; canary?: Canary; signal?: AbortSignal; context?: Partial<Context> } = {},
): Context {
  const context = quietContext('/nowhere', parts.signal);
  const cloud: Cloud = {
    ...context.cloud,
    management: async () => parts.management ?? demoManagement(),
    ...(parts.canary && { canary: async () => parts.canary! }),
  };
  return { ...context, cloud, ...parts.context };
}
