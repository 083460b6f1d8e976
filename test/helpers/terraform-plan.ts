import type { PlanJson, ResourceChange } from '../../src/tools/terraform-messages.ts';

type Change = ResourceChange['change'];

/** A resource of a plan; whatever is not given is as Terraform writes it for a resource at the root. */
export function planned(
  type: string,
  actions: Change['actions'],
  change: Partial<Change> & { before?: unknown; after?: unknown } = {},
  resource: Partial<Omit<ResourceChange, 'change'>> = {},
): ResourceChange {
  const name = resource.name ?? 'this';
  const index = resource.index === undefined ? '' : `[${JSON.stringify(resource.index)}]`;
  const module = resource.module_address ? `${resource.module_address}.` : '';
  return {
    address: `${module}${type}.${name}${index}`,
    mode: 'managed',
    type,
    name,
    ...resource,
    change: {
      actions,
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: false,
      after_sensitive: false,
      ...change,
    },
  };
}

export const plan = (resources: ResourceChange[], drift?: ResourceChange[]): PlanJson => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  resource_changes: resources,
  ...(drift && { resource_drift: drift }),
});

const NAMESPACE = {
  name: 'evhns-oms-demo',
  location: 'westeurope',
  sku: 'Standard',
  capacity: 6,
  maximum_throughput_units: 12,
  local_authentication_enabled: false,
  tags: { environment: 'demo' },
};

/** The namespace as Azure has it. */
export const namespaceValues = (changed: Record<string, unknown> = {}) => ({ ...NAMESPACE, ...changed });

/** A hub with Capture as Azure has it: blocks are lists of one. */
export const hubValues = (name: string, changed: Record<string, unknown> = {}) => ({
  name,
  partition_count: 8,
  retention_description: [{ cleanup_policy: 'Delete', retention_time_in_hours: 168 }],
  capture_description: [
    { enabled: true, encoding: 'Avro', interval_in_seconds: 300, destination: [{ blob_container_name: 'archive' }] },
  ],
  ...changed,
});

const created = (type: string, name: string, after: unknown, module_address: string, index?: string) =>
  planned(type, ['create'], { after, after_unknown: { id: true } }, { name, module_address, ...(index && { index }) });

/** A first plan of a whole environment in size: `size` resources in the kinds and modules of the template. */
export function firstPlan(size: number): PlanJson {
  const hubs = ['orders', 'order-events', 'orders-dlq'];
  const fixed = [
    created('azurerm_resource_group', 'this', { name: 'rg-oms-demo' }, ''),
    created('azurerm_eventhub_namespace', 'this', namespaceValues(), 'module.hubs'),
    ...hubs.map((hub) => created('azurerm_eventhub', 'this', hubValues(hub), 'module.hubs', hub)),
    created(
      'azurerm_storage_account',
      'archive',
      { name: 'stomsdemoarchive', account_replication_type: 'RAGRS', access_tier: 'Hot' },
      'module.archive',
    ),
    created(
      'azurerm_storage_container_immutability_policy',
      'this',
      { immutability_period_in_days: 3653, locked: false },
      'module.archive',
    ),
    created('azurerm_key_vault', 'this', { name: 'kv-oms-demo', sku_name: 'standard' }, 'module.vault'),
  ];
  const roles = ['Azure Event Hubs Data Sender', 'Azure Event Hubs Data Receiver', 'Storage Blob Data Contributor'];
  const more = Array.from({ length: Math.max(0, size - fixed.length) }, (_, index) =>
    index % 2
      ? created(
          'azurerm_role_assignment',
          'grants',
          { role_definition_name: roles[index % 3] },
          'module.access',
          `${index}`,
        )
      : created(
          'azurerm_eventhub_consumer_group',
          'groups',
          { eventhub_name: hubs[index % 3], name: `group-${index}` },
          'module.hubs',
          `${index}`,
        ),
  );
  return plan([...fixed, ...more]);
}
