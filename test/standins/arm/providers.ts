/** Resource providers with their resource types and the API versions offered, newest first. */
export const PROVIDERS = {
  'Microsoft.EventHub': {
    namespaces: ['2026-01-01', '2024-01-01', '2022-01-01-preview'],
    'namespaces/eventhubs': ['2026-01-01', '2024-01-01', '2022-01-01-preview'],
    checkNameAvailability: ['2024-01-01', '2022-01-01-preview'],
  },
  'Microsoft.Storage': {
    storageAccounts: ['2025-06-01', '2024-01-01', '2022-09-01'],
    'storageAccounts/blobServices': ['2025-06-01', '2024-01-01', '2022-09-01'],
  },
  'Microsoft.KeyVault': { vaults: ['2023-07-01', '2022-07-01'], deletedVaults: ['2023-07-01', '2022-07-01'] },
  'Microsoft.Insights': { metricAlerts: ['2018-03-01'], diagnosticSettings: ['2021-05-01-preview'] },
  'Microsoft.OperationalInsights': { workspaces: ['2023-09-01', '2022-10-01'] },
  'Microsoft.ManagedIdentity': { userAssignedIdentities: ['2023-01-31'] },
  'Microsoft.Consumption': { budgets: ['2023-11-01'] },
  'Microsoft.Network': { privateEndpoints: ['2024-01-01'], virtualNetworks: ['2024-01-01'] },
  'Microsoft.Authorization': {
    roleAssignments: ['2022-04-01'],
    roleDefinitions: ['2022-04-01'],
    locks: ['2020-05-01'],
  },
  'Microsoft.Resources': { resourceGroups: ['2024-11-01', '2021-04-01'], deployments: ['2024-11-01'] },
} as const satisfies Record<string, Record<string, readonly string[]>>;

export type ProviderName = keyof typeof PROVIDERS;

/** Those a subscription has from the start. */
export const ALWAYS_REGISTERED: readonly ProviderName[] = [
  'Microsoft.Authorization',
  'Microsoft.Resources',
  'Microsoft.Consumption',
];
