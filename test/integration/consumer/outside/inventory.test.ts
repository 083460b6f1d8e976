import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { HttpInventory, InventorySync, type StockLevel } from '../../../../apps/consumer/outside/inventory.ts';
import { type PeerReply, startFakePeer } from '../../../helpers/fake-peer.ts';
import { seedProducts } from '../../../helpers/orders.ts';
import { FakeSender } from '../../../helpers/outside.ts';
import { startOutsideDatabase } from '../../../helpers/outside-rows.ts';

const { signal } = new AbortController();
const ON_HAND = 100;

const level = (sku: string, on_hand: number, revision = 'r1'): StockLevel => ({
  sku,
  warehouse: 'East',
  on_hand,
  revision,
});

/** Books with 100 of A, B and C each, and an inventory that serves these pages. */
async function start(t: TestContext, pages: Record<string, PeerReply>) {
  const { database, pool } = await startOutsideDatabase(t);
  await seedProducts(database.url, ON_HAND);
  const fake = await startFakePeer(t, ({ path }) => pages[path] ?? { status: 404 });
  const sender = new FakeSender();
  const newSync = () => {
    const inventory = new HttpInventory(fake.url);
    t.after(() => inventory.close());
    return new InventorySync(inventory, pool, sender);
  };
  return { sender, newSync };
}

suite('an external inventory', () => {
  test('counts become events: more came in, less is a difference, and none is said as well', async (t) => {
    const { sender, newSync } = await start(t, {
      '/levels': { json: { levels: [level('A', 130), level('unknown', 5)], next: 'p 2' } },
      '/levels?after=p%202': { json: { levels: [level('B', 90), level('C', 100)], next: null } },
    });
    assert.equal(await newSync().round(signal), true);
    const said = sender.sent.map(({ type, source, subject, partitionkey, data }) => {
      return { type, source, subject, partitionkey, data };
    });
    const of = (sku: string) => ({ source: '/inventory/http', subject: `stock/${sku}`, partitionkey: sku });
    const adjusted = (sku: string, quantity: number) => ({
      ...of(sku),
      type: 'oms.stock.adjusted.v1',
      data: { sku, warehouse: 'East', quantity, reason: 'external count' },
    });
    assert.deepEqual(said, [
      { ...of('A'), type: 'oms.stock.received.v1', data: { sku: 'A', warehouse: 'East', quantity: 30 } },
      adjusted('B', -10),
      adjusted('C', 0),
    ]);
  });

  test('a count is said once; who reads it too, or again, says it under the same id', async (t) => {
    const pages: Record<string, PeerReply> = { '/levels': { json: { levels: [level('A', 90)], next: null } } };
    const { sender, newSync } = await start(t, pages);
    const sync = newSync();
    await sync.round(signal);
    assert.equal(await sync.round(signal), false);
    assert.equal(sender.sent.length, 1);
    await newSync().round(signal);
    assert.equal(sender.sent[1]?.id, sender.sent[0]?.id);
    pages['/levels'] = { json: { levels: [level('A', 80, 'r2')], next: null } };
    await sync.round(signal);
    assert.notEqual(sender.sent[2]?.id, sender.sent[0]?.id);
  });

  test('what is no page of counts says nothing', async (t) => {
    const pages: Record<string, PeerReply> = { '/levels': { json: { levels: [{ sku: 'A' }], next: null } } };
    const { sender, newSync } = await start(t, pages);
    await assert.rejects(newSync().round(signal), /no page of levels/);
    assert.deepEqual(sender.sent, []);
  });
});
