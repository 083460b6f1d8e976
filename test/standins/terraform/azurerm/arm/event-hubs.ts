import type { ObjectValue } from '../../values.ts';
import { block, blocks, derived, type Field, given, opposite, same, worded } from './fields.ts';
import type { Mapping } from './mapping.ts';

const apiVersion = '2024-01-01';

function identityOf(value: ObjectValue): unknown {
  const [identity] = (value.identity ?? []) as ObjectValue[];
  if (!identity) return undefined;
  const ids = ((identity.identity_ids ?? []) as string[]).map((id) => [id, {}]);
  return { type: identity.type, ...(ids.length > 0 && { userAssignedIdentities: Object.fromEntries(ids) }) };
}

const NETWORK_RULES: readonly Field[] = [
  same('default_action', 'defaultAction'),
  same('trusted_service_access_enabled', 'trustedServiceAccessEnabled'),
  worded('public_network_access_enabled', 'publicNetworkAccess', 'Enabled', 'Disabled'),
  blocks('ip_rule', 'ipRules', [same('ip_mask', 'ipMask'), same('action', 'action')]),
  blocks('virtual_network_rule', 'virtualNetworkRules', [
    same('subnet_id', 'subnet.id'),
    same('ignore_missing_virtual_network_service_endpoint', 'ignoreMissingVnetServiceEndpoint'),
  ]),
];

const NAMESPACE: Mapping = {
  apiVersion,
  parts: [
    {
      suffix: '',
      fields: [
        given('location', 'location'),
        same('tags', 'tags'),
        same('sku', 'sku.name'),
        derived('sku.tier', ({ sku }) => sku),
        same('capacity', 'sku.capacity'),
        derived('identity', identityOf),
        same('auto_inflate_enabled', 'properties.isAutoInflateEnabled'),
        same('maximum_throughput_units', 'properties.maximumThroughputUnits'),
        opposite('local_authentication_enabled', 'properties.disableLocalAuth'),
        same('minimum_tls_version', 'properties.minimumTlsVersion'),
        worded('public_network_access_enabled', 'properties.publicNetworkAccess', 'Enabled', 'Disabled'),
      ],
    },
    {
      suffix: '/networkRuleSets/default',
      only: 'network_rulesets',
      fields: [block('network_rulesets', 'properties', NETWORK_RULES)],
    },
  ],
};

const DESTINATION: readonly Field[] = [
  same('name', 'name'),
  same('archive_name_format', 'properties.archiveNameFormat'),
  same('blob_container_name', 'properties.blobContainer'),
  same('storage_account_id', 'properties.storageAccountResourceId'),
  {
    name: 'storage_authentication_type',
    path: 'identity.type',
    write: (value) => (value === 'StorageSAS' ? undefined : value),
    read: (value) => value ?? 'StorageSAS',
  },
  same('storage_authentication_id', 'identity.userAssignedIdentity'),
];

const HUB: Mapping = {
  apiVersion,
  parts: [
    {
      suffix: '',
      fields: [
        same('partition_count', 'properties.partitionCount'),
        same('status', 'properties.status'),
        block('retention_description', 'properties.retentionDescription', [
          same('cleanup_policy', 'cleanupPolicy'),
          same('retention_time_in_hours', 'retentionTimeInHours'),
          same('tombstone_retention_time_in_hours', 'tombstoneRetentionTimeInHours'),
        ]),
        block('capture_description', 'properties.captureDescription', [
          same('enabled', 'enabled'),
          same('encoding', 'encoding'),
          same('interval_in_seconds', 'intervalInSeconds'),
          same('size_limit_in_bytes', 'sizeLimitInBytes'),
          same('skip_empty_archives', 'skipEmptyArchives'),
          block('destination', 'destination', DESTINATION),
        ]),
      ],
    },
  ],
};

const CONSUMER_GROUP: Mapping = {
  apiVersion,
  parts: [{ suffix: '', fields: [same('user_metadata', 'properties.userMetadata')] }],
};

const RECOVERY: Mapping = {
  apiVersion,
  parts: [{ suffix: '', fields: [same('partner_namespace_id', 'properties.partnerNamespace')] }],
  // A pair is broken before its alias can go.
  beforeDelete: async (client, id) => {
    await client.post(`${id}/breakPairing`, apiVersion, {});
    return {};
  },
};

export const EVENT_HUB_MAPPINGS: Readonly<Record<string, Mapping>> = {
  azurerm_eventhub_namespace: NAMESPACE,
  azurerm_eventhub: HUB,
  azurerm_eventhub_consumer_group: CONSUMER_GROUP,
  azurerm_eventhub_namespace_disaster_recovery_config: RECOVERY,
};
