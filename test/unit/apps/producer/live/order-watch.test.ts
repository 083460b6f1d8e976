import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type OrderNews, OrderWatch } from '../../../../../apps/producer/live/order-watch.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import { until } from '../../../../helpers/until.ts';

/** A database of stamps that counts what it is asked. */
function startWatch(t: TestContext, batch = 500) {
  const stamps = new Map<string, number>();
  const asked = { rounds: [] as number[], reads: [] as string[] };
  const database = { isAway: false };
  const source = {
    stamps: async (ids: readonly string[]) => {
      asked.rounds.push(ids.length);
      if (database.isAway) throw new Error('away');
      return new Map(ids.flatMap((id) => (stamps.has(id) ? [[id, stamps.get(id)!] as const] : [])));
    },
    read: async (id: string) => {
      asked.reads.push(id);
      if (id === 'broken') throw new Error('cannot be shown');
      return { view: `${id}@${stamps.get(id)}`, isFinal: false };
    },
  };
  const watch = new OrderWatch(source, createLogger('producer', 'silent'), { everyMs: 1, batch });
  t.after(() => watch.stop());
  return { watch, stamps, asked, database };
}

const collect = () => {
  const seen: OrderNews[] = [];
  return { seen, listener: (news: OrderNews) => seen.push(news) };
};

suite('the watch over orders', () => {
  test('tells who looks how an order is, and each change of it, once', async (t) => {
    const { watch, stamps, asked } = startWatch(t);
    stamps.set('a', 1);
    const [first, second] = [collect(), collect()];
    watch.watch('a', first.listener);
    await until('told', () => first.seen.length === 1);
    watch.watch('a', second.listener);
    assert.deepEqual(second.seen, [{ stamp: 1, view: 'a@1', isFinal: false }]);
    const { length } = asked.rounds;
    await until('asked again', () => asked.rounds.length > length + 2);
    stamps.set('a', 2);
    await until('told of the change', () => first.seen.length === 2 && second.seen.length === 2);
    assert.deepEqual(asked.reads, ['a', 'a']);
  });

  test('an order that is stored later is told of then', async (t) => {
    const { watch, stamps, asked } = startWatch(t);
    const { seen, listener } = collect();
    watch.watch('a', listener);
    await until('asked', () => asked.rounds.length > 2);
    stamps.set('a', 1);
    await until('told', () => seen.length === 1);
  });

  test('asks for all orders together, in batches, and not at all when nobody looks', async (t) => {
    const { watch, asked } = startWatch(t, 100);
    const ends = Array.from({ length: 250 }, (_none, n) => watch.watch(`o-${n}`, () => {}));
    await until('a round', () => asked.rounds.filter((size) => size === 50).length >= 1);
    assert.deepEqual([...new Set(asked.rounds)].sort(), [1, 100, 50].sort());
    for (const end of ends) end();
    assert.equal(watch.size, 0);
    await until('it rests', () => {
      const { length } = asked.rounds;
      return new Promise((resolve) => setTimeout(() => resolve(asked.rounds.length === length), 20));
    });
  });

  test('goes on when the database is back, and when one order cannot be shown', async (t) => {
    const { watch, stamps, asked, database } = startWatch(t);
    const { seen, listener } = collect();
    database.isAway = true;
    watch.watch('broken', listener);
    watch.watch('a', listener);
    await until('asked in vain', () => asked.rounds.length > 2);
    for (const id of ['broken', 'a']) stamps.set(id, 7);
    database.isAway = false;
    await until('told', () => seen.length === 1);
    assert.equal(seen[0]!.view, 'a@7');
  });
});
