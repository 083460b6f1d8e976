import type { TypeNotation } from '../schema-types.ts';
import type { ObjectValue } from '../values.ts';
import { guidOf, lastPart, resourceId } from './ids.ts';

/** Whose subscription it is, and where the blob services are. */
export interface Account {
  subscriptionId: string;
  tenantId: string;
  clientId: string;
  objectId: string;
  /** "{name}" stands for the account's name; public Azure's form when there is no stand-in of blob storage. */
  blobEndpoint: string;
}

type Fill = (value: ObjectValue, account: Account) => unknown;

const blobHost = (value: ObjectValue) => `${value.name}.blob.core.windows.net`;
const versionless: Fill = ({ id }) => String(id).split('/').slice(0, -1).join('/');

/** What Azure fills in, where something reads it. */
const RULES: Readonly<Record<string, Fill>> = {
  'azurerm_storage_account.primary_blob_endpoint': ({ name }, { blobEndpoint }) =>
    blobEndpoint.replace('{name}', String(name)),
  'azurerm_storage_account.primary_blob_host': blobHost,
  'azurerm_storage_account.access_tier': () => 'Hot',
  'azurerm_storage_account.primary_location': ({ location }) => location,
  'azurerm_storage_container.has_immutability_policy': () => false,
  'azurerm_storage_container.has_legal_hold': () => false,
  'azurerm_key_vault.vault_uri': ({ name }) => `https://${name}.vault.azure.net/`,
  'azurerm_key_vault_secret.version': ({ id }) => lastPart(id),
  'azurerm_key_vault_secret.versionless_id': versionless,
  'azurerm_key_vault_key.version': ({ id }) => lastPart(id),
  'azurerm_key_vault_key.versionless_id': versionless,
  'azurerm_user_assigned_identity.tenant_id': (_value, { tenantId }) => tenantId,
  'azurerm_role_assignment.name': ({ id }) => lastPart(id),
  'azurerm_role_assignment.principal_type': () => 'ServicePrincipal',
  'azurerm_role_assignment.role_definition_id': (value, { subscriptionId }) =>
    `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guidOf(String(value.role_definition_name))}`,
  'azurerm_log_analytics_workspace.sku': () => 'PerGB2018',
  'azurerm_eventhub.message_retention': () => 7,
  'azurerm_eventhub.partition_ids': ({ partition_count }) =>
    Array.from({ length: Number(partition_count) }, (_, index) => String(index)),
};

/** Resolves a value nobody has given: by rule, or with something of the right type. */
export function fillFor(type: string, value: ObjectValue, account: Account) {
  const id = typeof value.id === 'string' ? value.id : resourceId(type, value, account.subscriptionId);
  return (name: string, notation: TypeNotation): unknown => {
    if (name === 'id') return id;
    const rule = RULES[`${type}.${name}`];
    return rule ? rule({ ...value, id }, account) : emptyOf(name, notation, id);
  };
}

function emptyOf(name: string, notation: TypeNotation, id: string): unknown {
  if (Array.isArray(notation)) return notation[0] === 'map' ? {} : [];
  if (notation === 'bool') return false;
  if (notation === 'number') return 0;
  return name.endsWith('_id') ? guidOf(`${id}|${name}`) : '';
}
