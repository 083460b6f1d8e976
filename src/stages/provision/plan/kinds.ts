/** A property that moves the bill. */
export interface CostDriver {
  /** As {@link namesOf} joins it, such as "capture_description.interval_in_seconds". */
  path: string;
  /** What is said of it when a resource is made; undefined where this value is not worth a word. */
  say: (value: string) => string | undefined;
}

/** What people have to know of one type of resource. */
export interface Kind {
  title: string;
  /** What is gone when one is deleted or made anew; absent where nothing is that could not be made again. */
  loss?: string;
  /** What loses something in place: a number that gets smaller, a switch that is turned off. */
  losing?: readonly { path: string; loss: string }[];
  costs?: readonly CostDriver[];
  /** Attributes that make up what it is called, where it has no name of its own or one that says too little. */
  named?: readonly string[];
}

const cost = (path: string, say: CostDriver['say']): CostDriver => ({ path, say });
const costs = (...paths: string[]): CostDriver[] => paths.map((path) => cost(path, () => undefined));
const as =
  (before: string, after = '') =>
  (value: string) =>
    `${before}${value}${after}`;
/** Zero, or less for what has no bound. */
const unlessNone = (say: (value: string) => string) => (value: string) => (Number(value) > 0 ? say(value) : undefined);

const OLDER_EVENTS = 'the events that are older than the new retention';

/** Resource types of azurerm in plain words; what each loses, and what of it drives the bill. */
const KINDS: Readonly<Record<string, Kind>> = {
  azurerm_resource_group: { title: 'Resource group', loss: 'everything in the group' },
  azurerm_eventhub_namespace: {
    title: 'Event Hubs namespace',
    loss: 'every hub in it with all its events, and the name that clients connect to',
    costs: [
      cost('sku', as('')),
      cost('capacity', (units) => `${units} ${units === '1' ? 'unit' : 'units'}`),
      cost(
        'maximum_throughput_units',
        unlessNone((units) => `inflates to ${units}`),
      ),
      ...costs('auto_inflate_enabled', 'dedicated_cluster_id'),
    ],
  },
  azurerm_eventhub: {
    title: 'Event hub',
    loss: 'every event it still keeps, and where its readers were',
    losing: [
      { path: 'retention_description.retention_time_in_hours', loss: OLDER_EVENTS },
      { path: 'message_retention', loss: OLDER_EVENTS },
      { path: 'capture_description.enabled', loss: 'every event from now on is missing in the archive' },
    ],
    costs: [
      cost('capture_description.interval_in_seconds', as('Capture every ', ' s')),
      cost('retention_description.retention_time_in_hours', as('kept ', ' h')),
      cost('message_retention', as('kept ', ' d')),
      ...costs('capture_description'),
    ],
  },
  azurerm_eventhub_consumer_group: { title: 'Consumer group', named: ['eventhub_name', 'name'] },
  azurerm_eventhub_authorization_rule: { title: 'Hub access rule', named: ['eventhub_name', 'name'] },
  azurerm_eventhub_namespace_authorization_rule: { title: 'Namespace access rule' },
  azurerm_eventhub_namespace_customer_managed_key: { title: "Namespace's encryption key" },
  azurerm_eventhub_namespace_disaster_recovery_config: { title: 'Geo-DR pair' },
  azurerm_eventhub_namespace_schema_group: { title: 'Schema group', loss: 'every schema in it' },
  azurerm_eventhub_cluster: { title: 'Event Hubs cluster', loss: 'every namespace in it', costs: costs('sku_name') },
  azurerm_storage_account: {
    title: 'Storage account',
    loss: 'every container in it with all its files',
    costs: [
      cost('account_replication_type', as('')),
      cost('access_tier', as('', ' tier')),
      cost('blob_properties.delete_retention_policy.days', as('deleted kept ', ' d')),
      ...costs('account_tier', 'blob_properties'),
    ],
  },
  azurerm_storage_account_network_rules: { title: "Account's network rules" },
  azurerm_storage_account_customer_managed_key: { title: "Account's encryption key" },
  azurerm_storage_container: { title: 'Blob container', loss: 'every file in it' },
  azurerm_storage_container_immutability_policy: {
    title: 'Immutability policy',
    loss: 'the guard that keeps archived files from being changed or deleted',
    losing: [{ path: 'immutability_period_in_days', loss: 'the guard of files older than the new period' }],
    costs: [cost('immutability_period_in_days', as('', ' days'))],
    named: ['storage_container_resource_manager_id'],
  },
  azurerm_storage_management_policy: { title: 'Lifecycle rules', costs: costs('rule'), named: ['storage_account_id'] },
  azurerm_storage_blob_inventory_policy: {
    title: 'Blob inventory',
    costs: costs('rules'),
    named: ['storage_account_id'],
  },
  azurerm_storage_object_replication: { title: 'Object replication' },
  azurerm_storage_data_lake_gen2_filesystem: { title: 'Data lake file system', loss: 'every file in it' },
  azurerm_storage_encryption_scope: { title: 'Encryption scope', loss: 'every file encrypted with it' },
  azurerm_storage_blob: { title: 'Blob', loss: 'the file' },
  azurerm_key_vault: { title: 'Key vault', loss: 'every secret and key in it', costs: [cost('sku_name', as(''))] },
  azurerm_key_vault_key: { title: 'Key', loss: 'everything that is encrypted with it' },
  azurerm_key_vault_secret: { title: 'Secret', loss: 'its value and all former ones' },
  azurerm_key_vault_access_policy: { title: 'Vault access policy' },
  azurerm_user_assigned_identity: { title: 'Managed identity' },
  azurerm_federated_identity_credential: { title: 'Federated credential' },
  azurerm_role_assignment: { title: 'Role', named: ['role_definition_name'] },
  azurerm_management_lock: { title: 'Lock' },
  azurerm_monitor_diagnostic_setting: { title: 'Diagnostic setting', costs: costs('enabled_log', 'enabled_metric') },
  azurerm_monitor_action_group: { title: 'Action group' },
  azurerm_monitor_metric_alert: { title: 'Metric alert' },
  azurerm_monitor_scheduled_query_rules_alert_v2: { title: 'Log alert', costs: costs('evaluation_frequency') },
  azurerm_monitor_activity_log_alert: { title: 'Activity alert' },
  azurerm_monitor_alert_processing_rule_suppression: { title: 'Alert suppression' },
  azurerm_log_analytics_workspace: {
    title: 'Log workspace',
    loss: 'every log in it',
    losing: [{ path: 'retention_in_days', loss: 'the logs that are older than the new retention' }],
    costs: [
      cost('retention_in_days', as('kept ', ' d')),
      cost(
        'daily_quota_gb',
        unlessNone((gigabytes) => `at most ${gigabytes} GB a day`),
      ),
      ...costs('sku'),
    ],
  },
  azurerm_consumption_budget_resource_group: { title: 'Budget' },
  azurerm_consumption_budget_subscription: { title: 'Budget of the subscription' },
  azurerm_private_endpoint: { title: 'Private endpoint', costs: [cost('name', () => 'billed by the hour')] },
  azurerm_private_dns_zone: { title: 'Private DNS zone' },
  azurerm_private_dns_zone_virtual_network_link: { title: 'DNS link' },
  azurerm_virtual_network: { title: 'Virtual network' },
  azurerm_subnet: { title: 'Subnet' },
  azurerm_network_security_group: { title: 'Network security group' },
  azurerm_subnet_network_security_group_association: { title: "Subnet's security group" },
  azurerm_network_security_perimeter: { title: 'Network security perimeter' },
  azurerm_network_security_perimeter_profile: { title: 'Perimeter profile' },
  azurerm_network_security_perimeter_access_rule: { title: 'Perimeter access rule' },
  azurerm_network_security_perimeter_association: { title: 'Perimeter association' },
  azurerm_application_insights_workbook: { title: 'Workbook' },
  azurerm_portal_dashboard: { title: 'Dashboard' },
  azurerm_resource_group_policy_assignment: { title: "Group's policy" },
  azurerm_resource_policy_assignment: { title: "Resource's policy" },
  azurerm_resource_provider_registration: { title: 'Provider registration' },
  azurerm_client_config: { title: 'Who is signed in' },
  time_sleep: { title: 'Wait' },
};

const words = (type: string): string => {
  const text = type.replace(/^[^_]+_/, '').replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** What a type is; a type that is not in the table is called by its own words, and deleting one counts as a loss. */
export const kindOf = (type: string): Kind =>
  Object.hasOwn(KINDS, type) ? KINDS[type]! : { title: words(type), loss: 'whatever it holds' };

const KNOWN_TYPES = Object.keys(KINDS);

/** Where a type stands in the table, which begins with what matters most; others come last. */
export function importanceOf(type: string): number {
  const place = KNOWN_TYPES.indexOf(type);
  return place < 0 ? KNOWN_TYPES.length : place;
}
