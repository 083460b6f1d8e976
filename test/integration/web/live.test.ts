import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { axeViolations, noBrowser, openPage } from '../../helpers/browser.ts';
import { openEventSource } from '../../helpers/event-source.ts';
import { scan } from '../../helpers/order-facts.ts';
import { ORDER } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';
import { startPages, startWebShop } from '../../helpers/web-shop.ts';

const update = ({ data }: { data: string }) => JSON.parse(data) as { html: string; title: string; status: string };

test('the page of an order gets the piece it is made of, whenever the order moves', async (t) => {
  const shop = await startWebShop(t);
  const placed = (await (await shop.trial.post(ORDER, 'one')).json()) as { order_id: string };
  const path = `/orders/${placed.order_id}`;
  const source = await openEventSource(t, `${shop.url}${path}/events`);
  assert.equal(source.headers['content-type'], 'text/event-stream; charset=utf-8');
  const moved = await source.next((event) => event.event === 'order' && update(event).status !== 'received');
  const latest = await source.next((event) => event.event === 'order' && update(event).status === 'shipped');
  assert.ok(Number(latest.id) >= Number(moved.id));
  const page = await (await fetch(shop.url + path)).text();
  assert.ok(page.includes(`<h1 data-status="shipped">`));
  assert.ok(update(latest).html.startsWith('<div class="order-head">'));
  assert.equal(
    (await openEventSource(t, `${shop.url}/orders/00000000-0000-8000-8000-000000000001/events`)).status,
    404,
  );
  assert.equal((await openEventSource(t, `${shop.url}/orders/nonsense/events`)).status, 404);
});

test('without the order API a stream is refused with a page that says when to come again', async (t) => {
  const url = await startPages(t, 'http://127.0.0.1:9');
  const source = await openEventSource(t, `${url}/orders/00000000-0000-8000-8000-000000000001/events`);
  assert.equal(source.status, 503);
  assert.ok(source.headers['retry-after']);
});

test('whoever goes while the order API is asked leaves nothing open there', async (t) => {
  const asked = Promise.withResolvers<ServerResponse>();
  const api = createServer((_request, response) => asked.resolve(response)).listen(0, '127.0.0.1');
  t.after(() => api.close());
  await once(api, 'listening');
  const url = await startPages(t, `http://127.0.0.1:${(api.address() as AddressInfo).port}`);
  const client = request(`${url}/orders/00000000-0000-8000-8000-000000000001/events`, { agent: false });
  client.on('error', () => {}).end();
  const response = await asked.promise;
  const gone = new Promise((resolve) => client.once('close', resolve));
  client.destroy();
  await gone;
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
  await until('its end of the stream is closed', () => response.destroyed);
});

test('an open page moves without a reload, and says so', { skip: noBrowser }, async (t) => {
  const shop = await startWebShop(t);
  const { page, complaints, close } = await openPage();
  t.after(close);
  const placed = (await (await shop.trial.post(ORDER, 'one')).json()) as { order_id: string };
  await page.goto(`${shop.url}/orders/${placed.order_id}`);
  await page.evaluate('globalThis.isSamePage = true');
  await page.locator('h1[data-status="shipped"]').waitFor();
  await shop.deliver(scan('delivered', placed.order_id));
  await page.locator('h1[data-status="delivered"]').waitFor();
  assert.equal(
    await page.getByRole('status').innerText(),
    await page.title().then((title) => title.replace(/ – .*/, '')),
  );
  assert.equal(await page.evaluate('globalThis.isSamePage'), true);
  assert.deepEqual([complaints, await axeViolations(page)], [[], []]);
});
