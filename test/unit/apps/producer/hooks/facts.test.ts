import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { factEvent } from '../../../../../apps/producer/hooks/facts.ts';
import { CloudEventEnvelope } from '../../../../../lib/domain/cloud-event.ts';
import { EVENT_TYPES, type EventType } from '../../../../../lib/domain/event-types.ts';
import { ORDER_ID, paymentFact, scanFact } from '../../../../helpers/facts.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const TIME = '2026-03-01T12:00:00Z';
const envelope = Compile(CloudEventEnvelope);

test('a fact of a provider is an event with its own id, its sender and the request that it answers', () => {
  const fact = paymentFact({ data: { op_key: `${ORDER_ID}:authorize:1` } });
  const event = factEvent(fact, 0, 'provider', TRACE);
  assert.ok(envelope.Check(event));
  assert.deepEqual([event.id, event.type, event.time], [fact.id, fact.type, fact.time]);
  assert.deepEqual([event.source, event.partitionkey], ['/psp/sandbox', ORDER_ID]);
  assert.equal(event.causationid, `${ORDER_ID}:authorize:1`);
  assert.equal(factEvent(scanFact(), 0, 'carrier', TRACE).source, '/carrier/swiftpost');
});

test('nobody speaks for another: what is not of the signer is refused by its place, whatever the type', () => {
  const sources = { provider: paymentFact(), carrier: scanFact() };
  for (const signer of ['provider', 'carrier'] as const) {
    for (const type of [...Object.keys(EVENT_TYPES), 'oms.nothing.v1', 'toString', '__proto__']) {
      if (EVENT_TYPES[type as EventType]?.source === signer) continue;
      assert.throws(() => factEvent({ ...sources[signer], type }, 7, signer, TRACE), {
        code: 'validation_failed',
        errors: [{ pointer: '/events/7/type', code: 'validation_failed', message: `is no word of a ${signer}` }],
      });
    }
  }
});

test('wrong data is refused by its place, and what a type does not know goes no further', () => {
  const place = (changes: Parameters<typeof paymentFact>[0]) => {
    try {
      factEvent(paymentFact(changes), 3, 'provider', TRACE);
      return undefined;
    } catch (error) {
      return (error as { errors: { pointer: string }[] }).errors[0]!.pointer;
    }
  };
  assert.equal(place({ data: { amount_minor: -1 } }), '/events/3/data/amount_minor');
  assert.equal(place({ data: { order_id: 'x' } }), '/events/3/data/order_id');
  assert.equal(place({ data: { provider_ref: 'référence' } }), '/events/3/data/provider_ref');
  assert.equal(place({ time: '2026-03-01T12:00:00+01:00' }), '/events/3/time');
  const data = { card: { number: '4111111111111111', cvv: '123' } };
  const event = factEvent(paymentFact({ data }), 0, 'provider', TRACE);
  assert.doesNotMatch(JSON.stringify(event), /4111|cvv/);
  const lines = [{ line: 1, quantity: 1, resalable: true, photo: '4111111111111111' }];
  const received = {
    ...scanFact({ type: 'oms.return.received.v1' }),
    data: { order_id: ORDER_ID, return_id: ORDER_ID, at: TIME, lines },
  };
  assert.deepEqual((factEvent(received, 0, 'carrier', TRACE).data as unknown as { lines: object[] }).lines, [
    { line: 1, quantity: 1, resalable: true },
  ]);
});

test('whatever the data is, it is an event that keeps the contract or a problem that points at the fact', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (data) => {
      const fact = { ...paymentFact(), data };
      try {
        factEvent(fact, 2, 'provider', TRACE);
      } catch (error) {
        const { code, errors } = error as { code: string; errors: { pointer: string }[] };
        assert.equal(code, 'validation_failed');
        assert.ok(errors.every(({ pointer }) => pointer.startsWith('/events/2/')));
      }
    }),
    { seed: 6 },
  );
});
