import type { Mistake } from './mistake.ts';

const ROOT = 'main.tf';
const ARCHIVE = 'modules/archive/main.tf';
const ALERTS = 'modules/monitoring/alerts.tf';
const ENCRYPTION = 'modules/encryption/main.tf';
const KEY = 'azurerm_eventhub_namespace_customer_managed_key.main';

/** What comes too early for Azure, or in a form it refuses only when applied. */
export const ORDER_MISTAKES: readonly Mistake[] = [
  {
    what: 'Capture before its role is in force',
    file: ARCHIVE,
    from: '    capture  = azurerm_role_assignment.capture.id\n',
    to: '',
    finding: 'modules/archive time_sleep.roles_in_force: azurerm_role_assignment.capture is not waited for',
  },
  {
    what: 'a pause of no length',
    file: ENCRYPTION,
    from: '  create_duration = var.role_propagation\n',
    to: '',
    finding: 'modules/encryption time_sleep.role_in_force: does not take its time',
  },
  {
    what: 'Capture that does not wait for roles',
    file: 'modules/archive/outputs.tf',
    from: '    time_sleep.roles_in_force,\n',
    to: '',
    finding: 'modules/archive capture_destination: does not wait for time_sleep.roles_in_force',
  },
  {
    what: 'files that are captured before they are protected',
    file: 'modules/archive/outputs.tf',
    from: '    azurerm_storage_container_immutability_policy.archive,\n',
    to: '',
    finding:
      'modules/archive capture_destination: does not wait for azurerm_storage_container_immutability_policy.archive',
  },
  {
    what: 'hubs that do not wait for the archive',
    file: ROOT,
    from: 'module.archive.capture_destination',
    to: '{ storage_account_id = module.archive.account_id, container_name = var.archive.container }',
    finding: 'module namespace: capture_destination is not module.archive.capture_destination',
  },
  {
    what: 'secrets that are written before whoever deploys may',
    file: ROOT,
    from: 'key_vault_id   = module.vault.writable_id',
    to: 'key_vault_id   = module.vault.id',
    finding: 'module secrets: key_vault_id is not module.vault.writable_id',
  },
  {
    what: 'secrets that are written before the private endpoint is there',
    file: ROOT,
    from: '  values_version = var.secrets_version\n\n  depends_on = [module.network]\n',
    to: '  values_version = var.secrets_version\n',
    finding: 'module secrets: depends_on is not module.network',
  },
  {
    what: 'a vault that says too early that it can be written to',
    file: 'modules/vault/outputs.tf',
    from: '  depends_on = [time_sleep.roles_in_force]\n',
    to: '',
    finding: 'modules/vault writable_id: does not wait for time_sleep.roles_in_force',
  },
  {
    what: 'a key that the namespace may not use yet',
    file: ENCRYPTION,
    from: '  depends_on = [time_sleep.role_in_force]\n',
    to: '',
    finding: `modules/encryption ${KEY}: does not wait for time_sleep.role_in_force`,
  },
  {
    what: 'hubs in a namespace that is to be encrypted yet',
    file: 'modules/namespace/main.tf',
    from: '  depends_on = [var.encryption_key_id]\n',
    to: '',
    finding: 'modules/namespace azurerm_eventhub.main: does not wait for var.encryption_key_id',
  },
  {
    what: 'a key that is known before it is used',
    file: 'modules/encryption/outputs.tf',
    from: `  depends_on = [${KEY}]\n`,
    to: '',
    finding: `modules/encryption key_id: does not wait for ${KEY}`,
  },
  {
    what: 'a pair of namespaces without their endpoints',
    file: ROOT,
    from: '  endpoint_ids        = one(module.network[*].endpoint_ids)\n',
    to: '',
    finding: 'module recovery: endpoint_ids is not module.network[*].endpoint_ids',
  },
  {
    what: 'a pair without hubs',
    file: 'modules/recovery/main.tf',
    from: '[var.primary_hubs, var.endpoint_ids]',
    to: '[var.endpoint_ids]',
    finding:
      'modules/recovery azurerm_eventhub_namespace_disaster_recovery_config.pair: does not wait for var.primary_hubs',
  },
  {
    what: 'a lock that comes before what lies below it',
    file: ARCHIVE,
    from: '    azurerm_storage_management_policy.tiers,\n',
    to: '',
    finding: 'modules/archive azurerm_management_lock.archive: is made before azurerm_storage_management_policy.tiers',
  },
  {
    what: 'an endpoint with the zone of another service',
    file: ROOT,
    from: 'local.suffixes.vault',
    to: 'local.suffixes.blob',
    finding: 'module network: vault is not reached by a name in a zone of its own',
  },
  {
    what: 'an endpoint of a part there is none of',
    file: ROOT,
    from: 'subresource = "blob"',
    to: 'subresource = "blobs"',
    finding: 'module network: blobs is not reached by a name in a zone of its own',
  },
  {
    what: 'an alert that nobody hears of',
    file: ALERTS,
    from: '  action {\n    action_group_id = azurerm_monitor_action_group.main.id\n  }\n',
    to: '',
    finding: 'modules/monitoring azurerm_monitor_metric_alert.namespace: tells nobody',
  },
  {
    what: 'an alert at intervals Azure has none of',
    file: ALERTS,
    from: 'window = "PT5M", frequency = "PT1M"',
    to: 'window = "PT5M", frequency = "PT10M"',
    finding: 'alert user-errors: PT10M and PT5M are no frequency and window',
  },
  {
    what: 'a learnt threshold that is looked at every minute',
    file: ALERTS,
    from: 'window = "PT15M", frequency = "PT5M"',
    to: 'window = "PT15M", frequency = "PT1M"',
    finding: 'alert throttled: what is usual is not looked at every PT1M',
  },
];
