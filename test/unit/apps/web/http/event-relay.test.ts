import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fastify } from 'fastify';
import type { OrderApi } from '../../../../../apps/web/api/order-api.ts';
import { EventRelay } from '../../../../../apps/web/http/event-relay.ts';
import { openEventSource } from '../../../../helpers/event-source.ts';
import { until } from '../../../../helpers/until.ts';

const CALL = { traceparent: '00-0-0-01' };

/** A relay in front of a stream that the test writes. */
async function startRelay(t: TestContext) {
  const asked: { headers: Record<string, string>; signal: AbortSignal }[] = [];
  const waiting: string[] = [];
  let wake = () => {};
  let isOver = false;
  async function* stream(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    while (!signal.aborted && !isOver) {
      for (const text of waiting.splice(0)) yield Buffer.from(text);
      await new Promise<void>((resolve) => {
        wake = resolve;
        signal.addEventListener('abort', () => resolve());
        if (waiting.length > 0 || isOver) resolve();
      });
    }
  }
  const api = {
    stream: async (_path: string, call: (typeof asked)[number]) => {
      asked.push(call);
      return call.headers['last-event-id'] === 'over' ? undefined : stream(call.signal);
    },
  } as unknown as OrderApi;
  const app = fastify({ forceCloseConnections: true });
  const relay = new EventRelay(app, api);
  const translate = ({ event, data }: { event: string; data: string }) => (event === 'order' ? `<${data}>` : undefined);
  app.get('/events', async (request, reply) =>
    relay.answer(reply, await relay.open(request, { path: '/x', call: CALL, translate })),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  const { port } = app.server.address() as { port: number };
  return {
    ...{ app, asked, url: `http://127.0.0.1:${port}/events` },
    write(text: string) {
      waiting.push(text);
      wake();
    },
    end() {
      isOver = true;
      wake();
    },
  };
}

test('events are passed on translated, with their ids; hints and signs of life too; others are not', async (t) => {
  const { url, write, end } = await startRelay(t);
  const source = await openEventSource(t, url);
  write('retry: 1500\n\nid: 7\nevent: order\ndata: one\n\n:\n\nevent: other\ndata: two\n\n');
  await source.next(({ event }) => event === 'order');
  end();
  await until('it has ended', () => source.ended);
  assert.equal(source.text(), 'retry: 1500\n\nid: 7\nevent: order\ndata: <one>\n\n:\n\n:\n\nretry: 1000\n\n');
});

test('what the browser has seen goes along, and when it has seen all it is told not to come again', async (t) => {
  const { url, asked } = await startRelay(t);
  assert.equal((await openEventSource(t, url, { 'last-event-id': 'over' })).status, 204);
  await openEventSource(t, url, { 'last-event-id': '12' });
  assert.deepEqual(
    asked.map(({ headers }) => headers),
    [{ 'last-event-id': 'over' }, { 'last-event-id': '12' }],
  );
});

test('when the browser goes the stream of the order API is let go; when the server goes, all are', async (t) => {
  const { app, url, asked } = await startRelay(t);
  const first = await openEventSource(t, url);
  const second = await openEventSource(t, url);
  first.close();
  await until('the first is let go', () => asked[0]!.signal.aborted);
  assert.equal(asked[1]!.signal.aborted, false);
  await app.close();
  await until('the second has ended', () => second.ended);
  assert.equal(asked[1]!.signal.aborted, true);
});
