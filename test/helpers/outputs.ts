import type { Outputs } from '../../src/stages/provision/outputs.ts';

/** What a run of Terraform has given back for an environment. */
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
