import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createCloud } from '../../../../../../src/adapters/azure/create-cloud.ts';
import type { Context } from '../../../../../../src/context.ts';
import type { Environment } from '../../../../../../src/stages/provision/environment.ts';
import type { PreflightOptions } from '../../../../../../src/stages/provision/preflight/check.ts';
import { preflight, preflightError } from '../../../../../../src/stages/provision/preflight/preflight.ts';
import { preflightReport } from '../../../../../../src/stages/provision/preflight/preflight-report.ts';
import {
  ANSWERS,
  assignment,
  azureAnswers,
  CALLER,
  demoEnvironment,
  SECRET_SIGNATURE,
  SUBSCRIPTION,
  TENANT,
} from '../../../../../helpers/azure-answers.ts';
import { AZ_SAYS, type AzAnswer, fakeAz } from '../../../../../helpers/fake-az.ts';
import { fakeCloud } from '../../../../../helpers/fake-cloud.ts';
import { quietContext } from '../../../../../helpers/quiet-context.ts';

type Changes = Partial<Record<keyof typeof ANSWERS, Omit<AzAnswer, 'when'>>>;

interface Case {
  check: string;
  state: 'ok' | 'warning' | 'failed' | 'skipped';
  detail: RegExp;
  next?: RegExp;
  answers?: Changes;
  environment?: Partial<Environment>;
  options?: PreflightOptions;
  az?: string | undefined;
  terraform?: string | undefined;
  nameFree?: { free: boolean; reason?: string };
}

const contextOf = (cloud: Context['cloud'], terraform: string | undefined = '1.11.4'): Context => {
  const context = quietContext('/nowhere');
  return {
    ...context,
    cloud,
    terraform: { ...context.terraform, version: async () => terraform },
    now: () => new Date('2026-03-01T00:00:00Z'),
  };
};

async function rowOf(one: Case) {
  const management = { namespaceNameFree: async () => one.nameFree ?? { free: true } };
  const version = 'az' in one ? one.az : '2.45.0';
  const context = contextOf(fakeCloud(azureAnswers(one.answers), { version, management }));
  if ('terraform' in one) context.terraform.version = async () => one.terraform;
  const report = await preflight(demoEnvironment(one.environment), context, one.options);
  return { report, row: report.rows.find(({ name }) => name === one.check)! };
}

const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const ACCESS_ADMINISTRATOR = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
const RBAC_ADMINISTRATOR = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168';
const OWN_ROLE = '77777777-7777-7777-7777-777777777777';

const roles = (...assignments: object[]) => ({ roles: { json: { value: assignments } } });
const customRole = (actions: string[], notActions: string[] = []) => ({
  customRoles: {
    json: {
      value: [
        { id: `/x/${OWN_ROLE}`, name: OWN_ROLE, properties: { roleName: 'x', permissions: [{ actions, notActions }] } },
      ],
    },
  },
});

const subscriptionIs = (state: string) => ({
  subscription: { json: { subscriptionId: SUBSCRIPTION, displayName: 'Shop', state } },
});

const resource = (type: string, name: string, group: string) => ({
  id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${name}`,
  name,
  type,
  location: 'westeurope',
});
const resources = (...value: object[]) => ({ resources: { json: { value } } });

const names = demoEnvironment().names;

const deletedVault = (more: { group?: string; location?: string; protection?: boolean | null }) => ({
  deletedVaults: {
    json: [
      {
        name: names.keyVault,
        properties: {
          vaultId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/${more.group ?? 'rg-other'}/providers/Microsoft.KeyVault/vaults/${names.keyVault}`,
          location: more.location ?? 'westeurope',
          scheduledPurgeDate: '2026-05-30T10:00:00+00:00',
          purgeProtectionEnabled: more.protection ?? null,
        },
      },
    ],
  },
});

const unregistered = (...missing: string[]) => ({
  providers: {
    json: ANSWERS.providers.json.map((one) =>
      missing.includes(one.namespace) ? { ...one, state: 'NotRegistered' } : one,
    ),
  },
});

const CASES: Record<string, Case> = {
  'terraform as it should be': { check: 'terraform', state: 'ok', detail: /^1\.11\.4$/ },
  'terraform that is not there': {
    check: 'terraform',
    state: 'failed',
    detail: /not installed/,
    next: /developer\.hashicorp\.com/,
    terraform: undefined,
  },
  'terraform of another age': {
    check: 'terraform',
    state: 'failed',
    detail: /1\.9\.8 is too old, 1\.11/,
    terraform: '1.9.8',
  },
  'az as it should be': { check: 'az', state: 'ok', detail: /^2\.45\.0$/ },
  'az that is not there': {
    check: 'az',
    state: 'failed',
    detail: /not installed/,
    next: /microsoft\.com/,
    az: undefined,
  },
  'az of another age': { check: 'az', state: 'failed', detail: /2\.30\.0 is too old, 2\.45/, az: '2.30.0' },
  'without az nobody is asked for the login': {
    check: 'login',
    state: 'skipped',
    detail: /because of "az"/,
    az: undefined,
  },

  'a person': { check: 'login', state: 'ok', detail: /^ada@example\.org \(a person\)$/ },
  'a pipeline': {
    check: 'login',
    state: 'ok',
    detail: /a service principal/,
    answers: { account: { json: { ...ANSWERS.account.json, user: { name: 'x', type: 'servicePrincipal' } } } },
  },
  nobody: {
    check: 'login',
    state: 'failed',
    detail: /Please run 'az login'/,
    next: new RegExp(`^az login --tenant ${TENANT}$`),
    answers: { account: { stderr: AZ_SAYS.notLoggedIn }, token: { stderr: AZ_SAYS.notLoggedIn } },
  },
  'a login that has expired, although az remembers the account': {
    check: 'login',
    state: 'failed',
    detail: /AADSTS700082: The refresh token has expired/,
    next: /^az login/,
    answers: { token: { stderr: AZ_SAYS.expired } },
  },
  'a login that does not reach the subscription': {
    check: 'login',
    state: 'failed',
    detail: /does not reach the subscription/,
    next: /az account list/,
    answers: { account: { stderr: AZ_SAYS.unknownSubscription } },
  },
  'a token that nobody can read': {
    check: 'login',
    state: 'failed',
    detail: /does not say who it is for/,
    answers: { token: { json: { accessToken: 'opaque' } } },
  },

  'an enabled subscription': { check: 'subscription', state: 'ok', detail: /^Shop$/ },
  'a subscription with a bill unpaid': {
    check: 'subscription',
    state: 'warning',
    detail: /PastDue/,
    answers: subscriptionIs('PastDue'),
  },
  'a disabled subscription': {
    check: 'subscription',
    state: 'failed',
    detail: /Disabled/,
    answers: subscriptionIs('Disabled'),
  },
  'a subscription that may not be read': {
    check: 'subscription',
    state: 'failed',
    detail: /cannot be read/,
    answers: { subscription: { stderr: AZ_SAYS.denied } },
  },
  'the wrong subscription': {
    check: 'subscription',
    state: 'failed',
    detail: /answers for the subscription 9/,
    answers: { subscription: { json: { subscriptionId: '9', displayName: 'x', state: 'Enabled' } } },
  },
  'what hangs on the subscription is not looked at': {
    check: 'key vault name',
    state: 'skipped',
    detail: /because of "subscription"/,
    answers: subscriptionIs('Disabled'),
  },
  'the tenant': { check: 'tenant', state: 'ok', detail: new RegExp(TENANT) },
  'another tenant': {
    check: 'tenant',
    state: 'failed',
    detail: /belongs to the tenant 1{8}/,
    next: /^az login --tenant 44444444/,
    environment: { tenantId: '44444444-4444-4444-4444-444444444444' },
  },

  'registered providers, however they are written': { check: 'resource providers', state: 'ok', detail: /all 7 are/ },
  'providers that will be registered': {
    check: 'resource providers',
    state: 'ok',
    detail: /^Microsoft\.EventHub: registered before/,
    answers: unregistered('Microsoft.EventHub'),
  },
  'providers that a plan does not register': {
    check: 'resource providers',
    state: 'warning',
    detail: /^not registered: Microsoft\.Network$/,
    environment: { privateEndpointSubnetId: '/subscriptions/x' },
    options: { planOnly: true },
  },
  'providers that may not be listed': {
    check: 'resource providers',
    state: 'warning',
    detail: /cannot be told: .*AuthorizationFailed/,
    answers: { providers: { stderr: AZ_SAYS.denied } },
  },

  'an owner': { check: 'right to assign roles', state: 'ok', detail: /subscription/ },
  'an owner of a management group above': {
    check: 'right to assign roles',
    state: 'ok',
    detail: /inherited/,
    answers: roles(assignment(RBAC_ADMINISTRATOR, { scope: '/providers/Microsoft.Management/managementGroups/shop' })),
  },
  'a contributor makes resources': {
    check: 'right to make resources',
    state: 'ok',
    detail: /subscription/,
    answers: roles(assignment(CONTRIBUTOR)),
  },
  'a contributor assigns no roles': {
    check: 'right to assign roles',
    state: 'failed',
    detail: /ada@example\.org may not assign roles/,
    next: /Role Based Access Control Administrator/,
    answers: roles(assignment(CONTRIBUTOR)),
  },
  'an access administrator makes no resources': {
    check: 'right to make resources',
    state: 'failed',
    detail: /neither Owner nor Contributor/,
    answers: roles(assignment(ACCESS_ADMINISTRATOR)),
  },
  'a right below, in another group, is none': {
    check: 'right to assign roles',
    state: 'failed',
    detail: /may not/,
    answers: roles(
      assignment(ACCESS_ADMINISTRATOR, { scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-oms-demo-2` }),
    ),
  },
  'a right on the resource group alone': {
    check: 'right to assign roles',
    state: 'warning',
    detail: /rg-oms-demo alone/,
    answers: roles(
      assignment(ACCESS_ADMINISTRATOR, { scope: `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-oms-demo` }),
    ),
  },
  'a right with a condition': {
    check: 'right to assign roles',
    state: 'warning',
    detail: /condition/,
    answers: roles(assignment(RBAC_ADMINISTRATOR, { condition: "((!(ActionMatches{'x'})))" })),
  },
  "a role of the company's own with the right": {
    check: 'right to assign roles',
    state: 'ok',
    detail: /subscription/,
    answers: { ...roles(assignment(OWN_ROLE)), ...customRole(['Microsoft.Authorization/*']) },
  },
  "a role of the company's own that takes the right away": {
    check: 'right to assign roles',
    state: 'failed',
    detail: /may not/,
    answers: { ...roles(assignment(OWN_ROLE)), ...customRole(['*'], ['Microsoft.Authorization/*/Write']) },
  },
  'whoever may make resources and assign roles sets no locks': {
    check: 'right to set locks',
    state: 'failed',
    detail: /may not set locks/,
    next: /Locks Contributor/,
    answers: roles(assignment(CONTRIBUTOR), assignment(RBAC_ADMINISTRATOR)),
  },
  'an access administrator sets them': {
    check: 'right to set locks',
    state: 'ok',
    detail: /subscription/,
    answers: roles(assignment(ACCESS_ADMINISTRATOR)),
  },
  'rights that may not be read': {
    check: 'right to assign roles',
    state: 'warning',
    detail: /cannot be told/,
    answers: { roles: { stderr: AZ_SAYS.denied } },
  },

  'a region': { check: 'region', state: 'ok', detail: /^West Europe$/ },
  'no region': {
    check: 'region',
    state: 'failed',
    detail: /no region "atlantis"/,
    environment: { region: 'atlantis' },
  },
  'a geography': { check: 'region', state: 'failed', detail: /no region "europe"/, environment: { region: 'europe' } },
  'a region without Event Hubs': {
    check: 'region',
    state: 'failed',
    detail: /Qatar Central does not offer Event Hubs, storage accounts, key vaults/,
    environment: { region: 'qatarcentral' },
  },
  'a region with zones': { check: 'availability zones', state: 'ok', detail: /zones/ },
  'a region without zones': {
    check: 'availability zones',
    state: 'warning',
    detail: /Germany North is not known/,
    next: /--secondary-region/,
    environment: { region: 'germanynorth' },
  },
  'zones of a region nobody has': {
    check: 'availability zones',
    state: 'skipped',
    detail: /because of "region"/,
    environment: { region: 'atlantis' },
  },
  'an archive with the Archive tier': {
    check: 'archive redundancy',
    state: 'ok',
    detail: /northeurope; .*Archive tier/,
  },
  'an archive over zones': {
    check: 'archive redundancy',
    state: 'ok',
    detail: /Cold tier/,
    environment: { archiveRedundancy: 'RAGZRS' },
  },
  'an archive over zones that are not there': {
    check: 'archive redundancy',
    state: 'failed',
    detail: /no RA-GZRS storage in Germany North/,
    next: /RAGRS/,
    environment: { archiveRedundancy: 'RAGZRS', region: 'germanynorth' },
  },
  'an archive in a region without a pair': {
    check: 'archive redundancy',
    state: 'failed',
    detail: /West Europe has no paired region/,
    answers: {
      locations: {
        json: { value: [{ name: 'westeurope', displayName: 'West Europe', metadata: { regionType: 'Physical' } }] },
      },
    },
  },
  'a second region': {
    check: 'secondary region',
    state: 'ok',
    detail: /North Europe/,
    environment: { secondaryRegion: 'northeurope' },
  },
  'the same region twice': {
    check: 'secondary region',
    state: 'failed',
    detail: /both regions/,
    environment: { secondaryRegion: 'westeurope' },
  },

  'a namespace name that is free': { check: 'namespace name', state: 'ok', detail: /is free$/ },
  'a namespace name that somebody has': {
    check: 'namespace name',
    state: 'failed',
    detail: /abc123 cannot be had: The specified name is not available/,
    next: /--env/,
    nameFree: { free: false, reason: 'The specified name is not available' },
  },
  'a namespace that is there': {
    check: 'namespace name',
    state: 'ok',
    detail: /already ours/,
    answers: resources(resource('Microsoft.EventHub/Namespaces', names.namespace.toUpperCase(), 'RG-OMS-DEMO')),
    nameFree: { free: false },
  },
  'account names that are free': {
    check: 'storage account names',
    state: 'ok',
    detail: /arch.* is free; .*state.* is free/,
  },
  'an account name that somebody has': {
    check: 'storage account names',
    state: 'failed',
    detail: /already taken/,
    answers: {
      storageName: {
        json: { nameAvailable: false, reason: 'AlreadyExists', message: 'The account is already taken.' },
      },
    },
  },
  'an account of another group of ours': {
    check: 'storage account names',
    state: 'failed',
    detail: /resource group rg-elsewhere of this subscription$/,
    answers: resources(resource('Microsoft.Storage/storageAccounts', names.filesAccount, 'rg-elsewhere')),
  },
  'a vault name that is free': { check: 'key vault name', state: 'ok', detail: /is free/ },
  'a vault name that somebody has': {
    check: 'key vault name',
    state: 'failed',
    detail: /in use/,
    answers: { vaultName: { json: { nameAvailable: false, reason: 'AlreadyExists', message: 'The name is in use.' } } },
  },
  'a deleted vault of ours': {
    check: 'key vault name',
    state: 'warning',
    detail: /is brought back/,
    answers: deletedVault({ group: 'rg-oms-demo', protection: true }),
  },
  'a deleted vault of another group': {
    check: 'key vault name',
    state: 'failed',
    detail: /rg-other in westeurope keeps the name .* until 2026-05-30$/,
    next: /az keyvault purge --name kv-oms-demo-abc123 --location westeurope/,
    answers: deletedVault({}),
  },
  'a deleted vault of another region that may not be purged': {
    check: 'key vault name',
    state: 'failed',
    detail: /cannot be purged before$/,
    next: /az keyvault recover/,
    answers: deletedVault({ group: 'rg-oms-demo', location: 'northeurope', protection: true }),
  },

  'room for namespaces': { check: 'namespace quota', state: 'ok', detail: /^0 of 1000/ },
  'no room for namespaces': {
    check: 'namespace quota',
    state: 'warning',
    detail: /documented limit/,
    answers: resources(
      ...Array.from({ length: 1_000 }, (_, index) => resource('Microsoft.EventHub/namespaces', `n${index}`, 'rg')),
    ),
  },
  'room for accounts': { check: 'storage account quota', state: 'ok', detail: /^12 of 250/ },
  'scarcely room for accounts': {
    check: 'storage account quota',
    state: 'warning',
    detail: /^247 of 250/,
    answers: { usage: { json: { currentValue: 247, limit: 250 } } },
  },
  'no room for accounts': {
    check: 'storage account quota',
    state: 'failed',
    detail: /3 more are needed and 249 of 250/,
    answers: { usage: { json: { currentValue: 249, limit: 250 } } },
  },
  'room for accounts that are there': {
    check: 'storage account quota',
    state: 'ok',
    detail: /nothing is added/,
    environment: { state: { kind: 'local' } },
    answers: resources(
      resource('Microsoft.Storage/storageAccounts', names.archiveAccount, 'rg-oms-demo'),
      resource('Microsoft.Storage/storageAccounts', names.filesAccount, 'rg-oms-demo'),
    ),
  },

  'nothing to sign in with': {
    check: 'certificate',
    state: 'warning',
    detail: /nothing to sign in/,
    next: /--certificate/,
  },
  'a principal that is given': {
    check: 'certificate',
    state: 'ok',
    detail: /service principal/,
    environment: { applicationObjectId: CALLER },
  },
  'shared access keys': { check: 'certificate', state: 'ok', detail: /keys/, environment: { sasFallback: true } },
  'a certificate that is not there': {
    check: 'certificate',
    state: 'failed',
    detail: /\/no\/such\.crt cannot be used: ENOENT/,
    next: /openssl/,
    options: { certificateFile: '/no/such.crt' },
  },
};

suite('preflight', () => {
  for (const [title, one] of Object.entries(CASES)) {
    test(`${one.check}: ${title}`, async () => {
      const { row } = await rowOf(one);
      assert.equal(row.state, one.state, row.detail);
      assert.match(row.detail, one.detail);
      if (one.next) assert.match(row.next.join('\n'), one.next);
    });
  }

  test('a healthy subscription: who it is, which cloud, and each fact asked for once', async () => {
    const cloud = fakeCloud(azureAnswers());
    const report = await preflight(demoEnvironment(), contextOf(cloud));
    assert.ok(report.ok);
    assert.deepEqual(report.account, {
      subscriptionId: SUBSCRIPTION,
      subscriptionName: 'Shop',
      tenantId: TENANT,
      objectId: CALLER,
      userName: 'ada@example.org',
      userType: 'User',
    });
    assert.equal(report.endpoints?.name, 'AzureCloud');
    assert.equal(new Set(cloud.calls.map(String)).size, cloud.calls.length);
    assert.equal(cloud.calls.length, 13);
  });

  test('a second run asks nobody for names that are ours', async () => {
    const there = resources(
      resource('Microsoft.EventHub/namespaces', names.namespace, names.resourceGroup),
      resource('Microsoft.Storage/storageAccounts', names.archiveAccount, names.resourceGroup),
      resource('Microsoft.Storage/storageAccounts', names.filesAccount, names.resourceGroup),
      resource('Microsoft.Storage/storageAccounts', 'stomsstateabc123', 'rg-oms-state'),
      resource('Microsoft.KeyVault/vaults', names.keyVault, names.resourceGroup),
    );
    const cloud = fakeCloud(azureAnswers(there));
    assert.ok((await preflight(demoEnvironment(), contextOf(cloud))).ok);
    assert.equal(cloud.calls.length, 7);
  });

  test('lists are read page by page', async () => {
    const next = `https://management.azure.com/subscriptions/${SUBSCRIPTION}/resources?%24skiptoken=2`;
    const cloud = fakeCloud([
      { when: next, json: { value: [resource('Microsoft.KeyVault/vaults', names.keyVault, names.resourceGroup)] } },
      ...azureAnswers({ resources: { json: { value: [], nextLink: next } } }),
    ]);
    const { rows } = await preflight(demoEnvironment(), contextOf(cloud));
    assert.match(rows.find(({ name }) => name === 'key vault name')!.detail, /already ours/);
  });

  test('what is wrong decides the exit code: tools and login are missing, the rest is in the environment', async () => {
    const error = async (one: Partial<Case>) => {
      const { report } = await rowOf({ check: '', state: 'ok', detail: /./, ...one });
      assert.equal(report.ok, false);
      return preflightError(report);
    };
    const codes = [
      await error({ az: undefined }),
      await error({ answers: { token: { stderr: AZ_SAYS.expired } } }),
      await error({ environment: { region: 'atlantis' } }),
    ].map(({ code, exitCode }) => `${code} ${exitCode}`);
    assert.deepEqual(codes, ['tool_missing 4', 'login_missing 4', 'preflight_failed 5']);
  });

  test('an interruption is thrown', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    const context = { ...contextOf(fakeCloud(azureAnswers())), signal: abort.signal };
    await assert.rejects(preflight(demoEnvironment(), context), { message: 'enough' });
  });

  test('the report: a table, warnings, failures, a verdict, and nothing is cut that has to be acted on', async () => {
    const { report } = await rowOf({
      check: '',
      state: 'ok',
      detail: /./,
      answers: deletedVault({}),
      terraform: undefined,
    });
    const text = preflightReport(report, { width: 80, style: (_, word) => word });
    const lines = text.split('\n');
    const table = lines.slice(0, lines.indexOf(''));
    assert.ok(table.every((line) => line.length <= 80));
    assert.equal(table.length, report.rows.length + 2);
    assert.deepEqual(lines.slice(lines.indexOf('') + 1), [
      'warning certificate: the apps on-prem have nothing to sign in with',
      '  next  --certificate FILE, --principal ID or --sas-fallback',
      'failed terraform: terraform is not installed, or not on PATH',
      '  next  https://developer.hashicorp.com/terraform/install',
      'failed key vault name: a deleted vault of the resource group rg-other in westeurope keeps the name kv-oms-demo-abc123 until 2026-05-30',
      '  next  az keyvault purge --name kv-oms-demo-abc123 --location westeurope',
      '  next  az keyvault recover --name kv-oms-demo-abc123',
      '  next  oms provision --env ANOTHER-NAME',
      '',
      'Not ready: 2 of 18 checks failed, 1 warning.',
    ]);
  });

  test('with az as a program: every answer fits, and no token is in what it was called with or in the report', async (t) => {
    const az = fakeAz(t, azureAnswers());
    const cloud = { ...createCloud(), management: fakeCloud([]).management };
    const report = await preflight(demoEnvironment(), contextOf(cloud));
    assert.deepEqual(
      report.rows.filter(({ state }) => state !== 'ok').map(({ name }) => name),
      ['certificate'],
    );
    assert.doesNotMatch(az.record() + JSON.stringify(report), new RegExp(SECRET_SIGNATURE));
    for (const { args } of az.calls()) assert.doesNotMatch(args.join(' '), /\beyJ/);
  });
});
