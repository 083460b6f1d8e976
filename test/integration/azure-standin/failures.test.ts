import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { standinAzure } from '../../helpers/azure-standin.ts';
import { SUBSCRIPTION_ID } from '../../standins/arm/identities.ts';

const GROUP = 'rg-oms-demo';
const NAMESPACE = 'evhns-oms-demo';
const STANDARD = { location: 'westeurope', sku: { name: 'Standard', capacity: 1 } };
const GROUP_PATH = `/subscriptions/${SUBSCRIPTION_ID}/resourcegroups/${GROUP}?api-version=2021-04-01`;
const NAMESPACES = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${GROUP}/providers/Microsoft.EventHub/namespaces`;

suite('failures as data, seen by the real SDK', () => {
  const once = [
    { answer: 'expiredToken', statusCode: 401, code: 'ExpiredAuthenticationToken' },
    { answer: 'forbidden', statusCode: 403, code: 'AuthorizationFailed' },
    { answer: 'deniedByPolicy', statusCode: 403, code: 'RequestDisallowedByPolicy' },
    { answer: 'notFound', statusCode: 404, code: 'ResourceNotFound' },
    { answer: 'conflict', statusCode: 409, code: 'Conflict' },
    { answer: 'quotaExceeded', statusCode: 400, code: 'SubscriptionQuotaExceeded' },
  ] as const;
  for (const { answer, ...expected } of once) {
    test(`${expected.statusCode} ${expected.code}`, async (t) => {
      const { arm, eventHubs } = await standinAzure(t, { faults: [{ path: '/namespaces/', answer }] });
      await assert.rejects(eventHubs.namespaces.get(GROUP, NAMESPACE), expected);
      assert.deepEqual(arm.violations, []);
    });
  }

  for (const { answer, status } of [
    { answer: 'throttled', status: 429 },
    { answer: 'unavailable', status: 503 },
    { answer: 'serverError', status: 500 },
  ] as const) {
    test(`${status} passes when it is asked again`, async (t) => {
      const { arm, eventHubs } = await standinAzure(t, { faults: [{ path: '/namespaces$', answer, times: 1 }] });
      const began = performance.now();
      await eventHubs.namespaces.list().next();
      assert.deepEqual(
        arm.requests.filter(({ path }) => path.endsWith('/namespaces')).map((one) => one.status),
        [status, 200],
      );
      // Retry-After says a second, and the SDK keeps to it.
      if (answer === 'throttled') assert.ok(performance.now() - began >= 990);
    });
  }

  for (const longRunning of ['body', 'async', 'location'] as const) {
    test(`what was accepted fails later, told in the form "${longRunning}"`, async (t) => {
      const operationError = { code: 'RegionCapacityExceeded', message: 'The region has no capacity left.' };
      const faults = [{ method: 'PUT', path: '/namespaces/', operationError }];
      const { call, eventHubs } = await standinAzure(t, { longRunning, polls: 0, faults });
      await call('PUT', GROUP_PATH, { location: 'westeurope' });
      await assert.rejects(eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, STANDARD));
      assert.equal((await eventHubs.namespaces.get(GROUP, NAMESPACE)).provisioningState, 'Failed');
    });
  }
});

suite('what the stand-in refuses by itself', () => {
  test('no token, a strange one, one that has run out', async (t) => {
    const { call } = await standinAzure(t, { tokenSeconds: -10 });
    const codeFor = async (headers: Record<string, string>) =>
      (await call('GET', GROUP_PATH, undefined, headers)).body.error.code;
    assert.equal(await codeFor({ authorization: '' }), 'AuthenticationFailed');
    assert.equal(await codeFor({ authorization: 'Bearer a.b.c' }), 'InvalidAuthenticationToken');
    assert.equal(await codeFor({}), 'ExpiredAuthenticationToken');
  });

  test('a request without api-version, of another subscription, of a path nobody knows', async (t) => {
    const { call } = await standinAzure(t);
    const codeOf = async (path: string) => (await call('GET', path)).body.error.code;
    assert.equal(await codeOf('/subscriptions'), 'MissingApiVersionParameter');
    const other = '99999999-9999-9999-9999-999999999999';
    assert.equal(await codeOf(`/subscriptions/${other}/resourceGroups/a?api-version=1`), 'SubscriptionNotFound');
    assert.equal(await codeOf('/nowhere?api-version=1'), 'NotKnownToTheStandIn');
  });

  test('what lacks its ground: provider, group, parent, region', async (t) => {
    const { call } = await standinAzure(t, { registered: ['Microsoft.EventHub'] });
    const version = '?api-version=2024-01-01';
    const put = async (path: string, body: unknown) => (await call('PUT', path + version, body)).body.error.code;
    assert.equal(await put(`${NAMESPACES}/${NAMESPACE}`, STANDARD), 'ResourceGroupNotFound');
    await call('PUT', GROUP_PATH, { location: 'westeurope' });
    assert.equal(await put(`${NAMESPACES}/${NAMESPACE}/eventhubs/orders`, {}), 'ParentResourceNotFound');
    assert.equal(
      await put(`${NAMESPACES}/${NAMESPACE}`, { ...STANDARD, location: 'atlantis' }),
      'LocationNotAvailableForResourceType',
    );
    const account = NAMESPACES.replace('Microsoft.EventHub/namespaces', 'Microsoft.Storage/storageAccounts/stomsdemo');
    assert.equal(await put(account, STANDARD), 'MissingSubscriptionRegistration');
  });

  const illegal: { what: string; path: string; body: object }[] = [
    { what: 'a name that begins with a digit', path: '/9-oms', body: STANDARD },
    { what: 'a name that is too short', path: '/oms', body: STANDARD },
    { what: 'a name that ends as a reserved one', path: '/evhns-oms-sb', body: STANDARD },
    {
      what: '41 throughput units',
      path: '/evhns-oms-41',
      body: { ...STANDARD, sku: { name: 'Standard', capacity: 41 } },
    },
    { what: '33 partitions', path: '/evhns-oms-demo/eventhubs/many', body: { properties: { partitionCount: 33 } } },
    {
      what: 'other partitions than before',
      path: '/evhns-oms-demo/eventhubs/orders',
      body: { properties: { partitionCount: 8 } },
    },
    {
      what: 'eight days',
      path: '/evhns-oms-demo/eventhubs/old',
      body: { properties: { retentionDescription: { retentionTimeInHours: 192 } } },
    },
    {
      what: 'a rule without rights',
      path: '/evhns-oms-demo/authorizationRules/none',
      body: { properties: { rights: [] } },
    },
  ];
  test('illegal names and numbers: 400', async (t) => {
    const { arm, call } = await standinAzure(t, { polls: 0 });
    await call('PUT', GROUP_PATH, { location: 'westeurope' });
    const put = (path: string, body: object) => call('PUT', `${NAMESPACES}${path}?api-version=2024-01-01`, body);
    await put(`/${NAMESPACE}`, STANDARD);
    assert.equal((await put(`/${NAMESPACE}/eventhubs/orders`, { properties: { partitionCount: 4 } })).status, 200);
    for (const { what, path, body } of illegal) assert.equal((await put(path, body)).status, 400, what);
    assert.deepEqual(arm.violations, []);
  });

  test('the name of a vault that was deleted and not purged', async (t) => {
    const { call } = await standinAzure(t);
    await call('PUT', GROUP_PATH, { location: 'westeurope' });
    const vault = `${NAMESPACES.replace('Microsoft.EventHub/namespaces', 'Microsoft.KeyVault/vaults')}/kv-oms-demo?api-version=2023-07-01`;
    const body = { location: 'westeurope', properties: { enablePurgeProtection: true } };
    await call('PUT', vault, body);
    await call('DELETE', vault);
    assert.equal((await call('PUT', vault, body)).body.error.code, 'ConflictError');
    const deleted = `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-oms-demo`;
    assert.equal((await call('GET', `${deleted}?api-version=2023-07-01`)).body.properties.purgeProtectionEnabled, true);
    assert.equal(
      (await call('POST', `${deleted}/purge?api-version=2023-07-01`)).body.error.code,
      'DeletedVaultPurgeNotAllowed',
    );
  });
});
