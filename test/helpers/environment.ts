import type { Environment } from '../../src/stages/provision/environment.ts';
import type { Outputs } from '../../src/stages/provision/outputs.ts';

/** An environment that was answered for but not yet made. */
export const someEnvironment = (changed: Partial<Environment> = {}): Environment => ({
  version: 1,
  name: 'demo',
  subscriptionId: '00000000-0000-0000-0000-000000000001',
  tenantId: '00000000-0000-0000-0000-000000000002',
  region: 'westeurope',
  secondaryRegion: null,
  workload: { rate: 5_000, eventBytes: 1_024, eventsPerOrder: 1, consumers: 1 },
  capacity: { sku: 'Standard', units: 6, maximumUnits: 12, partitions: 8 },
  names: {
    resourceGroup: 'rg-oms-demo',
    namespace: 'evhns-oms-demo-x7k2',
    archiveAccount: 'stomsdemoarchx7k2',
    filesAccount: 'stomsdemofilesx7k2',
    keyVault: 'kv-oms-demo-x7k2',
    logWorkspace: 'log-oms-demo',
    captureIdentity: 'id-oms-demo-capture',
    application: 'app-oms-demo',
  },
  captureIntervalSeconds: 300,
  archiveRedundancy: 'RAGRS',
  archiveLocked: false,
  allowedRanges: [],
  privateEndpointSubnetId: null,
  customerManagedKey: false,
  alertEmails: [],
  monthlyBudget: null,
  applicationObjectId: null,
  sasFallback: false,
  state: { kind: 'local' },
  ...changed,
});

/** What a run of Terraform has given back for {@link someEnvironment}. */
export const someOutputs = (changed: Partial<Outputs> = {}): Outputs => ({
  resource_group: { name: 'rg-oms-demo', id: '/rg' },
  namespace: {
    name: 'evhns-oms-demo-x7k2',
    id: '/namespace',
    fqdn: 'evhns-oms-demo-x7k2.servicebus.windows.net',
    geo_alias: null,
  },
  hubs: {
    orders: { id: '/orders', partitions: 16, consumer_groups: ['oms-core', 'oms-check'] },
    'order-events': { id: '/order-events', partitions: 16, consumer_groups: ['oms-core'] },
    'orders-dlq': { id: '/orders-dlq', partitions: 2, consumer_groups: ['oms-core'] },
  },
  archive: { account: 'stomsdemoarchx7k2', account_id: '/archive', blob_endpoint: 'https://a/', container: 'archive' },
  files: {
    account: 'stomsdemofilesx7k2',
    account_id: '/files',
    blob_endpoint: 'https://f/',
    containers: ['documents'],
  },
  key_vault: { name: 'kv-oms-demo-x7k2', uri: 'https://v/', secrets: [] },
  capture_identity: { id: '/identity', principal_id: '00000000-0000-0000-0000-000000000003' },
  log_workspace: { id: '/log' },
  ...changed,
});
