import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createManagement } from '../../../../../src/adapters/azure/management.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import { type Answer, fakeCredential, startArmAnswers } from '../../../../helpers/arm-answers.ts';
import { until } from '../../../../helpers/until.ts';

const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
const NAMESPACE = 'resourceGroups/rg/providers/Microsoft.EventHub/namespaces/ns';
const ACCOUNT = 'resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/arch';
const CONTAINER = `${ACCOUNT}/blobServices/default/containers/archive`;

async function startManagement(
  t: TestContext,
  answers: Record<string, Answer | Answer[]>,
  limits: { signal?: AbortSignal; deadlineMs?: number } = {},
) {
  const { endpoint, requests } = await startArmAnswers(t, answers);
  const management = await createManagement({
    subscriptionId: SUBSCRIPTION,
    // az writes it with a slash at the end.
    endpoints: { name: 'stand-in', resourceManager: `${endpoint}/` },
    credential: fakeCredential(),
    ...limits,
  });
  return { management, requests };
}

const namespace = {
  id: `/subscriptions/${SUBSCRIPTION}/${NAMESPACE}`,
  location: 'westeurope',
  sku: { name: 'Standard', tier: 'Standard', capacity: 6 },
  properties: {
    ...{ provisioningState: 'Succeeded', status: 'Active', isAutoInflateEnabled: true, maximumThroughputUnits: 12 },
    ...{ disableLocalAuth: true, minimumTlsVersion: '1.2', publicNetworkAccess: 'Enabled', zoneRedundant: true },
    serviceBusEndpoint: 'https://ns.servicebus.windows.net:443/',
  },
};

const failure = (code: string, message: string) => ({ error: { code, message } });

async function refusal(work: Promise<unknown>): Promise<OmsError> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (reason: unknown) => reason,
  );
  return error as OmsError;
}

suite('what Azure says of a namespace', () => {
  test('is read with its network rules', async (t) => {
    const ipRules = [{ ipMask: '198.51.100.0/24', action: 'Allow' }];
    const { management } = await startManagement(t, {
      [`GET ${NAMESPACE}`]: { body: namespace },
      [`GET ${NAMESPACE}/networkRuleSets/default`]: {
        body: { properties: { defaultAction: 'Deny', trustedServiceAccessEnabled: true, ipRules } },
      },
    });
    assert.deepEqual(await management.namespace('rg', 'ns'), {
      ...{ id: namespace.id, location: 'westeurope', state: 'Succeeded', sku: 'Standard', units: 6 },
      ...{ autoInflate: true, maximumUnits: 12, localAuthDisabled: true, minimumTls: '1.2' },
      ...{ publicNetworkAccess: 'Enabled', zoneRedundant: true },
      serviceEndpoint: 'https://ns.servicebus.windows.net:443/',
      network: { defaultAction: 'Deny', trustedServices: true, ranges: ['198.51.100.0/24'] },
    });
    assert.equal(await management.namespace('rg', 'another'), undefined);
  });

  test('has its hubs with capture and consumer groups', async (t) => {
    const destination = {
      name: 'EventHubArchive.AzureBlockBlob',
      identity: { type: 'UserAssigned', userAssignedIdentity: '/ids/capture' },
      properties: {
        storageAccountResourceId: '/accounts/arch',
        blobContainer: 'archive',
        archiveNameFormat: '{Namespace}',
      },
    };
    const captureDescription = { enabled: true, encoding: 'Avro', intervalInSeconds: 300, destination };
    const { management } = await startManagement(t, {
      [`GET ${NAMESPACE}/eventhubs`]: {
        body: {
          value: [
            {
              name: 'orders',
              properties: {
                partitionCount: 8,
                status: 'Active',
                retentionDescription: { retentionTimeInHours: 168 },
                captureDescription,
              },
            },
            { name: 'orders-dlq', properties: { partitionCount: 2, status: 'Active', messageRetentionInDays: 7 } },
          ],
        },
      },
      [`GET ${NAMESPACE}/eventhubs/orders/consumergroups`]: {
        body: { value: [{ name: '$Default' }, { name: 'oms-core' }] },
      },
      [`GET ${NAMESPACE}/eventhubs/orders-dlq/consumergroups`]: { body: { value: [{ name: '$Default' }] } },
    });
    assert.deepEqual(await management.hubs('rg', 'ns'), [
      {
        ...{
          name: 'orders',
          partitions: 8,
          state: 'Active',
          retentionHours: 168,
          consumerGroups: ['$Default', 'oms-core'],
        },
        capture: {
          ...{ enabled: true, encoding: 'Avro', intervalSeconds: 300, identityId: '/ids/capture' },
          ...{ accountId: '/accounts/arch', container: 'archive', nameFormat: '{Namespace}' },
        },
      },
      {
        ...{ name: 'orders-dlq', partitions: 2, state: 'Active', retentionHours: 168, consumerGroups: ['$Default'] },
        capture: undefined,
      },
    ]);
  });

  test('has its geo-DR pair, or none', async (t) => {
    const properties = { role: 'Primary', provisioningState: 'Succeeded', partnerNamespace: '/ns/other' };
    const { management } = await startManagement(t, {
      [`GET ${NAMESPACE}/disasterRecoveryConfigs`]: [
        { body: { value: [{ name: 'alias', properties }] } },
        { body: { value: [] } },
      ],
    });
    const found = { alias: 'alias', role: 'Primary', state: 'Succeeded', partner: '/ns/other' };
    assert.deepEqual(await management.recovery('rg', 'ns'), found);
    assert.equal(await management.recovery('rg', 'ns'), undefined);
  });

  test('that it cannot be understood names the field', async (t) => {
    const { sku: _sku, ...rest } = namespace;
    const { management } = await startManagement(t, { [`GET ${NAMESPACE}`]: { body: rest } });
    const { code, message, why } = await refusal(management.namespace('rg', 'ns'));
    assert.equal(code, 'azure_failed');
    assert.equal(message, "Azure's answer about namespace ns is not understood");
    assert.match(why!, /sku/);
  });
});

suite('what Azure says of the archive', () => {
  const account = {
    ...{ id: '/accounts/arch', name: 'arch', location: 'westeurope', sku: { name: 'Standard_RAGRS' } },
    properties: {
      ...{ allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: 'TLS1_2' },
      primaryEndpoints: { blob: 'https://arch.blob.core.windows.net/' },
      networkAcls: { defaultAction: 'Deny', bypass: 'Logging, AzureServices' },
    },
  };
  const days = (count: number) => ({ daysAfterModificationGreaterThan: count });
  const rule = (name: string, enabled: boolean, actions: object) => ({
    name,
    enabled,
    type: 'Lifecycle',
    definition: { actions },
  });

  test('has its retention and its lifecycle', async (t) => {
    const rules = [
      rule('tiers', true, { baseBlob: { tierToCool: days(30), tierToArchive: days(180) } }),
      rule('versions', true, { version: { delete: { daysAfterCreationGreaterThan: 90 } } }),
      rule('off', false, { baseBlob: { delete: days(1) } }),
    ];
    const { management } = await startManagement(t, {
      [`GET ${ACCOUNT}`]: { body: account },
      [`GET ${CONTAINER}`]: { body: { name: 'archive', properties: {} } },
      [`GET ${CONTAINER}/immutabilityPolicies/default`]: {
        body: { etag: '"8d5"', properties: { immutabilityPeriodSinceCreationInDays: 3653, state: 'Unlocked' } },
      },
      [`GET ${ACCOUNT}/managementPolicies/default`]: { body: { properties: { policy: { rules } } } },
    });
    assert.deepEqual(await management.archive('rg', 'arch', 'archive'), {
      ...{ accountId: '/accounts/arch', redundancy: 'Standard_RAGRS', sharedKeys: false, publicBlobs: false },
      ...{ minimumTls: 'TLS1_2', blobEndpoint: 'https://arch.blob.core.windows.net/' },
      ...{ defaultAction: 'Deny', trustedServices: true },
      policy: { days: 3653, state: 'Unlocked', etag: '"8d5"' },
      lifecycle: [
        { name: 'tiers', actions: ['tierToCool', 'tierToArchive'] },
        { name: 'versions', actions: ['version.delete'] },
      ],
    });
  });

  test('may be that it has no retention and no rules; what an old account leaves out is open', async (t) => {
    const { primaryEndpoints } = account.properties;
    const { management } = await startManagement(t, {
      [`GET ${ACCOUNT}`]: { body: { ...account, properties: { primaryEndpoints } } },
      [`GET ${CONTAINER}`]: { body: { name: 'archive', properties: {} } },
      [`GET ${CONTAINER}/immutabilityPolicies/default`]: {
        body: { properties: { immutabilityPeriodSinceCreationInDays: 0, state: 'Deleted' } },
      },
    });
    const facts = await management.archive('rg', 'arch', 'archive');
    assert.deepEqual([facts?.policy, facts?.lifecycle], [undefined, []]);
    assert.deepEqual(
      [facts?.sharedKeys, facts?.publicBlobs, facts?.defaultAction, facts?.trustedServices],
      [true, true, 'Allow', false],
    );
  });

  test('is nothing without the container', async (t) => {
    const { management } = await startManagement(t, { [`GET ${ACCOUNT}`]: { body: account } });
    assert.equal(await management.archive('rg', 'arch', 'archive'), undefined);
  });

  test('is locked with the etag that was read', async (t) => {
    const lock = `POST ${CONTAINER}/immutabilityPolicies/default/lock`;
    const { management, requests } = await startManagement(t, {
      [lock]: [
        { body: { properties: { state: 'Locked' } } },
        { status: 412, body: failure('ConditionNotMet', 'changed') },
      ],
    });
    await management.lockArchive('rg', 'arch', 'archive', '"8d5"');
    assert.equal(requests[0]?.headers['if-match'], '"8d5"');
    const { code, message } = await refusal(management.lockArchive('rg', 'arch', 'archive', '"8d5"'));
    assert.equal(code, 'azure_failed');
    assert.match(message, /found it changed meanwhile when it was asked to lock the retention of container archive/);
  });
});

suite('names and access rules', () => {
  test('a name is free, or Azure says why not', async (t) => {
    const path = 'POST providers/Microsoft.EventHub/checkNameAvailability';
    const { management, requests } = await startManagement(t, {
      [path]: [
        { body: { nameAvailable: true } },
        { body: { nameAvailable: false, reason: 'NameInUse', message: 'taken' } },
      ],
    });
    assert.deepEqual(await management.namespaceNameFree('ns'), { free: true });
    assert.deepEqual(await management.namespaceNameFree('ns'), { free: false, reason: 'taken' });
    assert.deepEqual(requests[0]?.body, { name: 'ns' });
  });

  test('the rules of a hub are made once, and no key is asked for', async (t) => {
    const rules = `${NAMESPACE}/eventhubs/orders/authorizationRules`;
    const rule = (name: string, rights: string[]) => ({ name, properties: { rights } });
    const { management, requests } = await startManagement(t, {
      [`GET ${rules}`]: [
        { body: { value: [rule('oms-listen', ['Listen', 'Manage', 'Send'])] } },
        { body: { value: [rule('oms-listen', ['Listen']), rule('oms-send', ['Send'])] } },
      ],
      [`PUT ${rules}/oms-send`]: { body: rule('oms-send', ['Send']) },
      [`PUT ${rules}/oms-listen`]: { body: rule('oms-listen', ['Listen']) },
    });
    await management.ensureHubRules('rg', 'ns', 'orders');
    await management.ensureHubRules('rg', 'ns', 'orders');
    assert.deepEqual(
      requests.map(({ method, path, body }) => [method, path.slice(rules.length), body]),
      [
        ['GET', '', undefined],
        ['PUT', '/oms-send', { properties: { rights: ['Send'] } }],
        ['PUT', '/oms-listen', { properties: { rights: ['Listen'] } }],
        ['GET', '', undefined],
      ],
    );
  });
});

suite('when Azure does not answer as it should', () => {
  test('what it throttles is asked again after the time it names', async (t) => {
    const throttled = { status: 429, headers: { 'retry-after': '0' }, body: failure('TooManyRequests', 'slow down') };
    const { management, requests } = await startManagement(t, {
      [`GET ${NAMESPACE}`]: [throttled, throttled, { body: namespace }],
      [`GET ${NAMESPACE}/networkRuleSets/default`]: { body: { properties: {} } },
    });
    assert.equal((await management.namespace('rg', 'ns'))?.units, 6);
    assert.equal(requests.length, 4);
  });

  const cases = [
    { status: 401, code: 'login_missing', message: /does not know who asks it to read namespace ns/, next: 'az login' },
    {
      status: 403,
      code: 'azure_failed',
      message: /refused when it was asked to read namespace ns/,
      next: 'ask for the role',
    },
    { status: 429, code: 'azure_failed', message: /is asked too much at once/, next: 'wait some minutes' },
    { status: 503, code: 'azure_failed', message: /failed when it was asked/, next: 'look at https://azure.status' },
    { status: 400, code: 'azure_failed', message: /did not accept the request/, next: 'oms doctor' },
  ];
  for (const { status, code, message, next } of cases) {
    test(`${status} says what to do`, async (t) => {
      const headers = { 'retry-after': '0' };
      const { management } = await startManagement(t, {
        [`GET ${NAMESPACE}`]: { status, headers, body: failure('SomeCode', 'Azure has its reasons') },
      });
      const error = await refusal(management.namespace('rg', 'ns'));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.match(error.why!, /Azure has its reasons/);
      assert.ok(error.next[0]?.startsWith(next), error.next[0]);
    });
  }

  test('nobody being logged in is told as that', async (t) => {
    const { endpoint } = await startArmAnswers(t, {});
    const unavailable = Object.assign(new Error("Please run 'az login'"), { name: 'CredentialUnavailableError' });
    const management = await createManagement({
      subscriptionId: SUBSCRIPTION,
      endpoints: { name: 'stand-in', resourceManager: endpoint },
      credential: { getToken: () => Promise.reject(unavailable) },
    });
    const { code, next } = await refusal(management.hubs('rg', 'ns'));
    assert.deepEqual([code, next[0]], ['login_missing', 'az login']);
  });
});

suite('an Azure that does not answer', () => {
  test('is left on Ctrl-C, with its reason', async (t) => {
    const abort = new AbortController();
    const answers = { [`GET ${NAMESPACE}`]: { hangs: true } };
    const { management, requests } = await startManagement(t, answers, { signal: abort.signal });
    const ended = assert.rejects(management.namespace('rg', 'ns'), { message: 'enough' });
    await until('it is asked', () => requests.length === 1);
    abort.abort(new Error('enough'));
    await ended;
  });

  test('is given up on', async (t) => {
    const answers = { [`GET ${NAMESPACE}`]: { hangs: true } };
    const { management } = await startManagement(t, answers, { deadlineMs: 200 });
    const error = await refusal(management.namespace('rg', 'ns'));
    assert.equal(error.message, 'Azure did not answer within 0.2 s when it was asked to read namespace ns');
    assert.equal(error.code, 'azure_failed');
  });

  test('is given up on where it says to come back much later', async (t) => {
    const throttled = { status: 429, headers: { 'retry-after': '3600' }, body: failure('TooManyRequests', 'later') };
    const { management } = await startManagement(t, { [`GET ${NAMESPACE}`]: throttled }, { deadlineMs: 200 });
    assert.match((await refusal(management.namespace('rg', 'ns'))).message, /did not answer within 0\.2 s/);
  });

  test('while it locks the archive, is waited for whoever presses Ctrl-C', async (t) => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    const answers = { [`POST ${CONTAINER}/immutabilityPolicies/default/lock`]: { body: { properties: {} } } };
    const { management, requests } = await startManagement(t, answers, { signal: abort.signal });
    await management.lockArchive('rg', 'arch', 'archive', 'etag');
    assert.equal(requests.length, 1);
  });
});
