import type { Environment } from '../../src/stages/provision/environment.ts';
import type { AzAnswer } from './fake-az.ts';

export const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
export const TENANT = '11111111-1111-1111-1111-111111111111';
export const CALLER = '33333333-3333-3333-3333-333333333333';

/** Has to appear nowhere. */
export const SECRET_SIGNATURE = 'c2lnbmF0dXJlLW9mLWEtdG9rZW4';

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as Entra ID makes them, with a signature that nobody checks. */
export const token = (claims: object) => `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${SECRET_SIGNATURE}`;

/** An environment called demo in West Europe. */
export function demoEnvironment(changes: Partial<Environment> = {}): Environment {
  return {
    version: 1,
    name: 'demo',
    subscriptionId: SUBSCRIPTION,
    tenantId: TENANT,
    region: 'westeurope',
    secondaryRegion: null,
    workload: { rate: 5_000, eventBytes: 1_024, eventsPerOrder: 1, consumers: 1 },
    capacity: { sku: 'Standard', units: 6, maximumUnits: 12, partitions: 8 },
    names: {
      resourceGroup: 'rg-oms-demo',
      namespace: 'evhns-oms-demo-abc123',
      archiveAccount: 'stomsarchdemoabc123',
      filesAccount: 'stomsfiledemoabc123',
      keyVault: 'kv-oms-demo-abc123',
      logWorkspace: 'log-oms-demo',
      captureIdentity: 'id-oms-capture-demo',
      application: 'oms-demo',
    },
    captureIntervalSeconds: 300,
    archiveRedundancy: 'RAGRS',
    archiveLocked: false,
    allowedRanges: [],
    privateEndpointSubnetId: null,
    customerManagedKey: false,
    alertEmails: [],
    monthlyBudget: null,
    applicationObjectId: null,
    sasFallback: false,
    state: {
      kind: 'azure',
      resourceGroup: 'rg-oms-state',
      account: 'stomsstateabc123',
      container: 'tfstate',
      key: 'demo',
    },
    ...changes,
  };
}

const REGISTERED = ['EventHub', 'Storage', 'KeyVault', 'OperationalInsights', 'ManagedIdentity', 'Consumption'];

/** Answers of a subscription in which everything is as it should be, and nothing is there yet. */
export const ANSWERS = {
  version: { when: 'version', json: { 'azure-cli': '2.45.0', 'azure-cli-core': '2.45.0', extensions: {} } },
  account: {
    when: 'account show',
    json: {
      environmentName: 'AzureCloud',
      id: SUBSCRIPTION,
      isDefault: true,
      name: 'Shop',
      state: 'Enabled',
      tenantId: TENANT,
      user: { name: 'ada@example.org', type: 'user' },
    },
  },
  token: {
    when: 'account get-access-token',
    json: {
      accessToken: token({ aud: 'https://management.azure.com', oid: CALLER, tid: TENANT }),
      expiresOn: '2026-03-01 10:00:00.000000',
      subscription: SUBSCRIPTION,
      tenant: TENANT,
      tokenType: 'Bearer',
    },
  },
  cloud: { when: 'cloud show', json: { name: 'AzureCloud', resourceManager: 'https://management.azure.com/' } },
  subscription: {
    when: `--url /subscriptions/${SUBSCRIPTION}`,
    json: { id: `/subscriptions/${SUBSCRIPTION}`, subscriptionId: SUBSCRIPTION, displayName: 'Shop', state: 'Enabled' },
  },
  providers: {
    when: 'provider list',
    json: [
      ...REGISTERED.map((name) => ({
        namespace: `Microsoft.${name}`,
        state: 'Registered',
        types:
          { EventHub: 'namespaces', Storage: 'storageAccounts', KeyVault: 'vaults' }[name] === undefined
            ? []
            : [
                {
                  type: { EventHub: 'namespaces', Storage: 'storageAccounts', KeyVault: 'vaults' }[name],
                  locations: ['West Europe', 'North Europe', 'Germany North'],
                },
              ],
      })),
      { namespace: 'microsoft.insights', state: 'Registered', types: [] },
      { namespace: 'Microsoft.Network', state: 'NotRegistered', types: [] },
    ],
  },
  locations: {
    when: `--url /subscriptions/${SUBSCRIPTION}/locations`,
    json: {
      value: [
        {
          name: 'westeurope',
          displayName: 'West Europe',
          metadata: { regionType: 'Physical', pairedRegion: [{ name: 'northeurope', id: '/x' }] },
        },
        {
          name: 'northeurope',
          displayName: 'North Europe',
          metadata: { regionType: 'Physical', pairedRegion: [{ name: 'westeurope', id: '/x' }] },
        },
        {
          name: 'germanynorth',
          displayName: 'Germany North',
          metadata: { regionType: 'Physical', pairedRegion: [{ name: 'germanywestcentral', id: '/x' }] },
        },
        { name: 'qatarcentral', displayName: 'Qatar Central', metadata: { regionType: 'Physical', pairedRegion: [] } },
        { name: 'europe', displayName: 'Europe', metadata: { regionType: 'Logical', pairedRegion: null } },
      ],
    },
  },
  roles: {
    when: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments`,
    json: { value: [assignment('8e3af657-a8ff-443c-a75c-2fe8c4bcb635')] },
  },
  customRoles: {
    when: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions`,
    json: { value: [] },
  },
  resources: { when: `/subscriptions/${SUBSCRIPTION}/resources`, json: { value: [] } },
  usage: { when: 'storage account show-usage', json: { currentValue: 12, limit: 250, unit: 'Count' } },
  deletedVaults: { when: 'keyvault list-deleted', json: [] },
  storageName: {
    when: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Storage/checkNameAvailability`,
    json: { nameAvailable: true },
  },
  vaultName: {
    when: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.KeyVault/checkNameAvailability`,
    json: { nameAvailable: true, reason: null, message: null },
  },
} satisfies Record<string, AzAnswer>;

/** A role of the caller; at the subscription unless said otherwise. */
export function assignment(role: string, more: { scope?: string; condition?: string } = {}) {
  const { scope = `/subscriptions/${SUBSCRIPTION}`, condition } = more;
  return {
    properties: {
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: CALLER,
      scope,
      condition: condition ?? null,
    },
  };
}

/** The healthy answers with some of them changed. */
export function azureAnswers(changes: Partial<Record<keyof typeof ANSWERS, Omit<AzAnswer, 'when'>>> = {}): AzAnswer[] {
  return Object.entries(ANSWERS).map(([name, answer]) => {
    const changed = changes[name as keyof typeof ANSWERS];
    return changed ? { when: answer.when, ...changed } : answer;
  });
}
