import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OmsError } from '../../../../../../src/errors.ts';
import { type CapacityWanted, chooseCapacity } from '../../../../../../src/stages/provision/sizing/capacity.ts';
import { workloadOf } from '../../../../../../src/stages/provision/sizing/load.ts';
import { sizeNamespace } from '../../../../../../src/stages/provision/sizing/sizing.ts';

/** 6 TU and 8 partitions. */
const usual = sizeNamespace(workloadOf({ rate: 5_000, eventBytes: 1_024 }));
/** 48 TU and 40 partitions. */
const great = sizeNamespace(workloadOf({ rate: 5_000, eventsPerOrder: 8 }));

function failure(run: () => unknown): OmsError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof OmsError, String(error));
    return error;
  }
  throw new Error('nothing was thrown');
}

suite('what is chosen', () => {
  const CHOICES: [wanted: CapacityWanted, units: number, maximumUnits: number, partitions: number][] = [
    [{}, 6, 12, 8],
    [{ sku: 'Standard' }, 6, 12, 8],
    [{ units: 10 }, 10, 12, 8],
    [{ units: 20 }, 20, 20, 8],
    // Auto-inflate gets there.
    [{ units: 1 }, 1, 12, 8],
    [{ units: 1, maximumUnits: 6 }, 1, 6, 8],
    [{ maximumUnits: 0 }, 6, 0, 8],
    [{ maximumUnits: 40, partitions: 32 }, 6, 40, 32],
    // Not one of the usual numbers, and enough.
    [{ partitions: 5 }, 6, 12, 5],
  ];
  for (const [wanted, units, maximumUnits, partitions] of CHOICES) {
    test(`${JSON.stringify(wanted)} is ${units} TU up to ${maximumUnits}, ${partitions} partitions`, () => {
      assert.deepEqual(chooseCapacity(usual, wanted), { sku: 'Standard', units, maximumUnits, partitions });
    });
  }

  test('Premium by its estimate, or by what is said', () => {
    const premium = { sku: 'Premium' as const };
    assert.deepEqual(chooseCapacity(great, premium), { ...premium, units: 8, maximumUnits: 0, partitions: 64 });
    assert.deepEqual(chooseCapacity(great, { ...premium, units: 4 }), {
      ...premium,
      units: 4,
      maximumUnits: 0,
      partitions: 64,
    });
  });
});

test('what Standard cannot hold is refused with the arithmetic, and calls that can be made instead', () => {
  const error = failure(() => chooseCapacity(great));
  assert.equal(error.code, 'refused');
  assert.equal(
    error.message,
    'a Standard namespace cannot hold 40,000 events/s with 37.08 MB/s, read by 1 consumer group',
  );
  assert.match(error.why!, /events in 40\.00 x 1\.2 = 48\.00, rounded up: 48 TU, more than the 40/);
  assert.deepEqual(error.next, [
    'oms provision --rate 5000 --event-bytes 972 --events-per-order 8 --consumers 1 --sku Premium  # about 8 processing units',
    'oms provision --rate 4000 --event-bytes 972 --events-per-order 8 --consumers 1  # the most that Standard holds',
  ]);
});

test('the most that is said to fit does fit, and one more does not', () => {
  for (const workload of [
    workloadOf({ rate: 90_000, eventBytes: 300, consumers: 4 }),
    workloadOf({ rate: 9_999, eventBytes: 9_000 }),
  ]) {
    const { next } = failure(() => chooseCapacity(sizeNamespace(workload)));
    const most = Number(/--rate (\d+) .*# the most/.exec(next.join('\n'))![1]);
    assert.ok(sizeNamespace({ ...workload, rate: most }).standard.holds);
    assert.ok(!sizeNamespace({ ...workload, rate: most + 1 }).standard.holds);
  }
});

test('what no tier holds says so', () => {
  const huge = sizeNamespace(workloadOf({ rate: 1_000_000, eventBytes: 1_048_576 }));
  const error = failure(() => chooseCapacity(huge, { sku: 'Premium' }));
  assert.equal(error.code, 'refused');
  assert.deepEqual(error.next, ['spread the orders over several namespaces']);
});

const WRONG: [wanted: CapacityWanted, code: string, message: RegExp][] = [
  [{ units: 2, maximumUnits: 4 }, 'refused', /4 throughput units are too few/],
  [{ units: 5, maximumUnits: 0 }, 'refused', /5 throughput units are too few/],
  [{ units: 41 }, 'usage', /too many throughput units/],
  [{ units: 8, maximumUnits: 7 }, 'usage', /--max-units is below --units/],
  [{ partitions: 4 }, 'refused', /4 partitions are too few for 5,000 events\/s/],
  [{ partitions: 33 }, 'usage', /--partitions: 33 are too many/],
  [{ sku: 'Premium', units: 3 }, 'usage', /--units: 3 is no choice of Premium/],
  [{ sku: 'Premium', maximumUnits: 8 }, 'usage', /--max-units is of Standard alone/],
  [{ sku: 'Premium', partitions: 101 }, 'usage', /--partitions: 101 are too many/],
  [{ sku: 'Premium', units: 1, partitions: 100 }, 'usage', /100 are too many for 1 processing units/],
];
for (const [wanted, code, message] of WRONG) {
  test(`${JSON.stringify(wanted)} is told what is wrong (${code})`, () => {
    const error = failure(() => chooseCapacity(usual, wanted));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.why && error.next.length > 0);
  });
}
