import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { createServer } from '../../../../../apps/producer/http/server.ts';
import type { EventStream } from '../../../../../apps/producer/live/event-stream.ts';
import { StreamHouse, type StreamLimits } from '../../../../../apps/producer/live/stream-house.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import { openEventSource } from '../../../../helpers/event-source.ts';
import { until } from '../../../../helpers/until.ts';

/** @param ready what a stream waits for before it opens */
async function startHouse(t: TestContext, limits: Partial<StreamLimits> = {}, ready: () => unknown = () => {}) {
  const app = createServer(createLogger('producer', 'silent'));
  const house = new StreamHouse(app, limits);
  const streams: EventStream[] = [];
  app.get('/:topic', async (request, reply) => {
    await ready();
    streams.push(house.open(reply, (request.params as { topic: string }).topic, () => {}));
    return reply;
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  const open = (topic = 'a') => openEventSource(t, `http://127.0.0.1:${port}/${topic}`);
  return { app, house, streams, open };
}

suite('streams of events', () => {
  test('an event comes with its name and id, as soon as it is sent', async (t) => {
    const { streams, open } = await startHouse(t);
    const source = await open();
    assert.equal(source.headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(source.headers['cache-control'], 'no-store');
    streams[0]!.send({ event: 'order', data: '{"a":1}', id: '7' });
    const { event, data, id } = await source.next(() => true);
    assert.deepEqual({ event, data, id }, { event: 'order', data: '{"a":1}', id: '7' });
    assert.match(source.text(), /^retry: (?:1\d\d\d|2000)\n\n/);
  });

  test('more than there may be are refused, by process and by topic, until one ends', async (t) => {
    const { house, open } = await startHouse(t, { perProcess: 3, perTopic: 2 });
    const [first] = [await open('a'), await open('a')];
    const refused = await open('a');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '5']);
    assert.equal((await open('b')).status, 200);
    assert.equal((await open('c')).status, 503);
    first!.close();
    await until('one has ended', () => house.size === 2);
    assert.equal((await open('a')).status, 200);
  });

  test('a reader that went before its stream was open takes no place', async (t) => {
    const looked = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const ready = () => {
      asked.resolve();
      return looked.promise;
    };
    const { app, house, streams } = await startHouse(t, {}, ready);
    const gone = new Promise((resolve) => app.server.once('connection', (socket) => socket.once('close', resolve)));
    const { port } = app.server.address() as AddressInfo;
    const client = request({ port, path: '/a', agent: false });
    client.on('error', () => {}).end();
    await asked.promise;
    client.destroy();
    await gone;
    looked.resolve();
    await until('its stream was opened, and is forgotten', () => streams.length === 1 && house.size === 0);
  });

  test('what is silent is kept awake, and what is old ends with a hint to come again', async (t) => {
    const { open } = await startHouse(t, { heartbeatMs: 5, lifetimeMs: 100 });
    const source = await open();
    await until('a beat', () => source.text().includes('\n:\n\n'));
    await until('its end', () => source.ended);
    assert.match(source.text(), /retry: \d{3}\n\n$/);
  });

  const data = JSON.stringify('x'.repeat(100_000));

  test('a reader that is slow gets the newest, not all', async (t) => {
    const { streams, open } = await startHouse(t);
    const source = await open();
    source.pause();
    for (let id = 1; id <= 400; id++) streams[0]!.send({ event: 'order', data, id: String(id) });
    streams[0]!.end({ event: 'end', data: '{}' });
    source.resume();
    await source.next(({ event }) => event === 'end');
    assert.equal(source.events.at(-2)!.id, '400');
    assert.ok(source.events.length < 200, `${source.events.length} events came`);
  });

  test('a reader that takes nothing is given up', async (t) => {
    const { house, streams, open } = await startHouse(t, { heartbeatMs: 10, stuckMs: 50 });
    const source = await open();
    source.pause();
    const sending = setInterval(() => streams[0]!.send({ event: 'order', data }), 1);
    t.after(() => clearInterval(sending));
    await until('it is given up', () => house.size === 0);
  });

  test('a server that closes ends its streams at once, and says when to come again', async (t) => {
    const { app, open } = await startHouse(t);
    const sources = await Promise.all([open('a'), open('b')]);
    // Nothing that waits for a time of the server's own comes to its end.
    t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    await app.close();
    t.mock.timers.reset();
    for (const source of sources) {
      await until('its end', () => source.ended);
      assert.match(source.text(), /retry: \d{3}\n\n$/);
    }
  });
});
