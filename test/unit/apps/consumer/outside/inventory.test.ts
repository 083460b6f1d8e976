import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpInventory } from '../../../../../apps/consumer/outside/inventory.ts';
import { OutcomeUnknownError } from '../../../../../apps/consumer/outside/performer.ts';
import { startFakePeer } from '../../../../helpers/fake-peer.ts';

test('an inventory whose pages never end is given up', { timeout: 10_000 }, async (t) => {
  const fake = await startFakePeer(t, () => ({ json: { levels: [], next: 'again' } }));
  const inventory = new HttpInventory(fake.url);
  t.after(() => inventory.close());
  const readAll = async () => {
    for await (const levels of inventory.levels(new AbortController().signal)) assert.deepEqual(levels, []);
  };
  await assert.rejects(readAll(), OutcomeUnknownError);
  assert.equal(fake.calls.length, 2);
});
