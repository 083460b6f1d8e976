import type { Mistake } from './mistake.ts';

const NAMESPACE = 'modules/namespace/main.tf';
const ARCHIVE = 'modules/archive/main.tf';
const NAMESPACE_AT = 'modules/namespace azurerm_eventhub_namespace.main';
const HUB_AT = 'modules/namespace azurerm_eventhub.main';
const ACCOUNT_AT = 'modules/archive azurerm_storage_account.archive';

/** Arguments as azurerm 5.2 has them. */
export const ARGUMENT_MISTAKES: readonly Mistake[] = [
  {
    what: 'an argument that is spelt wrongly',
    file: NAMESPACE,
    from: 'partition_count =',
    to: 'partitions_count =',
    finding: `${HUB_AT}: partitions_count is unknown`,
  },
  {
    what: 'a required argument that is left out',
    file: NAMESPACE,
    from: '  sku                      = var.capacity.sku\n',
    to: '',
    finding: `${NAMESPACE_AT}: sku is missing`,
  },
  {
    what: 'an argument that azurerm 5.0 removed',
    file: NAMESPACE,
    from: '  namespace_id    = azurerm_eventhub_namespace.main.id\n',
    to: '  namespace_name  = azurerm_eventhub_namespace.main.name\n',
    finding: `${HUB_AT}: namespace_name was removed in azurerm 5.0`,
  },
  {
    what: 'a block of a diagnostic setting that azurerm 5.0 removed',
    file: 'modules/monitoring/main.tf',
    from: '  enabled_metric {',
    to: '  metric {',
    finding: 'modules/monitoring azurerm_monitor_diagnostic_setting.namespace: metric was removed in azurerm 5.0',
  },
  {
    what: 'a container by the name of its account',
    file: ARCHIVE,
    from: '  storage_account_id    = azurerm_storage_account.archive.id\n',
    to: '  storage_account_name  = azurerm_storage_account.archive.name\n',
    finding: 'modules/archive azurerm_storage_container.archive: storage_account_name was removed in azurerm 5.0',
  },
  {
    what: 'a vault in the form of azurerm 4',
    file: 'modules/vault/main.tf',
    from: 'rbac_authorization_enabled =',
    to: 'enable_rbac_authorization =',
    finding: 'modules/vault azurerm_key_vault.main: enable_rbac_authorization was removed in azurerm 5.0',
  },
  {
    what: 'an unknown argument inside a dynamic block',
    file: NAMESPACE,
    from: '      skip_empty_archives =',
    to: '      skip_empty_files =',
    finding: `${HUB_AT}: capture_description.skip_empty_files is unknown`,
  },
  {
    what: 'a required argument two blocks deep',
    file: NAMESPACE,
    from: '        storage_account_id          = capture_description.value.storage_account_id\n',
    to: '',
    finding: `${HUB_AT}: capture_description.destination.storage_account_id is missing`,
  },
  {
    what: 'a block written as an argument',
    file: ARCHIVE,
    from: '    delete_retention_policy {\n      days = 365\n    }',
    to: '    delete_retention_policy = { days = 365 }',
    finding: `${ACCOUNT_AT}: blob_properties.delete_retention_policy is a block, not an argument`,
  },
  {
    what: 'an argument written as a block',
    file: NAMESPACE,
    from: '  tags = var.tags\n',
    to: '  tags {\n    a = "b"\n  }\n',
    finding: `${NAMESPACE_AT}: tags is an argument, not a block`,
  },
  {
    what: 'a dynamic block where Terraform takes none',
    file: NAMESPACE,
    from: '  tags = var.tags\n',
    to: '  tags = var.tags\n\n  dynamic "network_rulesets" {\n    for_each = []\n    content {}\n  }\n',
    finding: `${NAMESPACE_AT}: network_rulesets takes no dynamic block`,
  },
  {
    what: 'a dynamic block of nothing',
    file: NAMESPACE,
    from: 'dynamic "capture_description"',
    to: 'dynamic "capture"',
    finding: `${HUB_AT}: capture is unknown`,
  },
  {
    what: 'a value that is none of those allowed',
    file: ARCHIVE,
    from: 'access_tier              = "Hot"',
    to: 'access_tier              = "Warm"',
    finding: `${ACCOUNT_AT}: access_tier cannot be "Warm"`,
  },
  {
    what: 'two arguments of which one is wanted',
    file: NAMESPACE,
    from: '  retention_description {',
    to: '  message_retention = 7\n\n  retention_description {',
    finding: `${HUB_AT}: exactly one of message_retention, retention_description has to be given`,
  },
  {
    what: 'a resource type nothing is known of',
    file: NAMESPACE,
    from: 'resource "azurerm_eventhub_consumer_group" "main"',
    to: 'resource "azurerm_eventhub_consumergroup" "main"',
    finding: 'modules/namespace azurerm_eventhub_consumergroup.main: resource type is not in arguments.json',
  },
  {
    what: 'an argument of another provider',
    file: ARCHIVE,
    from: '  create_duration = var.role_propagation',
    to: '  duration = var.role_propagation',
    finding: 'modules/archive time_sleep.roles_in_force: duration is unknown',
  },
];
