import { randomBytes } from 'node:crypto';
import { type Cloud, endpointOf } from './cloud.ts';
import { type Answer, type ArmRequest, failure, type Json, ok, page, type Route } from './http.ts';
import { SUBSCRIPTION_ID, TENANT_ID } from './identities.ts';
import { LOCATIONS, locationName } from './locations.ts';
import type { ResourceType } from './resource-types.ts';
import type { Resource } from './state.ts';

const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;
const CONTAINER_NAME = /^(?:\$root|\$web|[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62})$/;
/** 400 years. */
const LONGEST_DAYS = 146_000;

export const accountNameFault = (name: string) =>
  ACCOUNT_NAME.test(name)
    ? undefined
    : `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.`;

/** Azure's default quota. */
const ACCOUNTS_PER_REGION = 250;

const newTag = () => `"0x8D${randomBytes(6).toString('hex').toUpperCase()}"`;
const isNested = (resource: Resource, id: string) => resource.id.toLowerCase().startsWith(`${id.toLowerCase()}/`);
const policyType = 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies';

function lockedPolicyIn(cloud: Cloud, id: string): Resource | undefined {
  return Object.values(cloud.state.resources).find(
    (one) =>
      one.type.toLowerCase() === policyType.toLowerCase() && isNested(one, id) && one.properties.state === 'Locked',
  );
}

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

const wrongTag = () =>
  failure(
    412,
    'ContainerImmutabilityPolicyFailure',
    'Operation not allowed on immutability policy with incorrect etag.',
  );
const lockedAlready = () =>
  failure(409, 'ContainerImmutabilityPolicyFailure', 'Operation not allowed on a locked immutability policy.');

const tagFits = (request: ArmRequest, policy: Resource) =>
  ['*', policy.etag].includes(request.headers['if-match'] as string);

/** A container tells of its policy too. */
function noteOnContainer(cloud: Cloud, policy: Resource, update: string): void {
  const container = cloud.state.resources[policy.id.toLowerCase().split('/').slice(0, -2).join('/')];
  if (!container) return;
  const { state, ...rest } = policy.properties;
  const isThere = state !== 'Deleted';
  const days = policy.properties.immutabilityPeriodSinceCreationInDays;
  const history = ((container.properties.immutabilityPolicy as Json | undefined)?.updateHistory ?? []) as Json[];
  const entry = {
    update,
    immutabilityPeriodSinceCreationInDays: days,
    timestamp: new Date().toISOString(),
    tenantId: TENANT_ID,
  };
  container.properties.hasImmutabilityPolicy = isThere;
  if (isThere) {
    const updateHistory = [...history, entry];
    container.properties.immutabilityPolicy = { etag: policy.etag, updateHistory, properties: { ...rest, state } };
  } else delete container.properties.immutabilityPolicy;
}

const IMMUTABILITY: ResourceType = {
  createdStatus: 200,
  refuse({ properties }, { request, before }) {
    const days = Number(properties.immutabilityPeriodSinceCreationInDays);
    if (!(days >= 1 && days <= LONGEST_DAYS)) {
      return failure(
        400,
        'InvalidRequestPropertyValue',
        `The retention of ${days} days is not between 1 and ${LONGEST_DAYS}.`,
      );
    }
    if (before && request.headers['if-match'] && !tagFits(request, before)) return wrongTag();
    return before?.properties.state === 'Locked' ? lockedAlready() : undefined;
  },
  complete(resource) {
    resource.etag = newTag();
    const defaults = { allowProtectedAppendWrites: false, allowProtectedAppendWritesAll: false };
    resource.properties = { ...defaults, ...resource.properties, state: 'Unlocked' };
  },
  stored: (resource, { cloud }) => noteOnContainer(cloud, resource, 'put'),
  remove(resource, { cloud, request }) {
    if (!tagFits(request, resource)) return wrongTag();
    if (resource.properties.state === 'Locked') return lockedAlready();
    delete cloud.state.resources[resource.id.toLowerCase()];
    const gone = nonePolicy(resource.id, resource.name);
    noteOnContainer(cloud, gone, 'delete');
    return ok(gone);
  },
  absent: (id, name) => ok(nonePolicy(id, name)),
};

/** A container without a policy has one that says so. */
const nonePolicy = (id: string, name: string): Resource => ({
  id,
  name,
  type: policyType,
  etag: '',
  properties: { immutabilityPeriodSinceCreationInDays: 0, state: 'Deleted' },
});

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
  [policyType.toLowerCase()]: IMMUTABILITY,
  'microsoft.storage/storageaccounts/managementpolicies': MANAGEMENT_POLICY,
  'microsoft.storage/storageaccounts/inventorypolicies': { createdStatus: 200 },
};

function changePolicy(cloud: Cloud, request: ArmRequest, update: 'lock' | 'extend'): Answer {
  const policy = cloud.state.resources[request.path.toLowerCase().split('/').slice(0, -1).join('/')];
  if (!policy) return failure(404, 'ContainerImmutabilityPolicyNotFound', 'The container has no immutability policy.');
  if (!tagFits(request, policy)) return wrongTag();
  const days = Number(((request.body.properties ?? {}) as Json).immutabilityPeriodSinceCreationInDays);
  const isLonger = days > Number(policy.properties.immutabilityPeriodSinceCreationInDays);
  if (update === 'extend') {
    if (policy.properties.state !== 'Locked' || !isLonger) return lockedAlready();
    policy.properties.immutabilityPeriodSinceCreationInDays = days;
  }
  policy.properties.state = 'Locked';
  policy.etag = newTag();
  noteOnContainer(cloud, policy, update);
  return { status: 200, body: policy, headers: { etag: String(policy.etag) } };
}

function usage(cloud: Cloud, location: string): Answer {
  const accounts = Object.values(cloud.state.resources).filter(
    (one) => one.type.toLowerCase() === 'microsoft.storage/storageaccounts' && one.location === locationName(location),
  );
  const name = { value: 'StorageAccounts', localizedValue: 'Storage Accounts' };
  return page([{ unit: 'Count', currentValue: accounts.length, limit: ACCOUNTS_PER_REGION, name }]);
}

/**
 * How many accounts there may be, locking a policy, and making a locked one longer; the last two have no way back.
 */
export function storageRoutes(cloud: Cloud): Route[] {
  const policy = '{*container}/immutabilityPolicies/default';
  const usages = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Storage/locations/{location}/usages`;
  return [
    { method: 'GET', path: usages, handle: (_request, { location = '' }) => usage(cloud, location) },
    { method: 'POST', path: `${policy}/lock`, handle: (request) => changePolicy(cloud, request, 'lock') },
    { method: 'POST', path: `${policy}/extend`, handle: (request) => changePolicy(cloud, request, 'extend') },
  ];
}
