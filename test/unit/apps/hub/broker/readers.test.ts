import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { type Reader, Readers } from '../../../../../apps/hub/broker/readers.ts';

class FakeReader implements Reader {
  readonly name: string;
  readonly epoch: bigint | null;
  readonly next = 0;
  disconnected: AmqpError | null = null;

  constructor(name: string, epoch: bigint | null) {
    this.name = name;
    this.epoch = epoch;
  }

  disconnect(error: AmqpError): void {
    this.disconnected = error;
  }
}

test('whoever comes and goes: one owner alone, or at most five without a level', () => {
  const step = fc.record({ epoch: fc.option(fc.bigInt({ min: 0n, max: 3n })), leave: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const readers = new Readers();
      let present: FakeReader[] = [];
      for (const [i, { epoch, leave }] of steps.entries()) {
        const reader = new FakeReader(`r${i}`, epoch);
        const owner = present.find((other) => other.epoch !== null)?.epoch ?? null;
        const outranked = owner !== null && (epoch === null || epoch < owner);
        if (outranked || (epoch === null && present.length >= 5)) {
          const condition = outranked ? 'amqp:link:stolen' : 'amqp:resource-limit-exceeded';
          assert.throws(() => readers.add(reader), { condition });
        } else {
          readers.add(reader);
          present = epoch === null ? [...present, reader] : [reader];
        }
        if (leave && present.length > 0) readers.remove(present.shift()!);
        assert.equal(readers.size, present.length);
        assert.ok(present.every(({ disconnected }) => disconnected === null));
      }
    }),
  );
});

test('the one who is disconnected is told by whom and with which level', () => {
  const readers = new Readers();
  const old = new FakeReader('old', 1n);
  readers.add(old);
  readers.add(new FakeReader('new', 2n));
  assert.match(
    old.disconnected!.message,
    /New receiver 'new' with higher epoch of '2' .* current receiver 'old' with epoch '1'/,
  );
});
