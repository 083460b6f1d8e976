import { createHash } from 'node:crypto';
import type { ObjectValue } from '../values.ts';

const GROUP = '/subscriptions/{subscription}/resourceGroups/{resource_group_name}';
const NAMESPACE = `${GROUP}/providers/Microsoft.EventHub/namespaces`;
const HUB = `${NAMESPACE}/{namespace_name}/eventhubs/{eventhub_name}`;
const DNS_ZONE = `${GROUP}/providers/Microsoft.Network/privateDnsZones`;

/** What Azure calls a resource, from its arguments. {key} is made from all of them. */
const FORMS: Readonly<Record<string, string>> = {
  azurerm_resource_group: '/subscriptions/{subscription}/resourceGroups/{name}',
  azurerm_eventhub_namespace: `${NAMESPACE}/{name}`,
  azurerm_eventhub: '{namespace_id}/eventhubs/{name}',
  azurerm_eventhub_consumer_group: `${HUB}/consumerGroups/{name}`,
  azurerm_eventhub_authorization_rule: `${HUB}/authorizationRules/{name}`,
  azurerm_eventhub_namespace_authorization_rule: `${NAMESPACE}/{namespace_name}/authorizationRules/{name}`,
  azurerm_eventhub_namespace_customer_managed_key: '{eventhub_namespace_id}',
  azurerm_eventhub_namespace_disaster_recovery_config: `${NAMESPACE}/{namespace_name}/disasterRecoveryConfigs/{name}`,
  azurerm_eventhub_namespace_schema_group: '{namespace_id}/schemaGroups/{name}',
  azurerm_eventhub_cluster: `${GROUP}/providers/Microsoft.EventHub/clusters/{name}`,
  azurerm_storage_account: `${GROUP}/providers/Microsoft.Storage/storageAccounts/{name}`,
  azurerm_storage_account_network_rules: '{storage_account_id}',
  azurerm_storage_container: '{storage_account_id}/blobServices/default/containers/{name}',
  azurerm_storage_container_immutability_policy: '{storage_container_resource_manager_id}/immutabilityPolicies/default',
  azurerm_storage_management_policy: '{storage_account_id}/managementPolicies/default',
  azurerm_storage_blob_inventory_policy: '{storage_account_id}',
  azurerm_key_vault: `${GROUP}/providers/Microsoft.KeyVault/vaults/{name}`,
  azurerm_key_vault_key: 'https://{vault}.vault.azure.net/keys/{name}/{key}',
  azurerm_key_vault_secret: 'https://{vault}.vault.azure.net/secrets/{name}/{key}',
  azurerm_user_assigned_identity: `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}`,
  azurerm_role_assignment: '{scope}/providers/Microsoft.Authorization/roleAssignments/{guid}',
  azurerm_management_lock: '{scope}/providers/Microsoft.Authorization/locks/{name}',
  azurerm_monitor_diagnostic_setting: '{target_resource_id}|{name}',
  azurerm_monitor_action_group: `${GROUP}/providers/Microsoft.Insights/actionGroups/{name}`,
  azurerm_monitor_metric_alert: `${GROUP}/providers/Microsoft.Insights/metricAlerts/{name}`,
  azurerm_monitor_scheduled_query_rules_alert_v2: `${GROUP}/providers/Microsoft.Insights/scheduledQueryRules/{name}`,
  azurerm_monitor_activity_log_alert: `${GROUP}/providers/Microsoft.Insights/activityLogAlerts/{name}`,
  azurerm_log_analytics_workspace: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{name}`,
  azurerm_consumption_budget_resource_group: '{resource_group_id}/providers/Microsoft.Consumption/budgets/{name}',
  azurerm_private_endpoint: `${GROUP}/providers/Microsoft.Network/privateEndpoints/{name}`,
  azurerm_private_dns_zone: `${DNS_ZONE}/{name}`,
  azurerm_private_dns_zone_virtual_network_link: '{private_dns_zone_id}/virtualNetworkLinks/{name}',
  azurerm_virtual_network: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{name}`,
  azurerm_subnet: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtual_network_name}/subnets/{name}`,
  azurerm_network_security_group: `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/{name}`,
};

/** Of types without a form of their own; it says itself that Azure would call it otherwise. */
const OTHER_FORM = `${GROUP}/providers/StandIn.Unknown/{type}/{name}`;

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** A GUID that is always the same for the same text. */
export function guidOf(text: string): string {
  const hex = digest(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Last part of an id: what the resource is called. */
export function lastPart(id: unknown): string {
  return String(id).split('/').at(-1)!;
}

/** What tells one role assignment, secret or nameless resource from another. */
function keyText(type: string, value: ObjectValue): string {
  const names = ['scope', 'principal_id', 'role_definition_name', 'key_vault_id', 'name', 'value_wo_version'];
  return [type, ...names.map((name) => String(value[name] ?? ''))].join('|');
}

/** The id Azure would give. */
export function resourceId(type: string, value: ObjectValue, subscription: string): string {
  const known: Record<string, string> = {
    subscription,
    type,
    vault: lastPart(value.key_vault_id),
    key: digest(keyText(type, value)).slice(0, 32),
    guid: guidOf(keyText(type, value)),
  };
  return (FORMS[type] ?? OTHER_FORM).replace(/\{(\w+)\}/g, (_match, name) => known[name] ?? String(value[name] ?? ''));
}
