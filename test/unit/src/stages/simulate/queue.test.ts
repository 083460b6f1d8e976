import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Queue } from '../../../../../src/stages/simulate/queue.ts';

test('it gives back what came in, in order, whatever the mix of calls', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer(), fc.constant('shift' as const)), { maxLength: 5_000 }), (calls) => {
      const queue = new Queue<number>();
      const model: number[] = [];
      for (const call of calls) {
        if (call === 'shift') assert.equal(queue.shift(), model.shift());
        else {
          queue.push(call);
          model.push(call);
        }
        assert.equal(queue.size, model.length);
        assert.equal(queue.first, model[0]);
      }
      assert.deepEqual(queue.drain(), model);
      assert.equal(queue.size, 0);
    }),
    { numRuns: 30 },
  );
});

test('a long queue shrinks as it is emptied', () => {
  const queue = new Queue<number>();
  for (let i = 0; i < 10_000; i++) queue.push(i);
  for (let i = 0; i < 10_000; i++) assert.equal(queue.shift(), i);
  assert.equal(queue.shift(), undefined);
});
