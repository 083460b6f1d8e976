import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultRule } from '../../../../../apps/hub/faults/fault-rules.ts';
import { FaultSwitches } from '../../../../../apps/hub/faults/fault-switches.ts';

const DRAWS = 10_000;

function kinds(faults: FaultSwitches, draws = DRAWS, hub = 'orders', partition = '0') {
  return Array.from({ length: draws }, () => faults.draw('send', hub, partition)?.kind ?? null);
}

function switches(rules: FaultRule[], seed?: number): FaultSwitches {
  const faults = new FaultSwitches();
  faults.set({ ...(seed !== undefined && { seed }), rules });
  return faults;
}

test('without rules nothing goes wrong', () => {
  const faults = new FaultSwitches();
  assert.equal(faults.active, false);
  assert.equal(faults.draw('send', 'orders', '0'), null);
});

test('a rule hits at its rate, and the same ones with the same seed', () => {
  const rules: FaultRule[] = [{ fault: 'throttle', rate: 0.05 }];
  const seen = kinds(switches(rules, 7));
  const hits = seen.filter((kind) => kind === 'throttle').length;
  assert.ok(hits > 400 && hits < 600, `${hits} of ${DRAWS}`);
  assert.deepEqual(kinds(switches(rules, 7)), seen);
  assert.notDeepEqual(kinds(switches(rules, 8)), seen);
});

test('setting the same again begins anew', () => {
  const faults = switches([{ fault: 'drop', rate: 0.3 }], 3);
  const seen = kinds(faults);
  faults.set(faults.settings);
  assert.deepEqual(kinds(faults), seen);
});

test('rate 0 never, rate 1 always, times so often', () => {
  assert.ok(kinds(switches([{ fault: 'drop', rate: 0 }])).every((kind) => kind === null));
  assert.ok(kinds(switches([{ fault: 'drop', rate: 1 }])).every((kind) => kind === 'drop'));
  const three = kinds(switches([{ fault: 'detach', rate: 1, times: 3 }]), 5);
  assert.deepEqual(three, ['detach', 'detach', 'detach', null, null]);
});

test('a rule keeps to its side, its hub and its partition', () => {
  const faults = switches([{ fault: 'drop', rate: 1, side: 'receive', hub: 'Orders', partition: '2' }]);
  assert.equal(faults.draw('send', 'orders', '2'), null);
  assert.equal(faults.draw('receive', 'returns', '2'), null);
  assert.equal(faults.draw('receive', 'orders', '1'), null);
  assert.equal(faults.draw('receive', 'orders', '2')?.kind, 'drop');
});

test('the first rule that hits is the one; every fault is told', () => {
  const told: string[] = [];
  const faults = new FaultSwitches((kind, side) => told.push(`${side} ${kind}`));
  faults.set({
    rules: [
      { fault: 'delay', rate: 1, times: 1, delayMs: 20 },
      { fault: 'duplicate', rate: 1 },
    ],
  });
  assert.equal(faults.draw('send', 'a', '0')?.delayMs, 20);
  assert.equal(faults.draw('receive', 'a', '0')?.kind, 'duplicate');
  assert.deepEqual(told, ['send delay', 'receive duplicate']);
});

test('what ends a link hits batches before and after they are stored', () => {
  const faults = switches([{ fault: 'detach', rate: 1 }]);
  const stored = Array.from({ length: 100 }, () => faults.draw('send', 'a', '0')!.stored);
  assert.ok(stored.includes(true) && stored.includes(false));
});
