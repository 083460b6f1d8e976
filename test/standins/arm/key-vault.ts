import type { Cloud } from './cloud.ts';
import { endpointOf } from './cloud.ts';
import { failure, type Json, ok, page, type Route } from './http.ts';
import { SUBSCRIPTION_ID } from './identities.ts';
import type { ResourceType } from './resource-types.ts';
import type { Resource } from './state.ts';

const VAULT_NAME = /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/;
const DAY_MS = 24 * 60 * 60 * 1000;

export const vaultNameFault = (name: string) =>
  VAULT_NAME.test(name)
    ? undefined
    : `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`;

/** What is left of a removed vault until it is purged. */
function softDelete(cloud: Cloud, vault: Resource): void {
  const days = Number(vault.properties.softDeleteRetentionInDays);
  const location = String(vault.location);
  cloud.state.deletedVaults[vault.name.toLowerCase()] = {
    id: `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault.name}`,
    name: vault.name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: vault.id,
      location,
      tags: vault.tags ?? {},
      deletionDate: new Date().toISOString(),
      scheduledPurgeDate: new Date(Date.now() + days * DAY_MS).toISOString(),
      ...(vault.properties.enablePurgeProtection ? { purgeProtectionEnabled: true } : {}),
    },
  };
}

const VAULT: ResourceType = {
  needsLocation: true,
  refuse({ name, properties }, { cloud, before }) {
    const words = vaultNameFault(name);
    if (words) return failure(400, 'VaultNameNotValid', words);
    if (!before && cloud.takenNames.has(name.toLowerCase())) {
      return failure(409, 'VaultAlreadyExists', `The vault name '${name}' is already in use.`);
    }
    const isRecovery = properties.createMode === 'recover';
    if (cloud.state.deletedVaults[name.toLowerCase()] && !isRecovery) {
      const text =
        'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault.';
      return failure(409, 'ConflictError', text);
    }
    return undefined;
  },
  complete(resource, { cloud }) {
    resource.properties = {
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: false,
      accessPolicies: [],
      publicNetworkAccess: 'Enabled',
      ...resource.properties,
      vaultUri: endpointOf(cloud.endpoints.vault, resource.name),
      provisioningState: 'Succeeded',
    };
    delete resource.properties.createMode;
    delete cloud.state.deletedVaults[resource.name.toLowerCase()];
  },
  remove(resource, { cloud }) {
    softDelete(cloud, resource);
    return undefined;
  },
};

export const KEY_VAULT_TYPES: Record<string, ResourceType> = { 'microsoft.keyvault/vaults': VAULT };

function purge(cloud: Cloud, name: string) {
  const vault = cloud.state.deletedVaults[name.toLowerCase()];
  if (!vault) return deletedVaultMissing(name);
  if (vault.properties.purgeProtectionEnabled) {
    return failure(
      400,
      'DeletedVaultPurgeNotAllowed',
      `The vault '${name}' has purge protection; it stays until its scheduled date.`,
    );
  }
  delete cloud.state.deletedVaults[name.toLowerCase()];
  return { status: 200 };
}

const deletedVaultMissing = (name: string) =>
  failure(404, 'DeletedVaultNotFound', `The specified deleted vault '${name}' does not exist.`);

/** Vaults that were removed and still hold their name. */
export function keyVaultRoutes(cloud: Cloud): Route[] {
  const root = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault`;
  const one = `${root}/locations/{location}/deletedVaults/{name}`;
  const show = (name = ''): Json | undefined => cloud.state.deletedVaults[name.toLowerCase()];
  return [
    { method: 'GET', path: `${root}/deletedVaults`, handle: () => page(Object.values(cloud.state.deletedVaults)) },
    {
      method: 'GET',
      path: one,
      handle: (_request, { name = '' }) => (show(name) ? ok(show(name)) : deletedVaultMissing(name)),
    },
    { method: 'POST', path: `${one}/purge`, handle: (_request, { name = '' }) => purge(cloud, name) },
  ];
}
