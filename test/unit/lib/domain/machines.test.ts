import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EVENT_TYPES, type EventType, triggerOf } from '../../../../lib/domain/event-types.ts';
import type { Machine } from '../../../../lib/domain/machine.ts';
import { ORDER_MACHINE } from '../../../../lib/domain/order-machine.ts';
import { PARCEL_MACHINE } from '../../../../lib/domain/parcel-machine.ts';
import { PAYMENT_MACHINE } from '../../../../lib/domain/payment-machine.ts';
import { RETURN_MACHINE } from '../../../../lib/domain/return-machine.ts';

const FINAL: [Machine<string>, readonly string[]][] = [
  [ORDER_MACHINE, ['rejected', 'cancelled', 'returned', 'completed']],
  [PAYMENT_MACHINE, ['declined', 'voided', 'refunded', 'charged_back']],
  [PARCEL_MACHINE, ['delivered', 'lost', 'returned_to_sender', 'voided']],
  [RETURN_MACHINE, ['refunded', 'denied', 'expired', 'rejected']],
];

/** Steps that we take ourselves; every other trigger is an event's name. */
const OWN_STEPS = new Set([
  'decide',
  'settled',
  'return.refunded',
  'authorize',
  'capture',
  'void',
  'pack',
  'release',
  'inspect',
]);

function reachableFrom(machine: Machine<string>, start: string | null): Set<string> {
  const seen = new Set<string>();
  const open: (string | null)[] = [start];
  while (open.length > 0) {
    const from = open.pop()!;
    for (const row of machine.transitions.filter((candidate) => candidate.from === from)) {
      if (!seen.has(row.to)) open.push(row.to);
      seen.add(row.to);
    }
  }
  return seen;
}

for (const [machine, final] of FINAL) {
  suite(`${machine.name} machine`, () => {
    test('every state is reached from the start', () => {
      assert.deepEqual([...reachableFrom(machine, null)].sort(), [...machine.states].sort());
    });

    test('every state can end, and the final ones are those that say so', () => {
      assert.deepEqual(
        machine.states.filter((state) => machine.isFinal(state)),
        final,
      );
      for (const state of machine.states) {
        const ends = [...reachableFrom(machine, state)].some((one) => machine.isFinal(one));
        assert.ok(machine.isFinal(state) || ends, state);
      }
    });

    test('no step is ambiguous', () => {
      const keys = machine.transitions.map((row) => `${row.from}|${row.trigger}|${row.when}`);
      assert.equal(new Set(keys).size, keys.length);
    });

    test('every trigger is an event that exists, or a step of our own', () => {
      const events = new Set((Object.keys(EVENT_TYPES) as EventType[]).map(triggerOf));
      const unknown = machine.transitions.filter(({ trigger }) => !events.has(trigger) && !OWN_STEPS.has(trigger));
      assert.deepEqual(unknown, []);
    });
  });
}

suite('machine', () => {
  test('a step that the table does not have is refused', () => {
    assert.equal(ORDER_MACHINE.next('received', 'decide', 'stock_ok'), 'reserved');
    assert.throws(() => ORDER_MACHINE.next('reserved', 'decide', 'stock_ok'), RangeError);
    assert.ok(ORDER_MACHINE.isLegalStep(null, 'order.placed', 'received'));
    assert.ok(!ORDER_MACHINE.isLegalStep('received', 'payment.authorized', 'confirmed'));
  });

  test('early is what can still come to mean something, late what cannot', () => {
    assert.ok(PARCEL_MACHINE.canStillAccept('label_created', 'shipment.delivered'));
    assert.ok(!PARCEL_MACHINE.canStillAccept('delivered', 'shipment.in_transit'));
    assert.ok(!PAYMENT_MACHINE.canStillAccept('capturing', 'payment.authorized'));
  });

  test('a failed capture is the only way back to authorized', () => {
    const into = PAYMENT_MACHINE.transitions.filter(({ to }) => to === 'authorized');
    assert.deepEqual(
      into.map(({ from, trigger }) => `${from} by ${trigger}`),
      [
        'authorizing by payment.authorized',
        'requires_action by payment.authorized',
        'capturing by payment.capture_failed',
      ],
    );
  });
});
