import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { CaptureDescription } from '@azure/arm-eventhub';
import { DEFAULT_NAME_FORMAT } from '../../../lib/archive/capture-name.ts';
import { createManagement } from '../../../src/adapters/azure/management.ts';
import type { OmsError } from '../../../src/errors.ts';
import { lockArchive } from '../../../src/stages/provision/lock-archive.ts';
import { readBack } from '../../../src/stages/provision/read-back/read-back.ts';
import { ensureSasRules } from '../../../src/stages/provision/sas-rules.ts';
import { ARCHIVE_DAYS, HUBS } from '../../../src/stages/provision/topology.ts';
import { trust } from '../../helpers/arm-answers.ts';
import { type StandinAzure, standinAzure } from '../../helpers/azure-standin.ts';
import { demoContext, demoEnvironment, demoOutputs } from '../../helpers/provisioned.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { SUBSCRIPTION_ID } from '../../standins/arm/identities.ts';

const { names, capacity } = demoEnvironment();
const { resourceGroup: GROUP, namespace: NAMESPACE, archiveAccount: ACCOUNT } = names;
const { archive, capture_identity } = demoOutputs();

/** What Terraform makes of the demo environment, as far as it is read back. */
async function provisionArchive({ storage }: StandinAzure): Promise<void> {
  const { storageAccounts, blobContainers, managementPolicies } = storage;
  await storageAccounts.create(GROUP, ACCOUNT, {
    ...{ location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_RAGRS' } },
    ...{ allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: 'TLS1_2' },
    networkRuleSet: { defaultAction: 'Deny', bypass: 'AzureServices' },
  });
  await blobContainers.create(GROUP, ACCOUNT, 'archive', {});
  const parameters = { immutabilityPeriodSinceCreationInDays: ARCHIVE_DAYS };
  await blobContainers.createOrUpdateImmutabilityPolicy(GROUP, ACCOUNT, 'archive', { parameters });
  const after = (days: number) => ({ daysAfterModificationGreaterThan: days });
  const actions = { baseBlob: { tierToCool: after(30), tierToCold: after(90), tierToArchive: after(180) } };
  const definition = { actions, filters: { blobTypes: ['blockBlob'] } };
  const rules = [{ name: 'colder-with-age', type: 'Lifecycle', definition }];
  await managementPolicies.createOrUpdate(GROUP, ACCOUNT, 'default', { policy: { rules } });
}

const captureDescription: CaptureDescription = {
  ...{ enabled: true, encoding: 'Avro', intervalInSeconds: 300, skipEmptyArchives: true },
  destination: {
    name: 'EventHubArchive.AzureBlockBlob',
    identity: { type: 'UserAssigned', userAssignedIdentity: capture_identity.id },
    ...{
      storageAccountResourceId: archive.account_id,
      blobContainer: 'archive',
      archiveNameFormat: DEFAULT_NAME_FORMAT,
    },
  },
};

async function provisionNamespace({ eventHubs }: StandinAzure): Promise<void> {
  const { namespaces, eventHubs: hubs, consumerGroups } = eventHubs;
  await namespaces.createOrUpdate(GROUP, NAMESPACE, {
    ...{ location: 'West Europe', sku: { name: 'Standard', tier: 'Standard', capacity: capacity.units } },
    ...{ isAutoInflateEnabled: true, maximumThroughputUnits: capacity.maximumUnits },
    ...{ disableLocalAuth: true, minimumTlsVersion: '1.2', publicNetworkAccess: 'Enabled' },
  });
  const ipRules = [{ ipMask: '198.51.100.7', action: 'Allow' }];
  await namespaces.createOrUpdateNetworkRuleSet(GROUP, NAMESPACE, { defaultAction: 'Deny', ipRules });
  for (const spec of HUBS) {
    await hubs.createOrUpdate(GROUP, NAMESPACE, spec.name, {
      partitionCount: spec.partitions === 'sized' ? capacity.partitions : spec.partitions,
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: spec.retentionHours },
      ...(spec.capture && { captureDescription }),
    });
    for (const group of spec.consumerGroups) {
      await consumerGroups.createOrUpdate(GROUP, NAMESPACE, spec.name, group, {});
    }
  }
}

async function provision(t: TestContext) {
  const azure = await standinAzure(t, { polls: 0 });
  trust(t, azure.certificates.ca);
  const path = `/subscriptions/${SUBSCRIPTION_ID}/resourcegroups/${GROUP}?api-version=2021-04-01`;
  await azure.call('PUT', path, { location: 'westeurope' });
  await provisionArchive(azure);
  await provisionNamespace(azure);
  const management = await createManagement({
    ...{ subscriptionId: SUBSCRIPTION_ID, credential: azure.credential },
    endpoints: { name: 'stand-in', resourceManager: azure.arm.url },
  });
  const context = demoContext({ management });
  context.settings = { ...context.settings, dir: tempFolder(t) };
  const made = azure.arm.requests.length;
  /** Requests of what is tested, as "METHOD path". */
  const requests = () => azure.arm.requests.slice(made).map(({ method, path }) => `${method} ${path}`);
  const differences = async (environment = demoEnvironment()) => {
    const { findings } = await readBack(environment, demoOutputs(), context);
    return findings.filter(({ ok }) => !ok).map(({ resource, name, actual }) => `${resource}: ${name}: ${actual}`);
  };
  return { azure, management, context, requests, differences };
}

suite('reading back from a stand-in for Azure Resource Manager', () => {
  test('finds all as it was made, and what somebody changed meanwhile', async (t) => {
    const { azure, differences } = await provision(t);
    assert.deepEqual(await differences(), []);
    await azure.eventHubs.eventHubs.createOrUpdate(GROUP, NAMESPACE, 'orders', {
      ...{ partitionCount: 8, retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: 24 } },
      captureDescription: { ...captureDescription, enabled: false },
    });
    await azure.storage.storageAccounts.update(GROUP, ACCOUNT, { allowSharedKeyAccess: true });
    await azure.storage.managementPolicies.delete(GROUP, ACCOUNT, 'default');
    assert.deepEqual(await differences(), [
      'hub orders: retention: 24 h',
      'hub orders: capture: off',
      'archive: shared keys: on',
      'archive: tiers with age: none',
    ]);
    assert.deepEqual(azure.arm.violations, []);
  });

  test('waits out what is throttled, and says what is forbidden', async (t) => {
    const { azure, management, differences } = await provision(t);
    azure.arm.faults.add({ method: 'GET', path: `/namespaces/${NAMESPACE}$`, answer: 'throttled', times: 2 });
    const startedAt = performance.now();
    assert.deepEqual(await differences(), []);
    assert.ok(performance.now() - startedAt >= 2_000, 'twice the second that Retry-After names');
    azure.arm.faults.add({ method: 'GET', path: '/eventhubs$', answer: 'forbidden' });
    const error = await management.hubs(GROUP, NAMESPACE).then(
      () => assert.fail('it went well'),
      (reason) => reason as OmsError,
    );
    assert.deepEqual([error.code, error.exitCode], ['azure_failed', 5]);
    assert.equal(error.why, '403 AuthorizationFailed');
  });

  test('locks the archive for good', async (t) => {
    const { azure, context, differences } = await provision(t);
    const environment = demoEnvironment();
    const file = { account: ACCOUNT, file: 'f.avro', waitedMs: 1 };
    const canary = { id: 'c', partition: '0', sequenceNumber: 1, roundTripMs: 1, archive: file };
    const options = { canary, confirm: [ACCOUNT] };
    assert.equal((await lockArchive(environment, demoOutputs(), options, context)).changed, true);
    assert.deepEqual(await differences(environment), []);
    assert.equal((await lockArchive(environment, demoOutputs(), options, context)).changed, false);
    await assert.rejects(azure.storage.blobContainers.delete(GROUP, ACCOUNT, 'archive'), { statusCode: 409 });
  });

  test('makes a rule for each right of each hub, and asks for no key', async (t) => {
    const { context, requests } = await provision(t);
    assert.deepEqual(
      await ensureSasRules(demoEnvironment({ sasFallback: true }), context),
      HUBS.map(({ name }) => name),
    );
    const before = requests();
    assert.equal(before.filter((line) => line.startsWith('PUT')).length, 6);
    await ensureSasRules(demoEnvironment({ sasFallback: true }), context);
    const after = requests().slice(before.length);
    assert.ok(after.every((line) => line.startsWith('GET')));
    assert.ok(requests().every((line) => !/listkeys/i.test(line)));
  });

  test('knows which names are free', async (t) => {
    const { management } = await provision(t);
    assert.deepEqual(await management.namespaceNameFree('evhns-free'), { free: true });
    const { free, reason } = await management.namespaceNameFree(NAMESPACE);
    assert.equal(free, false);
    assert.ok(reason);
  });
});
