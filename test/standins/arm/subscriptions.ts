import type { Cloud } from './cloud.ts';
import { failure, type Json, ok, page, type Route } from './http.ts';
import { SUBSCRIPTION_ID, TENANT_ID } from './identities.ts';
import { LOCATIONS } from './locations.ts';
import { PROVIDERS, type ProviderName } from './providers.ts';

function metadata(cloud: Cloud) {
  const url = cloud.url();
  return {
    name: 'oms-standin',
    portal: url,
    authentication: { loginEndpoint: url, audiences: [url], tenant: 'common', identityProvider: 'AAD' },
    resourceManager: url,
    graph: url,
    graphAudience: url,
    microsoftGraphResourceId: url,
    gallery: url,
    batch: url,
    media: url,
    sqlManagement: url,
    vmImageAliasDoc: url,
    activeDirectoryDataLake: url,
    suffixes: {
      storage: 'core.windows.net',
      keyVaultDns: 'vault.azure.net',
      sqlServerHostname: 'database.windows.net',
    },
  };
}

const SUBSCRIPTION = {
  id: `/subscriptions/${SUBSCRIPTION_ID}`,
  subscriptionId: SUBSCRIPTION_ID,
  tenantId: TENANT_ID,
  displayName: 'Stand-in subscription',
  state: 'Enabled',
  authorizationSource: 'RoleBased',
  managedByTenants: [],
  subscriptionPolicies: {
    locationPlacementId: 'Public_2014-09-01',
    quotaId: 'PayAsYouGo_2014-09-01',
    spendingLimit: 'Off',
  },
};

const TENANT = {
  id: `/tenants/${TENANT_ID}`,
  tenantId: TENANT_ID,
  displayName: 'Stand-in tenant',
  tenantCategory: 'Home',
};

function location({ name, displayName, paired, zones }: (typeof LOCATIONS)[number]): Json {
  const id = (region: string) => `/subscriptions/${SUBSCRIPTION_ID}/locations/${region}`;
  return {
    id: id(name),
    name,
    type: 'Region',
    displayName,
    regionalDisplayName: displayName,
    metadata: {
      regionType: 'Physical',
      regionCategory: 'Recommended',
      pairedRegion: [{ name: paired, id: id(paired) }],
    },
    ...(zones && {
      availabilityZoneMappings: [1, 2, 3].map((zone) => ({
        logicalZone: `${zone}`,
        physicalZone: `${name}-az${zone}`,
      })),
    }),
  };
}

function provider(cloud: Cloud, namespace: ProviderName): Json {
  const zones = LOCATIONS.filter((one) => one.zones).map((one) => ({
    location: one.displayName,
    zones: ['1', '2', '3'],
  }));
  return {
    id: `/subscriptions/${SUBSCRIPTION_ID}/providers/${namespace}`,
    namespace,
    registrationState: cloud.state.registrations[namespace.toLowerCase()] ?? 'NotRegistered',
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: Object.entries(PROVIDERS[namespace]).map(([resourceType, apiVersions]) => ({
      resourceType,
      apiVersions,
      locations: LOCATIONS.map((one) => one.displayName),
      zoneMappings: zones,
      capabilities: 'SupportsTags, SupportsLocation',
    })),
  };
}

const findProvider = (name: string | undefined) =>
  (Object.keys(PROVIDERS) as ProviderName[]).find((one) => one.toLowerCase() === name?.toLowerCase());

const unknownProvider = (name = '') =>
  failure(404, 'InvalidResourceNamespace', `The resource namespace '${name}' is invalid.`);

function register(cloud: Cloud, name = '') {
  const namespace = findProvider(name);
  if (!namespace) return unknownProvider(name);
  const key = namespace.toLowerCase();
  if (cloud.state.registrations[key] !== 'Registered') cloud.state.registrations[key] = 'Registering';
  return ok(provider(cloud, namespace));
}

/** A registration is through once it has been seen under way. */
function settle(cloud: Cloud): void {
  for (const [key, state] of Object.entries(cloud.state.registrations)) {
    if (state === 'Registering') cloud.state.registrations[key] = 'Registered';
  }
}

function showProvider(cloud: Cloud, name = '') {
  const namespace = findProvider(name);
  if (!namespace) return unknownProvider(name);
  const answer = ok(provider(cloud, namespace));
  settle(cloud);
  return answer;
}

function listProviders(cloud: Cloud) {
  const answer = page((Object.keys(PROVIDERS) as ProviderName[]).map((name) => provider(cloud, name)));
  settle(cloud);
  return answer;
}

/** Asked before anybody has logged in. */
export function metadataRoutes(cloud: Cloud): Route[] {
  return [{ method: 'GET', path: '/metadata/endpoints', handle: () => ok(metadata(cloud)) }];
}

export function subscriptionRoutes(cloud: Cloud): Route[] {
  const root = `/subscriptions/${SUBSCRIPTION_ID}`;
  return [
    { method: 'GET', path: '/tenants', handle: () => page([TENANT]) },
    { method: 'GET', path: '/subscriptions', handle: () => page([SUBSCRIPTION]) },
    { method: 'GET', path: root, handle: () => ok(SUBSCRIPTION) },
    { method: 'GET', path: `${root}/locations`, handle: () => page(LOCATIONS.map(location)) },
    { method: 'GET', path: `${root}/providers`, handle: () => listProviders(cloud) },
    { method: 'GET', path: `${root}/providers/{name}`, handle: (_request, { name }) => showProvider(cloud, name) },
    {
      method: 'POST',
      path: `${root}/providers/{name}/register`,
      handle: (_request, { name }) => register(cloud, name),
    },
  ];
}
