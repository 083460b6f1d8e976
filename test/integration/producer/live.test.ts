import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { startProducer } from '../../../apps/producer/app.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { openEventSource } from '../../helpers/event-source.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { startPipeline } from '../../helpers/pipeline.ts';
import { ORDER, SECRETS } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';

const STAFF = { authorization: `Bearer ${SECRETS.admin}` };
const UNKNOWN = '00000000-0000-8000-8000-000000000001';

/** The order API on a pipeline of its own. */
async function startShop(t: TestContext) {
  const pipeline = await startPipeline(t, { partitions: 2 });
  const producer = await startProducer(
    {
      namespace: { connectionString: pipeline.hub.connectionString },
      ordersHub: 'orders',
      databaseUrl: pipeline.database.appUrl,
      secrets: SECRETS,
      http: { host: '127.0.0.1', port: 0 },
    },
    createLogger('producer', 'silent'),
  );
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= producer.stop();
    return stopped;
  };
  t.after(stop);
  const url = `http://127.0.0.1:${producer.port}`;
  const ready = async () => (await fetch(`${url}/readyz`)).ok;
  await until('the order API is ready', ready);
  const post = async (path: string, body: object, headers: Record<string, string>) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 202, await answer.clone().text());
    return answer.json() as Promise<{ order_id: string }>;
  };
  return {
    ...{ pipeline, url, stop },
    place: async (key: string) => (await post('/api/orders', ORDER, { 'idempotency-key': key })).order_id,
    cancel: (id: string) => post(`/api/admin/orders/${id}/cancel`, { by: 'ann' }, STAFF),
  };
}

const statusOf = ({ data }: { data: string }) => (JSON.parse(data) as { status: string }).status;

suite('live orders', { concurrency: false }, () => {
  test('an order moves on many screens: accepted, stored, cancelled, over', async (t) => {
    const { pipeline, url, place, cancel } = await startShop(t);
    const id = await place('one');
    const sources = await Promise.all(
      Array.from({ length: 20 }, () => openEventSource(t, `${url}/api/orders/${id}/events`)),
    );
    for (const source of sources) await source.next(({ event }) => event === 'accepted');
    await pipeline.startConsumer();
    for (const source of sources) {
      const stored = await source.next(({ event }) => event === 'order');
      assert.equal(statusOf(stored), 'reserved');
    }
    const view = await (await fetch(`${url}/api/orders/${id}`)).json();
    assert.deepEqual(JSON.parse(sources[0]!.events.at(-1)!.data), view);

    await cancel(id);
    for (const source of sources)
      await source.next((event) => event.event === 'order' && statusOf(event) === 'closing');
    // No provider is there to answer, which would take the order to its end.
    await pipeline.count("UPDATE orders SET status = 'cancelled', version = version + 1");
    for (const source of sources) {
      await source.next(({ event }) => event === 'end');
      assert.equal(statusOf(source.events.at(-2)!), 'cancelled');
      await until('the stream has ended', () => source.ended);
    }
    const ids = sources[0]!.events.flatMap((event) => (event.id === undefined ? [] : Number(event.id)));
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => a - b),
    );

    const again = await openEventSource(t, `${url}/api/orders/${id}/events`, { 'last-event-id': String(ids[0]) });
    assert.equal(statusOf(await again.next(({ event }) => event === 'order')), 'cancelled');
    const seen = { 'last-event-id': String(ids.at(-1)) };
    assert.equal((await openEventSource(t, `${url}/api/orders/${id}/events`, seen)).status, 204);
  });

  test('while the database is away a stream stays, and goes on when it is back', async (t) => {
    const { pipeline, url, place, cancel, stop } = await startShop(t);
    const consumer = await pipeline.startConsumer();
    const id = await place('one');
    const source = await openEventSource(t, `${url}/api/orders/${id}/events`);
    const { id: first } = await source.next(({ event }) => event === 'order');
    const seen = await openEventSource(t, `${url}/api/orders/${id}/events`, { 'last-event-id': first! });
    const other = await place('other');
    await until('both are stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 2);
    await pipeline.database.kill9();
    const late = await openEventSource(t, `${url}/api/orders/${other}/events`);
    assert.equal(late.status, 200);
    await pipeline.database.restart();
    await late.next(({ event }) => event === 'order');
    await cancel(id);
    for (const one of [source, seen])
      await one.next((event) => event.event === 'order' && statusOf(event) === 'closing');
    assert.equal(seen.events.filter((event) => event.id === first).length, 0);
    await consumer.stop();

    const waiting = await openEventSource(t, `${url}/api/orders/${await place('two')}/events`);
    await stop();
    await until('it has ended', () => waiting.ended);
    assert.match(waiting.text(), /retry: \d{3}\n\n$/);
  });

  test('an order that nobody knows, and an id that is none, are refused', async (t) => {
    const { url } = await startShop(t);
    assert.equal((await openEventSource(t, `${url}/api/orders/${UNKNOWN}/events`)).status, 404);
    assert.equal((await openEventSource(t, `${url}/api/orders/x/events`)).status, 400);
  });

  test('the staff see the flow every second: what comes, how far it is, what waits', async (t) => {
    const { pipeline, url, place } = await startShop(t);
    assert.equal((await openEventSource(t, `${url}/api/admin/live`)).status, 401);
    await place('one');
    const source = await openEventSource(t, `${url}/api/admin/live`, STAFF);
    const boardOf = ({ data }: { data: string }) => JSON.parse(data);
    await pipeline.startConsumer();
    await source.next((event) => boardOf(event).newest.length === 1, 20_000);
    await source.next((event) => boardOf(event).placed_per_minute === 1);
    await source.next((event) => boardOf(event).open_orders.reserved === 1);
    // Partitions are taken over one after the other: a look in between shows only the first.
    const isWhole = (event: { data: string }) => boardOf(event).partitions.length === 2;
    const caughtUp = await source.next((event) => isWhole(event) && boardOf(event).behind === 0, 20_000);
    assert.deepEqual(
      boardOf(caughtUp).partitions.map(({ behind, owner }: { behind: number; owner: string }) => [
        behind,
        typeof owner,
      ]),
      [
        [0, 'string'],
        [0, 'string'],
      ],
    );
    const now = await fetch(`${url}/api/admin/live`, { headers: STAFF });
    assert.equal(((await now.json()) as { newest: unknown[] }).newest.length, 1);
  });

  test('dead letters are listed a page at a time, without what they quote', async (t) => {
    const { pipeline, url } = await startShop(t);
    const list = async (query: string) =>
      (await fetch(`${url}/api/admin/dead-letters${query}`, { headers: STAFF })).json();
    assert.deepEqual(await list(''), { items: [], next: null });
    await pipeline.startConsumer();
    const broken = ['k1', 'k2', 'k3'].map((key) => {
      const { data, ...envelope } = placedEvent({ key });
      return { ...envelope, data: { ...data, lines: [], note: 'for Erika Mustermann' } };
    });
    await pipeline.send(broken);
    await until('three letters', async () => (await pipeline.count('SELECT COUNT(*) FROM dead_letters')) === 3);
    type Page = { items: { id: number; detail: string | null }[]; next: number | null };
    const first = (await list('?limit=2')) as Page;
    const second = (await list(`?limit=2&after=${first.next}`)) as Page;
    assert.equal(new Set([...first.items, ...second.items].map(({ id }) => id)).size, 3);
    assert.equal(second.next, null);
    assert.doesNotMatch(JSON.stringify([first, second]), /Erika/);
  });
});
