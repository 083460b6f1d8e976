import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { type Consignment, dueAt, factAt, promisedMs, roadOf } from '../../../../../apps/sandbox/carriers/road.ts';
import { EVENT_TYPES, type EventType, triggerOf } from '../../../../../lib/domain/event-types.ts';
import { PARCEL_FATES } from '../../../../../lib/domain/fields.ts';
import { PARCEL_MACHINE, type ParcelState } from '../../../../../lib/domain/parcel-machine.ts';
import { RETURN_MACHINE, type ReturnState } from '../../../../../lib/domain/return-machine.ts';

type Parcel = Extract<Consignment, { direction: 'parcel' }>;

const ORDER = '6b0e7a52-7a52-4c1e-9b7e-2f4f0f6f7d11';

const parcel = (changed: Partial<Parcel> = {}, simulation: Parcel['request']['simulation'] = {}): Parcel => ({
  ...{ trackingNo: 'SP1', carrier: 'swiftpost', state: 'handed_over', madeAt: 0, handedOverAt: 1_000 },
  direction: 'parcel',
  request: {
    ...{ order_id: ORDER, currency: 'USD', parcel_no: 1, carrier: 'swiftpost', service: 'standard' },
    ...{ warehouse: 'east', ship_to: { country: 'US', city: 'Reno', postcode_prefix: '895' } },
    lines: [{ sku: 'A-1', quantity: 1 }],
    simulation,
  },
  ...changed,
});

const sentBack: Consignment = {
  ...{ trackingNo: 'SP2', carrier: 'swiftpost', state: 'handed_over', madeAt: 0, handedOverAt: 1_000 },
  direction: 'return',
  request: {
    ...{ order_id: ORDER, currency: 'USD', carrier: 'swiftpost', return_id: ORDER },
    lines: [{ line: 1, sku: 'A-1', quantity: 3 }],
  },
};

/** Every fact of a road, in its order. */
function factsOf(consignment: Consignment) {
  return roadOf(consignment).map((_station, step) => factAt(consignment, step)!);
}

const typeAndTrigger = (type: string): [EventType, string] => [type as EventType, triggerOf(type as EventType)];

suite('roads of parcels', () => {
  const ends = {
    delivered: 'delivered',
    failed_once: 'delivered',
    lost: 'lost',
    returned_to_sender: 'returned_to_sender',
  } as const;
  for (const fate of PARCEL_FATES) {
    test(`${fate}: every station is a legal step of the parcel, the last one is its end`, () => {
      let state: ParcelState = 'ready';
      for (const { type, data } of factsOf(parcel({}, { parcel: fate }))) {
        const [eventType, trigger] = typeAndTrigger(type);
        state = PARCEL_MACHINE.next(state, trigger);
        assert.ok(Compile(EVENT_TYPES[eventType].data).Check(data), type);
      }
      assert.equal(state, ends[fate]);
    });
  }

  test('without a hint a parcel is delivered, and three in four are on time', () => {
    const promised = promisedMs('swiftpost', 'standard');
    const late = Array.from({ length: 1_000 }, (_none, index) => {
      const road = roadOf(parcel({ trackingNo: `SP${index}` }));
      assert.equal(road.at(-1)?.trigger, 'shipment.delivered');
      return road.at(-1)!.afterMs > promised;
    }).filter(Boolean).length;
    assert.ok(late > 200 && late < 300, `${late}`);
  });

  test('times never go back, each fact is another, and computed again they are the same', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PARCEL_FATES),
        fc.double({ min: 1, max: 10_000_000, noNaN: true }),
        fc.string({ minLength: 1, maxLength: 20 }),
        (fate, time_scale, trackingNo) => {
          const consignment = parcel({ trackingNo }, { parcel: fate, time_scale });
          const facts = factsOf(consignment);
          const times = facts.map((_fact, step) => dueAt(consignment, step)!);
          assert.deepEqual(
            times,
            times.toSorted((a, b) => a - b),
          );
          assert.ok(times[0]! > 1_000);
          assert.equal(new Set(facts.map(({ id }) => id)).size, facts.length);
          assert.deepEqual(factsOf(consignment), facts);
        },
      ),
    );
  });

  test('a million times as fast, the slowest road takes less than a second', () => {
    for (const carrier of ['swiftpost', 'parcelway', 'another']) {
      const consignment = parcel({ carrier }, { parcel: 'failed_once', time_scale: 1_000_000 });
      const last = dueAt(consignment, roadOf(consignment).length - 1)!;
      assert.ok(last - 1_000 < 1_000, `${carrier}: ${last}`);
    }
  });

  test('before the hand-over and behind the last station there is nothing to tell', () => {
    assert.equal(factAt(parcel({ handedOverAt: null }), 0), undefined);
    assert.equal(factAt(parcel(), 99), undefined);
  });
});

test('returned goods arrive whole and can be sold again', () => {
  let state: ReturnState = 'approved';
  const facts = factsOf(sentBack);
  for (const { type, data } of facts) {
    const [eventType, trigger] = typeAndTrigger(type);
    state = RETURN_MACHINE.next(state, trigger);
    assert.ok(Compile(EVENT_TYPES[eventType].data).Check(data), type);
  }
  assert.equal(state, 'received');
  assert.deepEqual((facts.at(-1)!.data as { lines: object }).lines, [{ line: 1, quantity: 3, resalable: true }]);
});
