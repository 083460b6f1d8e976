import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ArchiveFacts, HubFacts, Management, NamespaceFacts } from '../../../../../../src/adapters/azure/cloud.ts';
import type { Environment } from '../../../../../../src/stages/provision/environment.ts';
import { readBack } from '../../../../../../src/stages/provision/read-back/read-back.ts';
import { readBackReport } from '../../../../../../src/stages/provision/read-back/report.ts';
import { createTerminal } from '../../../../../../src/ui/terminal.ts';
import {
  demoArchive,
  demoContext,
  demoEnvironment,
  demoHubs,
  demoManagement,
  demoNamespace,
  demoOutputs,
} from '../../../../../helpers/provisioned.ts';

const read = (changes: Partial<Management>, environment: Partial<Environment> = {}, outputs = demoOutputs()) =>
  readBack(demoEnvironment(environment), outputs, demoContext({ management: demoManagement(changes) }));

/** "resource: name: actual" of everything that does not hold. */
async function differences(...args: Parameters<typeof read>): Promise<string[]> {
  const { findings } = await read(...args);
  return findings.filter(({ ok }) => !ok).map(({ resource, name, actual }) => `${resource}: ${name}: ${actual}`);
}

const withNamespace = (changes: Partial<NamespaceFacts>): Partial<Management> => ({
  namespace: async () => ({ ...demoNamespace(), ...changes }),
});
const withOrders = (changes: Partial<HubFacts>): Partial<Management> => ({
  hubs: async () => demoHubs().map((hub) => (hub.name === 'orders' ? { ...hub, ...changes } : hub)),
});
const withCapture = (changes: Partial<NonNullable<HubFacts['capture']>>) =>
  withOrders({ capture: { ...demoHubs()[0]!.capture!, ...changes } });
const withArchive = (changes: Partial<ArchiveFacts>): Partial<Management> => ({
  archive: async () => ({ ...demoArchive(), ...changes }),
});

suite('read back', () => {
  test('what is as it was meant to be has no differences, whatever the case and order of what Azure writes', async () => {
    assert.deepEqual(await differences({}), []);
    const inflated = withNamespace({ units: 12, minimumTls: '1.3' });
    assert.deepEqual(await differences(inflated), []);
  });

  const { network } = demoNamespace();
  const cases: [change: Partial<Management>, expected: string][] = [
    [withNamespace({ state: 'Failed' }), 'namespace: state: Failed'],
    [withNamespace({ location: 'North Europe' }), 'namespace: region: northeurope'],
    [withNamespace({ sku: 'Premium' }), 'namespace: tier: Premium'],
    [withNamespace({ units: 5 }), 'namespace: units: 5'],
    [withNamespace({ units: 13 }), 'namespace: units: 13'],
    [withNamespace({ autoInflate: false }), 'namespace: auto-inflate up to: off'],
    [withNamespace({ maximumUnits: 40 }), 'namespace: auto-inflate up to: 40'],
    [withNamespace({ localAuthDisabled: false }), 'namespace: shared access keys: on'],
    [withNamespace({ minimumTls: '1.0' }), 'namespace: oldest TLS: 1.0'],
    [withNamespace({ publicNetworkAccess: 'Disabled' }), 'namespace: public network access: Disabled'],
    [withNamespace({ network: { ...network, defaultAction: 'Allow' } }), 'namespace: other addresses: Allow'],
    [withNamespace({ network: { ...network, ranges: ['0.0.0.0/0'] } }), 'namespace: allowed ranges: 0.0.0.0/0'],
    [withOrders({ state: 'Disabled' }), 'hub orders: state: Disabled'],
    [withOrders({ partitions: 4 }), 'hub orders: partitions: 4'],
    [withOrders({ retentionHours: 24 }), 'hub orders: retention: 24 h'],
    [withOrders({ consumerGroups: ['$Default', 'oms-core'] }), 'hub orders: consumer groups: oms-core'],
    [withOrders({ capture: undefined }), 'hub orders: capture: off'],
    [withCapture({ enabled: false }), 'hub orders: capture: off'],
    [withCapture({ encoding: 'AvroDeflate' }), 'hub orders: capture format: AvroDeflate'],
    [withCapture({ intervalSeconds: 900 }), 'hub orders: capture interval: 900 s'],
    [withCapture({ identityId: undefined }), 'hub orders: capture identity: none'],
    [withCapture({ accountId: '/x/other' }), 'hub orders: capture account: other'],
    [withCapture({ container: 'public' }), 'hub orders: capture container: public'],
    [
      withCapture({ nameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}' }),
      'hub orders: capture file names: {Second} is missing',
    ],
    [withArchive({ redundancy: 'Standard_LRS' }), 'archive: redundancy: Standard_LRS'],
    [withArchive({ sharedKeys: true }), 'archive: shared keys: on'],
    [withArchive({ publicBlobs: true }), 'archive: public blobs: on'],
    [withArchive({ minimumTls: 'TLS1_0' }), 'archive: oldest TLS: TLS1_0'],
    [withArchive({ defaultAction: 'Allow' }), 'archive: other addresses: Allow'],
    [withArchive({ trustedServices: false }), 'archive: trusted services: off'],
    [withArchive({ policy: { days: 3_652, state: 'Unlocked', etag: '' } }), 'archive: kept unchanged for: 3652 days'],
    [withArchive({ policy: { days: 3_653, state: 'Locked', etag: '' } }), 'archive: policy: Locked'],
    [
      withArchive({
        lifecycle: [{ name: 'tidy', actions: ['tierToCool', 'tierToCold', 'tierToArchive', 'version.delete'] }],
      }),
      'archive: lifecycle rules that delete: tidy',
    ],
    [withArchive({ lifecycle: [] }), 'archive: tiers with age: none'],
    [{ hubs: async () => [...demoHubs(), { ...demoHubs()[2]!, name: 'extra' }] }, 'hub extra: exists: there'],
    [{ recovery: async () => ({ alias: 'geo', role: 'Primary', state: 'Succeeded' }) }, 'geo-DR pair: exists: geo'],
  ];
  for (const [change, expected] of cases) {
    test(`finds "${expected}", and nothing else`, async () => {
      assert.deepEqual(await differences(change), [expected]);
    });
  }

  test('a resource that is not there is one difference', async () => {
    const nothing = { namespace: async () => undefined, hubs: async () => [], archive: async () => undefined };
    assert.deepEqual(await differences(nothing), [
      'namespace: exists: not there',
      'hub orders: exists: not there',
      'hub order-events: exists: not there',
      'hub orders-dlq: exists: not there',
      'archive: exists: not there',
    ]);
  });

  test('an archive without a policy is never taken for one', async () => {
    const change = withArchive({ policy: undefined });
    assert.deepEqual(await differences(change), [
      'archive: kept unchanged for: no policy',
      'archive: policy: no policy',
    ]);
  });

  test('what was asked for decides: locked, closed, with keys, without the Archive tier, in a pair', async () => {
    const wanted: Partial<Environment> = {
      ...{ archiveLocked: true, allowedRanges: [], sasFallback: true, archiveRedundancy: 'RAGZRS' },
      ...{ secondaryRegion: 'northeurope', capacity: { sku: 'Premium', units: 2, maximumUnits: 0, partitions: 8 } },
    };
    const outputs = demoOutputs();
    outputs.namespace.geo_alias = 'evhns-oms-demo-geo';
    const closed = { ...network, ranges: [] };
    const premium = { sku: 'Premium', units: 2, autoInflate: false, maximumUnits: 0 };
    const management: Partial<Management> = {
      ...withNamespace({ ...premium, localAuthDisabled: false, publicNetworkAccess: 'Disabled', network: closed }),
      ...withArchive({
        ...{ redundancy: 'Standard_RAGZRS', policy: { days: 4_000, state: 'Locked', etag: '' } },
        lifecycle: [{ name: 'tiers', actions: ['tierToCool', 'tierToCold'] }],
      }),
      recovery: async () => ({ alias: 'evhns-oms-demo-geo', role: 'Primary', state: 'Succeeded' }),
    };
    assert.deepEqual(await differences(management, wanted, outputs), []);
    const failedOver = { ...management, recovery: async () => ({ alias: 'x', role: 'Secondary', state: 'Failed' }) };
    assert.deepEqual(await differences(failedOver, wanted, outputs), [
      'geo-DR pair: alias: x',
      'geo-DR pair: role of this namespace: Secondary',
      'geo-DR pair: state: Failed',
    ]);
    assert.deepEqual(await differences({ ...management, recovery: async () => undefined }, wanted, outputs), [
      'geo-DR pair: exists: not there',
    ]);
  });

  test('errors and warnings are counted apart', async () => {
    const { errors, warnings } = await read({
      ...withNamespace({ units: 5, sku: 'Basic' }),
      ...withArchive({ lifecycle: [] }),
    });
    assert.deepEqual({ errors, warnings }, { errors: 1, warnings: 2 });
  });
});

suite('the report of what was read back', () => {
  const terminal = createTerminal({ json: false, quiet: true, input: false });

  test('begins with what is wrong, then what to look at, then the rest', async () => {
    const result = await read({ ...withNamespace({ units: 13 }), ...withArchive({ sharedKeys: true }) });
    const lines = readBackReport(result, terminal).split('\n');
    assert.match(lines[2]!, /^✗ +archive +shared keys +off +on$/);
    assert.match(lines[3]!, /^! +namespace +units +6 to 12 +13$/);
    assert.match(lines[4]!, /^✓ +namespace +state/);
    assert.match(lines.at(-1)!, /^\d+ settings read back from Azure: 1 wrong, 1 to look at$/);
    assert.ok(lines.every((line) => line.length <= terminal.width));
  });

  test('says so when everything is as expected', async () => {
    assert.match(readBackReport(await read({}), terminal), /\d+ settings read back from Azure: all as expected$/);
  });
});
