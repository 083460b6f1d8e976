import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Workload } from '../../../../../../src/stages/provision/environment.ts';
import { growthOf } from '../../../../../../src/stages/provision/sizing/archive-growth.ts';
import { meanEventBytes, workloadOf } from '../../../../../../src/stages/provision/sizing/load.ts';
import { sizeNamespace } from '../../../../../../src/stages/provision/sizing/sizing.ts';

const facts = JSON.parse(
  readFileSync(new URL('../../../../../fixtures/event-hubs/sizing.json', import.meta.url), 'utf8'),
);

const size = (rate: number, eventBytes: number, consumers = 1, eventsPerOrder = 1) =>
  sizeNamespace({ rate, eventBytes, consumers, eventsPerOrder });

for (const { rate, eventBytes, consumers, throughputUnits, tier, partitions } of facts.vectors) {
  test(`${rate}/s of ${eventBytes} B for ${consumers} groups: ${throughputUnits} TU, ${partitions} partitions, ${tier}`, () => {
    const { throughputUnits: units, standard } = size(rate, eventBytes, consumers);
    assert.equal(units, throughputUnits);
    assert.equal(standard.holds ? 'Standard' : 'Premium', tier);
    assert.equal(standard.holds ? standard.partitions : null, partitions);
  });
}

for (const { rate, throughputUnits, partitions } of facts.tested) {
  test(`${rate}/s gives the ${throughputUnits} TU and ${partitions} partitions Microsoft tested`, () => {
    const { standard } = size(rate, 1_000);
    assert.ok(standard.holds);
    assert.deepEqual([standard.units, standard.partitions], [throughputUnits, partitions]);
  });
}

test('5,000 orders a second of 1,024 B: 6 TU with one consumer group, 9 with three, 8 partitions', () => {
  const one = size(5_000, 1_024);
  assert.deepEqual(one.standard, { holds: true, units: 6, maximumUnits: 12, partitions: 8 });
  assert.equal(one.binding, 'events in');
  const three = size(5_000, 1_024, 3);
  assert.deepEqual(three.standard, { holds: true, units: 9, maximumUnits: 18, partitions: 8 });
  assert.equal(three.binding, 'data out');
});

test('the arithmetic is carried line by line', () => {
  const { demands } = size(5_000, 1_024, 3);
  assert.deepEqual(
    demands.map(({ what, amount, limit, units }) => [what, amount, limit, Number(units.toFixed(3))]),
    [
      ['events in', 5_000, 1_000, 5],
      ['data in', 5_120_000, 1_048_576, 4.883],
      ['events out', 15_000, 4_096, 3.662],
      ['data out', 15_360_000, 2_097_152, 7.324],
    ],
  );
});

test('the whole life of 5,000 orders a second needs 48 TU and 40 partitions, which no Standard namespace has', () => {
  const { life } = sizeNamespace(workloadOf({ rate: 5_000 }));
  assert.deepEqual(
    [life.load.eventsPerSecond, life.load.bytesPerOrder, life.load.bytesPerSecond, life.throughputUnits],
    [40_000, 7_776, 38_880_000, 48],
  );
  assert.ok(!life.standard.holds);
  assert.deepEqual(life.standard.reasons, [
    'events in 40.00 x 1.2 = 48.00, rounded up: 48 TU, more than the 40 of a Standard namespace',
    '40,000 events/s need 40 partitions, more than the 32 of a Standard hub',
  ]);
  assert.deepEqual(life.premium, { holds: true, units: 8, maximumUnits: 0, partitions: 64 });
});

test('events of a size of their own keep it in the whole life', () => {
  assert.equal(size(100, 1_024).life.load.bytesPerOrder, 8 * 1_024);
});

test('asking for the whole life sizes the same as what is said of it anyway', () => {
  const { life, ...asked } = sizeNamespace(workloadOf({ rate: 500, eventsPerOrder: 8 }));
  assert.deepEqual({ ...life, workload: asked.workload }, asked);
  assert.equal(asked.throughputUnits, 5);
  assert.equal(sizeNamespace(workloadOf({ rate: 500, eventsPerOrder: 12 })).life.load.eventsPerOrder, 12);
});

test('what nobody said is what our own events have', () => {
  assert.deepEqual(workloadOf({ rate: 7 }), { rate: 7, eventBytes: 1_693, eventsPerOrder: 1, consumers: 1 });
  assert.equal(meanEventBytes(8), 972);
});

test('the archive grows as computed', () => {
  const { rate, eventBytes, gbPerDay, tbPerYear, pbInTenYears } = facts.archive;
  const { archive } = size(rate, eventBytes);
  assert.equal(archive.bytesPerDay / 1e9, gbPerDay);
  assert.equal(Number((archive.bytesPerYear / 1e12).toFixed(1)), tbPerYear);
  assert.equal(Number((archive.bytesInTenYears / 1e15).toFixed(3)), pbInTenYears);
  assert.equal(archive.capturedPartitions, 16);
});

for (const { partitions, seconds, perDay, millionInTenYears } of facts.archive.files) {
  test(`Capture writes ${perDay} files a day from ${partitions} partitions every ${seconds} s`, () => {
    // Both hubs that are captured have half of the partitions.
    const { filesPerDay, filesInTenYears } = growthOf(1_000_000, partitions / 2, seconds);
    assert.equal(filesPerDay, perDay);
    assert.equal(Number((filesInTenYears / 1e6).toFixed(2)), millionInTenYears);
  });
}

test('files that are full before their time make more of them', () => {
  const bytesPerSecond = 100_000_000;
  const { filesPerDay } = growthOf(bytesPerSecond, 32, 900);
  assert.equal(filesPerDay, Math.ceil((bytesPerSecond * 86_400) / 314_572_800 + 32 * 96));
});

test('more groups than a hub can have hold on no tier', () => {
  assert.equal(size(1, 1, 18).standard.holds, true);
  const { standard, premium } = size(1, 1, 19);
  assert.deepEqual(standard, {
    holds: false,
    reasons: ['19 consumer groups, $Default and that of the checks are more than the 20 of a Standard hub'],
  });
  assert.equal(premium.holds, true);
  assert.equal(size(1, 1, 99).premium.holds, false);
});

const workloads = fc.record<Workload>({
  rate: fc.integer({ min: 1, max: 100_000 }),
  eventBytes: fc.integer({ min: 1, max: 65_536 }),
  eventsPerOrder: fc.integer({ min: 1, max: 20 }),
  consumers: fc.integer({ min: 1, max: 30 }),
});

/** Rounded up of a fraction of whole numbers, exactly. */
const ceiling = (amount: bigint, limit: bigint) => (amount + limit - 1n) / limit;

test('units are the exact ceiling of every limit with headroom, and partitions hold every limit', () => {
  fc.assert(
    fc.property(workloads, (workload) => {
      const sizing = sizeNamespace(workload);
      const exact = sizing.demands.map(({ amount, limit }) => ceiling(12n * BigInt(amount), 10n * BigInt(limit)));
      const most = exact.reduce((a, b) => (a > b ? a : b));
      assert.equal(BigInt(sizing.throughputUnits), most > 1n ? most : 1n);
      for (const fit of [sizing.standard, sizing.premium]) {
        if (!fit.holds) continue;
        assert.ok(fit.partitions * 1_000 >= sizing.load.eventsPerSecond);
        assert.ok(fit.partitions * 1_048_576 >= sizing.load.bytesPerSecond);
      }
    }),
  );
});

test('more of anything never needs less', () => {
  fc.assert(
    fc.property(workloads, fc.constantFrom('rate', 'eventBytes', 'eventsPerOrder', 'consumers'), (workload, name) => {
      const less = sizeNamespace(workload);
      const more = sizeNamespace({ ...workload, [name]: workload[name as keyof Workload] + 1 });
      assert.ok(more.throughputUnits >= less.throughputUnits);
      assert.ok(less.standard.holds || !more.standard.holds);
      assert.ok(less.premium.holds || !more.premium.holds);
    }),
  );
});
