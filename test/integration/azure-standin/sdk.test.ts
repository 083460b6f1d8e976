import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type StandinAzure, standinAzure } from '../../helpers/azure-standin.ts';
import type { ArmOptions } from '../../standins/arm/arm.ts';
import { SUBSCRIPTION_ID } from '../../standins/arm/identities.ts';

const GROUP = 'rg-oms-demo';
const NAMESPACE = 'evhns-oms-demo';
const ACCOUNT = 'stomsdemo';
const STANDARD = { location: 'West Europe', sku: { name: 'Standard', tier: 'Standard', capacity: 2 } };

/** A stand-in with a resource group in it. */
async function withGroup(t: TestContext, options: Partial<ArmOptions> = {}): Promise<StandinAzure> {
  const azure = await standinAzure(t, options);
  const path = `/subscriptions/${SUBSCRIPTION_ID}/resourcegroups/${GROUP}?api-version=2021-04-01`;
  assert.equal((await azure.call('PUT', path, { location: 'westeurope' })).status, 201);
  return azure;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

suite('the real SDKs against the stand-in', () => {
  for (const longRunning of ['body', 'async', 'location'] as const) {
    test(`wait for what takes long, told in the form "${longRunning}"`, async (t) => {
      const { arm, eventHubs, storage } = await withGroup(t, { longRunning });
      const [namespace, account] = await Promise.all([
        eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, STANDARD),
        storage.storageAccounts.create(GROUP, ACCOUNT, {
          location: 'westeurope',
          kind: 'StorageV2',
          sku: { name: 'Standard_RAGRS' },
        }),
      ]);
      assert.deepEqual([namespace.provisioningState, namespace.status], ['Succeeded', 'Active']);
      assert.equal(namespace.serviceBusEndpoint, `https://${NAMESPACE}.servicebus.windows.net:443/`);
      assert.equal(account.provisioningState, 'Succeeded');
      assert.equal(account.primaryEndpoints?.blob, `https://${ACCOUNT}.blob.core.windows.net/`);
      assert.equal(account.secondaryLocation, 'northeurope');
      await eventHubs.namespaces.delete(GROUP, NAMESPACE);
      await assert.rejects(eventHubs.namespaces.get(GROUP, NAMESPACE), { statusCode: 404, code: 'ResourceNotFound' });
      assert.deepEqual(arm.violations, []);
    });
  }

  test('build and read back a whole namespace', async (t) => {
    const { arm, eventHubs } = await withGroup(t, { polls: 0 });
    await eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, { ...STANDARD, disableLocalAuth: true });
    const archive = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${GROUP}/providers/Microsoft.Storage/storageAccounts/${ACCOUNT}`;
    const hub = await eventHubs.eventHubs.createOrUpdate(GROUP, NAMESPACE, 'orders', {
      partitionCount: 8,
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: 168 },
      captureDescription: {
        enabled: true,
        encoding: 'Avro',
        intervalInSeconds: 300,
        destination: {
          name: 'EventHubArchive.AzureBlockBlob',
          storageAccountResourceId: archive,
          blobContainer: 'archive',
          archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}',
        },
      },
    });
    assert.deepEqual(hub.partitionIds, ['0', '1', '2', '3', '4', '5', '6', '7']);
    assert.equal(hub.captureDescription?.destination?.storageAccountResourceId, archive);
    await eventHubs.consumerGroups.createOrUpdate(GROUP, NAMESPACE, 'orders', 'oms', {});
    const groups = await collect(eventHubs.consumerGroups.listByEventHub(GROUP, NAMESPACE, 'orders'));
    assert.deepEqual(groups.map(({ name }) => name).sort(), ['$Default', 'oms']);
    await eventHubs.namespaces.createOrUpdateNetworkRuleSet(GROUP, NAMESPACE, {
      defaultAction: 'Deny',
      trustedServiceAccessEnabled: true,
      ipRules: [{ ipMask: '203.0.113.0/24', action: 'Allow' }],
    });
    const rules = await eventHubs.namespaces.getNetworkRuleSet(GROUP, NAMESPACE);
    assert.deepEqual([rules.defaultAction, rules.ipRules?.[0]?.ipMask], ['Deny', '203.0.113.0/24']);
    await eventHubs.eventHubs.createOrUpdateAuthorizationRule(GROUP, NAMESPACE, 'orders', 'send', { rights: ['Send'] });
    const keys = await eventHubs.eventHubs.listKeys(GROUP, NAMESPACE, 'orders', 'send');
    assert.match(keys.primaryConnectionString ?? '', /;EntityPath=orders$/);
    assert.equal((await collect(eventHubs.eventHubs.listByNamespace(GROUP, NAMESPACE))).length, 1);
    const namespace = await eventHubs.namespaces.get(GROUP, NAMESPACE);
    assert.deepEqual([namespace.disableLocalAuth, namespace.minimumTlsVersion], [true, '1.2']);
    assert.deepEqual(arm.violations, []);
  });

  test('pair two namespaces: both tell of it', async (t) => {
    const { arm, eventHubs } = await withGroup(t, { polls: 0 });
    const second = 'evhns-oms-demo-2';
    await eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, STANDARD);
    const { id } = await eventHubs.namespaces.createOrUpdate(GROUP, second, { ...STANDARD, location: 'northeurope' });
    await eventHubs.disasterRecoveryConfigs.createOrUpdate(GROUP, NAMESPACE, 'oms-demo', { partnerNamespace: id! });
    const first = await eventHubs.disasterRecoveryConfigs.get(GROUP, NAMESPACE, 'oms-demo');
    const other = await eventHubs.disasterRecoveryConfigs.get(GROUP, second, 'oms-demo');
    assert.deepEqual([first.role, first.partnerNamespace, other.role], ['Primary', id, 'Secondary']);
    await eventHubs.disasterRecoveryConfigs.breakPairing(GROUP, NAMESPACE, 'oms-demo');
    const broken = await eventHubs.disasterRecoveryConfigs.get(GROUP, NAMESPACE, 'oms-demo');
    assert.equal(broken.role, 'PrimaryNotReplicating');
    assert.deepEqual(arm.violations, []);
  });

  test('lock an archive: the etag has to fit, and there is no way back', async (t) => {
    const { storage } = await withGroup(t, { polls: 0 });
    const { storageAccounts, blobContainers } = storage;
    const kind = { location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_RAGRS' } };
    await storageAccounts.create(GROUP, ACCOUNT, kind);
    await blobContainers.create(GROUP, ACCOUNT, 'archive', {});
    const none = await blobContainers.getImmutabilityPolicy(GROUP, ACCOUNT, 'archive');
    assert.deepEqual([none.state, none.immutabilityPeriodSinceCreationInDays], ['Deleted', 0]);
    const parameters = { immutabilityPeriodSinceCreationInDays: 3_653 };
    const put = await blobContainers.createOrUpdateImmutabilityPolicy(GROUP, ACCOUNT, 'archive', { parameters });
    assert.equal(put.state, 'Unlocked');
    const lock = (etag: string) => blobContainers.lockImmutabilityPolicy(GROUP, ACCOUNT, 'archive', etag);
    await assert.rejects(lock('"0x8D0"'), { statusCode: 412, code: 'ContainerImmutabilityPolicyFailure' });
    const locked = await lock(put.etag!);
    assert.equal(locked.state, 'Locked');
    const container = await blobContainers.get(GROUP, ACCOUNT, 'archive');
    assert.deepEqual([container.hasImmutabilityPolicy, container.immutabilityPolicy?.state], [true, 'Locked']);
    const { deleteImmutabilityPolicy } = blobContainers;
    await assert.rejects(deleteImmutabilityPolicy(GROUP, ACCOUNT, 'archive', locked.etag!), { statusCode: 409 });
    await assert.rejects(blobContainers.delete(GROUP, ACCOUNT, 'archive'), { statusCode: 409 });
    await assert.rejects(storageAccounts.delete(GROUP, ACCOUNT), { statusCode: 409 });
  });

  test('put lifecycle rules and read them', async (t) => {
    const { storage } = await withGroup(t, { polls: 0 });
    const kind = { location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_RAGRS' } };
    await storage.storageAccounts.create(GROUP, ACCOUNT, kind);
    const { managementPolicies } = storage;
    await assert.rejects(managementPolicies.get(GROUP, ACCOUNT, 'default'), { code: 'ManagementPolicyNotFound' });
    const actions = { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 30 } } };
    const rule = { name: 'age', type: 'Lifecycle', definition: { actions, filters: { blobTypes: ['blockBlob'] } } };
    await managementPolicies.createOrUpdate(GROUP, ACCOUNT, 'default', { policy: { rules: [rule] } });
    const { policy } = await managementPolicies.get(GROUP, ACCOUNT, 'default');
    assert.equal(policy?.rules[0]?.definition.actions.baseBlob?.tierToCool?.daysAfterModificationGreaterThan, 30);
  });

  test('names: legal, free, ours, and of somebody else', async (t) => {
    const { arm, eventHubs, storage } = await withGroup(t, { polls: 0, takenNames: ['evhns-taken', 'sttaken'] });
    const ask = async (name: string) => (await eventHubs.namespaces.checkNameAvailability({ name })).reason;
    await eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, STANDARD);
    assert.equal(await ask('evhns-free'), 'None');
    assert.equal(await ask('evhns-taken'), 'NameInUse');
    assert.equal(await ask(NAMESPACE), 'NameInUse');
    assert.equal(await ask('9-starts-with-a-digit'), 'InvalidName');
    const account = async (name: string) =>
      (await storage.storageAccounts.checkNameAvailability({ name, type: 'Microsoft.Storage/storageAccounts' })).reason;
    assert.deepEqual(
      [await account('sttaken'), await account('St_Illegal'), await account('stfree')],
      ['AlreadyExists', 'AccountNameInvalid', undefined],
    );
    await assert.rejects(eventHubs.namespaces.createOrUpdate(GROUP, 'evhns-taken', STANDARD), { statusCode: 409 });
    assert.deepEqual(arm.violations, []);
  });
});

test('the cloud of a folder is the same one after a restart', async (t) => {
  const first = await withGroup(t, { polls: 0 });
  const folder = `${first.folder}/cloud`;
  const kept = await withGroup(t, { polls: 0, folder });
  await kept.eventHubs.namespaces.createOrUpdate(GROUP, NAMESPACE, STANDARD);
  await kept.arm.stop();
  const again = await standinAzure(t, { folder });
  assert.equal((await again.eventHubs.namespaces.get(GROUP, NAMESPACE)).sku?.capacity, 2);
  await assert.rejects(first.eventHubs.namespaces.get(GROUP, NAMESPACE), { statusCode: 404 });
});
