import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCapacity } from '../../../../../../src/stages/provision/sizing/capacity.ts';
import { type CostChoices, costDrivers } from '../../../../../../src/stages/provision/sizing/cost-drivers.ts';
import { workloadOf } from '../../../../../../src/stages/provision/sizing/load.ts';
import { sizeNamespace } from '../../../../../../src/stages/provision/sizing/sizing.ts';

function drivers(said: Parameters<typeof workloadOf>[0], choices: Partial<CostChoices> & { sku?: 'Premium' } = {}) {
  const sizing = sizeNamespace(workloadOf(said));
  const capacity = chooseCapacity(sizing, { sku: choices.sku });
  return costDrivers(sizing, { capacity, redundancy: 'RAGRS', pair: false, ...choices });
}

const quantities = ({ month }: ReturnType<typeof drivers>) =>
  Object.fromEntries(month.map(({ what, quantity, worst }) => [what, [Number(quantity.toFixed(2)), worst]]));

const ORDERS = { rate: 5_000, eventBytes: 1_000 };

test('Standard is billed by units, Capture and events; auto-inflate can double the first two', () => {
  assert.deepEqual(quantities(drivers(ORDERS)), {
    namespace: [6 * 730, 12 * 730],
    Capture: [6 * 730, 12 * 730],
    'events in': [13_140, null],
    // 5 MB/s for 7 days, less 6 x 84 GB of 1,024 MB each.
    'kept beyond what units include': [Number((3_024 - (6 * 84 * 1_024 ** 3) / 1e9).toFixed(2)), null],
    'read by consumers outside Azure': [13_140, null],
    'Capture files written': [140.16, null],
    'log of those writes (estimate)': [0.84, null],
  });
});

test('files are written by as many partitions as there will be, not by as many as would do', () => {
  const sizing = sizeNamespace(workloadOf(ORDERS), { partitions: 32 });
  const capacity = chooseCapacity(sizing, { partitions: 32 });
  const { month } = costDrivers(sizing, { capacity, redundancy: 'RAGRS', pair: false });
  const written = month.find(({ what }) => what === 'Capture files written');
  assert.equal(written!.quantity.toFixed(2), '560.64');
  assert.equal(sizing.archive.capturedPartitions, 64);
});

test('an event above 64 KB is billed as several', () => {
  assert.equal(quantities(drivers({ rate: 10, eventBytes: 65_537 }))['events in']![0], 10 * 2 * 2.628);
});

test('Premium includes Capture and events', () => {
  const { month } = drivers(ORDERS, { sku: 'Premium' });
  assert.deepEqual(
    month.filter(({ billedBy }) => billedBy === 'nothing, included').map(({ what }) => what),
    ['Capture', 'events in'],
  );
  assert.equal(month[0]!.billedBy, 'PU hours');
});

test('a geo-DR pair has a second namespace', () => {
  assert.equal(quantities(drivers(ORDERS, { pair: true }))['namespace in the second region']![0], 4_380);
});

test('the archive lies in four tiers with RA-GRS and in three with RA-GZRS; all of it is somewhere', () => {
  for (const [redundancy, tiers] of [
    ['RAGRS', ['Hot', 'Cool', 'Cold', 'Archive']],
    ['RAGZRS', ['Hot', 'Cool', 'Cold']],
  ] as const) {
    const { archive } = drivers(ORDERS, { redundancy });
    assert.deepEqual(
      archive.map(({ tier }) => tier),
      tiers,
    );
    const sum = (of: 'afterYearGb' | 'afterTenYearsGb') => archive.reduce((total, tier) => total + tier[of], 0);
    assert.ok(Math.abs(sum('afterYearGb') - 432 * 365.25) < 1e-6);
    assert.ok(Math.abs(sum('afterTenYearsGb') - 432 * 3_652.5) < 1e-6);
  }
});
