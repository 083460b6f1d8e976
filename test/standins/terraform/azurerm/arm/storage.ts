import type { ObjectValue } from '../../values.ts';
import { block, blocks, derived, type Field, given, same, worded } from './fields.ts';
import type { Mapping } from './mapping.ts';

const apiVersion = '2024-01-01';

/** Services that pass the firewall: a set here, a text with commas there. */
const bypass: Field = {
  name: 'bypass',
  path: 'bypass',
  write: (value) => (Array.isArray(value) ? value.join(', ') : undefined),
  read: (value) => (value ? String(value).split(', ') : []),
};

const ipRules: Field = {
  name: 'ip_rules',
  path: 'ipRules',
  write: (value) => ((value ?? []) as string[]).map((range) => ({ value: range, action: 'Allow' })),
  read: (value) => ((value ?? []) as { value: string }[]).map((rule) => rule.value),
};

const subnets: Field = {
  name: 'virtual_network_subnet_ids',
  path: 'virtualNetworkRules',
  write: (value) => ((value ?? []) as string[]).map((id) => ({ id, action: 'Allow' })),
  read: (value) => ((value ?? []) as { id: string }[]).map((rule) => rule.id),
};

const NETWORK_RULES = block('network_rules', 'properties.networkAcls', [
  same('default_action', 'defaultAction'),
  bypass,
  ipRules,
  subnets,
]);

/** An account that lets everybody in says so where the configuration says nothing. */
function readNetworkRules(property: unknown, before: unknown): unknown {
  const isOpen = (property as ObjectValue | undefined)?.defaultAction === 'Allow';
  return isOpen && Array.isArray(before) && before.length === 0 ? before : NETWORK_RULES.read?.(property, before);
}

/** Deleted things are kept for so many days; without days they are not. */
const keptFor = (name: string, path: string) =>
  block(name, path, [derived('enabled', () => true), same('days', 'days')]);

const ACCOUNT: Mapping = {
  apiVersion,
  parts: [
    {
      suffix: '',
      fields: [
        given('location', 'location'),
        same('tags', 'tags'),
        same('account_kind', 'kind'),
        {
          name: 'account_replication_type',
          path: 'sku.name',
          write: (value, { account_tier }) => `${account_tier}_${value}`,
          read: (value) => String(value).split('_')[1],
        },
        same('access_tier', 'properties.accessTier'),
        same('min_tls_version', 'properties.minimumTlsVersion'),
        same('https_traffic_only_enabled', 'properties.supportsHttpsTrafficOnly'),
        same('shared_access_key_enabled', 'properties.allowSharedKeyAccess'),
        same('default_to_oauth_authentication', 'properties.defaultToOAuthAuthentication'),
        same('allow_nested_items_to_be_public', 'properties.allowBlobPublicAccess'),
        same('cross_tenant_replication_enabled', 'properties.allowCrossTenantReplication'),
        same('allowed_copy_scope', 'properties.allowedCopyScope'),
        same('local_user_enabled', 'properties.isLocalUserEnabled'),
        same('is_hns_enabled', 'properties.isHnsEnabled'),
        given('infrastructure_encryption_enabled', 'properties.encryption.requireInfrastructureEncryption'),
        worded('public_network_access_enabled', 'properties.publicNetworkAccess', 'Enabled', 'Disabled'),
        { ...NETWORK_RULES, read: readNetworkRules },
      ],
    },
    {
      suffix: '/blobServices/default',
      only: 'blob_properties',
      fields: [
        block('blob_properties', 'properties', [
          same('versioning_enabled', 'isVersioningEnabled'),
          same('change_feed_enabled', 'changeFeed.enabled'),
          same('change_feed_retention_in_days', 'changeFeed.retentionInDays'),
          keptFor('delete_retention_policy', 'deleteRetentionPolicy'),
          keptFor('container_delete_retention_policy', 'containerDeleteRetentionPolicy'),
        ]),
      ],
    },
  ],
};

const ACCESS: Readonly<Record<string, string>> = { private: 'None', blob: 'Blob', container: 'Container' };

const CONTAINER: Mapping = {
  apiVersion,
  parts: [
    {
      suffix: '',
      fields: [
        {
          name: 'container_access_type',
          path: 'properties.publicAccess',
          write: (value) => ACCESS[String(value)],
          read: (value) => Object.keys(ACCESS).find((name) => ACCESS[name] === value),
        },
      ],
    },
  ],
};

const POLICY_FIELDS: readonly Field[] = [
  same('immutability_period_in_days', 'properties.immutabilityPeriodSinceCreationInDays'),
  same('protected_append_writes_enabled', 'properties.allowProtectedAppendWrites'),
  same('protected_append_writes_all_enabled', 'properties.allowProtectedAppendWritesAll'),
  { name: 'locked', path: 'properties.state', read: (value) => value === 'Locked' },
];

const IMMUTABILITY: Mapping = {
  apiVersion,
  parts: [{ suffix: '', fields: POLICY_FIELDS }],
  isGone: ({ properties }) => (properties as ObjectValue).state === 'Deleted',
  beforeDelete: async (client, id) => tagOf((await client.get(id, apiVersion))?.body),
  async locked(client, id) {
    await client.post(`${id}/lock`, apiVersion, {}, tagOf((await client.get(id, apiVersion))?.body));
  },
};

function tagOf(body: ObjectValue | undefined): Record<string, string> {
  return body?.etag ? { 'if-match': String(body.etag) } : {};
}

/** Days after which something happens to a blob; -1 is never, which Azure writes by leaving it out. */
const days = (name: string, path: string): Field => ({
  name,
  path,
  write: (value) => (value === -1 ? undefined : value),
  read: (value, before) => value ?? (before === -1 ? -1 : null),
});

const BASE_BLOB: readonly Field[] = ['cool', 'cold', 'archive']
  .map((tier) => {
    const to = `tierTo${tier[0]!.toUpperCase()}${tier.slice(1)}`;
    return days(`tier_to_${tier}_after_days_since_modification_greater_than`, `${to}.daysAfterModificationGreaterThan`);
  })
  .concat(days('delete_after_days_since_modification_greater_than', 'delete.daysAfterModificationGreaterThan'));

/** Of snapshots and versions. */
const ageing = (deletion: string): readonly Field[] => [
  days('change_tier_to_archive_after_days_since_creation', 'tierToArchive.daysAfterCreationGreaterThan'),
  days('change_tier_to_cool_after_days_since_creation', 'tierToCool.daysAfterCreationGreaterThan'),
  days('tier_to_cold_after_days_since_creation_greater_than', 'tierToCold.daysAfterCreationGreaterThan'),
  days(deletion, 'delete.daysAfterCreationGreaterThan'),
];

const MANAGEMENT_POLICY: Mapping = {
  apiVersion,
  parts: [
    {
      suffix: '',
      fields: [
        blocks('rule', 'properties.policy.rules', [
          same('name', 'name'),
          same('enabled', 'enabled'),
          derived('type', () => 'Lifecycle'),
          block('filters', 'definition.filters', [
            same('blob_types', 'blobTypes'),
            same('prefix_match', 'prefixMatch'),
          ]),
          block('actions', 'definition.actions', [
            block('base_blob', 'baseBlob', BASE_BLOB),
            block('snapshot', 'snapshot', ageing('delete_after_days_since_creation_greater_than')),
            block('version', 'version', ageing('delete_after_days_since_creation')),
          ]),
        ]),
      ],
    },
  ],
};

export const STORAGE_MAPPINGS: Readonly<Record<string, Mapping>> = {
  azurerm_storage_account: ACCOUNT,
  azurerm_storage_container: CONTAINER,
  azurerm_storage_container_immutability_policy: IMMUTABILITY,
  azurerm_storage_management_policy: MANAGEMENT_POLICY,
};
