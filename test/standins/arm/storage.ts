import { type Cloud, endpointOf } from './cloud.ts';
import { type Answer, failure, type Json, page, type Route } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import { IMMUTABILITY, lockedPolicyIn, newTag, POLICY_TYPE } from './immutability.ts';
import { LOCATIONS, locationName } from './locations.ts';
import type { ResourceType } from './resource-types.ts';

const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;
const CONTAINER_NAME = /^(?:\$root|\$web|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62})$/;

export const accountNameFault = (name: string) =>
  ACCOUNT_NAME.test(name)
    ? undefined
    : `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;

/** Azure's default quota. */
const ACCOUNTS_PER_REGION = 250;

function endpoints(cloud: Cloud, name: string): Json {
  const other = (service: string) => `https://${name}.${service}.core.windows.net/`;
  const blob = endpointOf(cloud.endpoints.blob, name);
  return {
    blob,
    dfs: other('dfs'),
    file: other('file'),
    queue: other('queue'),
    table: other('table'),
    web: other('z6.web'),
  };
}

const secondaryOf = (location: string) => LOCATIONS.find(({ name }) => name === location)?.paired;

const ACCOUNT: ResourceType = {
  longRunning: true,
  createdStatus: 200,
  needsLocation: true,
  refuse({ name, sku }, { cloud, before }) {
    const words = accountNameFault(name);
    if (words) return failure(400, 'AccountNameInvalid', words);
    if (!before && cloud.takenNames.has(name)) {
      return failure(409, 'StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`);
    }
    return (sku as Json | undefined)?.name
      ? undefined
      : failure(400, 'InvalidRequestContent', 'The sku of the account is required.');
  },
  complete(resource, { cloud, before }) {
    const sku = resource.sku as { name: string };
    const location = locationName(String(resource.location));
    resource.sku = { ...sku, tier: sku.name.split('_')[0] };
    const isGeo = /GRS|GZRS/.test(sku.name);
    resource.properties = {
      accessTier: 'Hot',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      minimumTlsVersion: 'TLS1_0',
      networkAcls: { bypass: 'AzureServices', virtualNetworkRules: [], ipRules: [], defaultAction: 'Allow' },
      encryption: { keySource: 'Microsoft.Storage', services: { blob: { enabled: true, keyType: 'Account' } } },
      ...resource.properties,
      creationTime: before?.properties.creationTime ?? new Date().toISOString(),
      primaryLocation: location,
      statusOfPrimary: 'available',
      primaryEndpoints: endpoints(cloud, resource.name),
      privateEndpointConnections: [],
      ...(isGeo && { secondaryLocation: secondaryOf(location), statusOfSecondary: 'available' }),
    };
  },
  children: () => [
    {
      path: 'blobServices/default',
      type: 'blobServices',
      properties: { cors: { corsRules: [] }, deleteRetentionPolicy: { enabled: false } },
    },
  ],
  remove({ id, name }, { cloud }) {
    const text = `The storage account ${name} cannot be deleted: a container of it has a locked immutability policy.`;
    return lockedPolicyIn(cloud, id) && failure(409, 'AccountProtectedFromDeletion', text);
  },
};

const CONTAINER: ResourceType = {
  refuse: ({ name }) =>
    CONTAINER_NAME.test(name)
      ? undefined
      : failure(400, 'ContainerNameInvalid', `The container name '${name}' is not valid.`),
  complete(resource) {
    resource.etag = newTag();
    resource.properties = {
      publicAccess: 'None',
      hasImmutabilityPolicy: false,
      ...resource.properties,
      hasLegalHold: false,
      leaseStatus: 'Unlocked',
      leaseState: 'Available',
      deleted: false,
      remainingRetentionDays: 0,
      defaultEncryptionScope: '$account-encryption-key',
      denyEncryptionScopeOverride: false,
      lastModifiedTime: new Date().toISOString(),
    };
  },
  remove: ({ id }, { cloud }) =>
    lockedPolicyIn(cloud, id) &&
    failure(
      409,
      'ContainerImmutabilityPolicyLocked',
      'The requested operation is not allowed as the container has a locked immutability policy.',
    ),
};

const MANAGEMENT_POLICY: ResourceType = {
  createdStatus: 200,
  complete(resource) {
    resource.properties = { ...resource.properties, lastModifiedTime: new Date().toISOString() };
  },
  absent: (id) => failure(404, 'ManagementPolicyNotFound', `No ManagementPolicy found for account ${id.split('/')[8]}`),
};

/** Types of Microsoft.Storage, by lower-case name. */
export const STORAGE_TYPES: Record<string, ResourceType> = {
  'microsoft.storage/storageaccounts': ACCOUNT,
  'microsoft.storage/storageaccounts/blobservices': { createdStatus: 200 },
  'microsoft.storage/storageaccounts/blobservices/containers': CONTAINER,
  [POLICY_TYPE.toLowerCase()]: IMMUTABILITY,
  'microsoft.storage/storageaccounts/managementpolicies': MANAGEMENT_POLICY,
  'microsoft.storage/storageaccounts/inventorypolicies': { createdStatus: 200 },
};

function usage(cloud: Cloud, location: string): Answer {
  const accounts = Object.values(cloud.state.resources).filter(
    (one) => one.type.toLowerCase() === 'microsoft.storage/storageaccounts' && one.location === locationName(location),
  );
  const name = { value: 'StorageAccounts', localizedValue: 'Storage Accounts' };
  return page([{ unit: 'Count', currentValue: accounts.length, limit: ACCOUNTS_PER_REGION, name }]);
}

/** How many accounts there are and may be in a region. */
export function storageRoutes(cloud: Cloud): Route[] {
  const usages = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Storage/locations/{location}/usages`;
  return [{ method: 'GET', path: usages, handle: (_request, { location = '' }) => usage(cloud, location) }];
}
