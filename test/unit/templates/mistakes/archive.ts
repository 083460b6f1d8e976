import type { Mistake } from './mistake.ts';

const NAMESPACE = 'modules/namespace/main.tf';
const ARCHIVE = 'modules/archive/main.tf';
const NAMESPACE_AT = 'modules/namespace azurerm_eventhub_namespace.main';
const HUB_AT = 'modules/namespace azurerm_eventhub.main';
const ACCOUNT_AT = 'modules/archive azurerm_storage_account.archive';
const WORM_AT = 'modules/archive azurerm_storage_container_immutability_policy.archive';
const TIERS_AT = 'modules/archive azurerm_storage_management_policy.tiers';

/** The archive, and what protects it. */
export const ARCHIVE_MISTAKES: readonly Mistake[] = [
  {
    what: 'an archive that is kept for one day less',
    file: 'variables.tf',
    from: 'condition     = var.archive.retention_days >= 3653',
    to: 'condition     = var.archive.retention_days >= 3652',
    finding: 'variable archive: fewer than 3653 days are accepted',
  },
  {
    what: 'a policy of a few days',
    file: ARCHIVE,
    from: 'immutability_period_in_days           = var.retention_days',
    to: 'immutability_period_in_days           = 7',
    finding: `${WORM_AT}: fewer than 3653 days are possible`,
  },
  {
    what: 'a module that accepts a policy of a few days',
    file: 'modules/archive/variables.tf',
    from: 'var.retention_days >= 3653',
    to: 'var.retention_days >= 365',
    finding: `${WORM_AT}: fewer than 3653 days are possible`,
  },
  {
    what: 'appends to protected files',
    file: ARCHIVE,
    from: 'protected_append_writes_all_enabled   = false',
    to: 'protected_append_writes_all_enabled   = true',
    finding: `${WORM_AT}: protected_append_writes_all_enabled is not false`,
  },
  {
    what: 'a lifecycle rule that deletes',
    file: ARCHIVE,
    from: '        tier_to_cool_after',
    to: '        delete_after_days_since_modification_greater_than = 3653\n        tier_to_cool_after',
    finding: `${TIERS_AT}: delete_after_days_since_modification_greater_than`,
  },
  {
    what: 'a lifecycle rule that deletes versions',
    file: 'modules/files/main.tf',
    from: '      version {',
    to: '      version {\n        delete_after_days_since_creation = 30',
    finding: 'modules/files azurerm_storage_management_policy.tiers: delete_after_days_since_creation',
  },
  {
    what: 'a lifecycle rule by last access',
    file: ARCHIVE,
    from: 'tier_to_cool_after_days_since_modification_greater_than ',
    to: 'tier_to_cool_after_days_since_last_access_time_greater_than ',
    finding: `${TIERS_AT}: tier_to_cool_after_days_since_last_access_time_greater_than`,
  },
  {
    what: 'the Archive tier with zone redundancy',
    file: ARCHIVE,
    from: 'local.has_archive_tier ? 180 : null',
    to: '180',
    finding: `${TIERS_AT}: the Archive tier is asked for whatever the redundancy is`,
  },
  {
    what: 'Capture by shared access signature',
    file: NAMESPACE,
    from: '        storage_authentication_type = "UserAssigned"\n',
    to: '',
    finding: `${HUB_AT}: Capture does not sign in by the namespace's identity`,
  },
  {
    what: 'a name of Capture files without a part that Azure wants',
    file: NAMESPACE,
    from: '{Minute}/',
    to: '',
    finding: `${HUB_AT}: archive_name_format lacks {Minute}`,
  },
  {
    what: 'Capture that is paused',
    file: NAMESPACE,
    from: '      enabled             = true',
    to: '      enabled             = false',
    finding: `${HUB_AT}: Capture is off`,
  },
  {
    what: 'events that are compacted away',
    file: NAMESPACE,
    from: 'cleanup_policy          = "Delete"',
    to: 'cleanup_policy          = "Compact"',
    finding: `${HUB_AT}: cleanup_policy is not "Delete"`,
  },
  {
    what: 'tiers for files there are none of',
    file: ARCHIVE,
    from: 'prefix_match = ["',
    to: 'prefix_match = ["archives/',
    finding: `${TIERS_AT}: prefix_match is not the container`,
  },
  {
    what: 'an account that a plan may destroy',
    file: ARCHIVE,
    from: '  lifecycle {\n    prevent_destroy = true\n  }\n',
    to: '',
    finding: `${ACCOUNT_AT}: prevent_destroy is not set`,
  },
  {
    what: 'protection that is switched off',
    file: 'modules/vault/main.tf',
    from: 'prevent_destroy = true',
    to: 'prevent_destroy = false',
    finding: 'modules/vault azurerm_key_vault.main: prevent_destroy is not set',
  },
  {
    what: 'protection that nothing releases',
    file: 'release/modules/namespace/release_override.tf.json',
    from: '"azurerm_eventhub_namespace"',
    to: '"azurerm_eventhub_namespaces"',
    finding: `${NAMESPACE_AT}: no override releases it`,
  },
  {
    what: 'an override of what is not there',
    file: 'release/modules/namespace/release_override.tf.json',
    from: '"azurerm_eventhub_namespace"',
    to: '"azurerm_eventhub_namespaces"',
    finding: 'modules/namespace azurerm_eventhub_namespaces.main: an override releases what is not protected',
  },
  {
    what: 'an account without versions',
    file: 'modules/files/main.tf',
    from: 'versioning_enabled = true',
    to: 'versioning_enabled = false',
    finding: 'modules/files azurerm_storage_account.files: no versioning',
  },
  {
    what: 'a container that is gone when deleted',
    file: ARCHIVE,
    from: '    container_delete_retention_policy {\n      days = 365\n    }\n',
    to: '',
    finding: `${ACCOUNT_AT}: no container_delete_retention_policy of 30 days`,
  },
  {
    what: 'files that are gone a day after they were deleted',
    file: 'modules/files/main.tf',
    from: '    delete_retention_policy {\n      days = 30',
    to: '    delete_retention_policy {\n      days = 1',
    finding: 'modules/files azurerm_storage_account.files: no delete_retention_policy of 30 days',
  },
  {
    what: 'a vault that can be purged after a week',
    file: 'modules/vault/main.tf',
    from: 'soft_delete_retention_days = 90',
    to: 'soft_delete_retention_days = 7',
    finding: 'modules/vault azurerm_key_vault.main: no purge protection of 90 days',
  },
  {
    what: 'a vault that can be purged',
    file: 'modules/vault/main.tf',
    from: 'purge_protection_enabled   = true',
    to: 'purge_protection_enabled   = false',
    finding: 'modules/vault azurerm_key_vault.main: no purge protection of 90 days',
  },
  {
    what: 'an archive without a lock by default',
    file: 'variables.tf',
    from: '  description = "Put a lock on the archive\'s account that keeps it from being deleted outside of Terraform; needs the right to write locks."\n  type        = bool\n  default     = true',
    to: '  description = "Put a lock on the archive\'s account that keeps it from being deleted outside of Terraform; needs the right to write locks."\n  type        = bool\n  default     = false',
    finding: 'the archive account has no CanNotDelete lock by default',
  },
];
