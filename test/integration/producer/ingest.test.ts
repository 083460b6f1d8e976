import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { orderIdFor } from '../../../lib/domain/ids.ts';
import { postSigned } from '../../helpers/facts.ts';
import { ORDER, SECRETS, startTrial } from '../../helpers/producer.ts';
import { SHOPIFY_ORDER } from '../../helpers/shopify.ts';
import { until } from '../../helpers/until.ts';

function postShopify(url: string, order: object, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify(order);
  const signature = createHmac('sha256', SECRETS.ingest).update(body).digest('base64');
  return fetch(`${url}/api/ingest/shopify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-hmac-sha256': signature, ...headers },
    body,
  });
}

test('an order that Shopify sends, as often as it does, is one order at our prices; no person goes on', async (t) => {
  const { url, sender } = await startTrial(t);
  const first = await postShopify(url, SHOPIFY_ORDER);
  const again = await postShopify(url, { ...SHOPIFY_ORDER, updated_at: 'later' });
  assert.deepEqual([first.status, again.status, again.headers.get('idempotent-replayed')], [202, 202, 'true']);
  assert.equal(sender.events.length, 1);
  const { data } = sender.events[0]!;
  assert.deepEqual([data.channel, data.subtotal_minor], ['marketplace', 3_000]);
  assert.doesNotMatch(JSON.stringify(sender.events), /Jon|Doe|example\.com|Street|555-555/);
});

test('an order in our own form, signed as our webhooks are', async (t) => {
  const { url, sender } = await startTrial(t);
  const { channel: _ours, payment: _later, ...fields } = ORDER;
  const body = JSON.stringify({ order_number: 'A-17', ...fields });
  const answer = await postSigned(`${url}/api/ingest/generic`, body, { secret: SECRETS.ingest });
  assert.equal(answer.status, 202);
  assert.equal(((await answer.json()) as { order_id: string }).order_id, orderIdFor('c-1', 'generic:A-17'));
  assert.equal(sender.events[0]!.data.idempotency_key, 'generic:A-17');
});

test("nobody takes the place of another shop's order: keys that name one are for those shops alone", async (t) => {
  const { post, sender } = await startTrial(t);
  for (const key of ['generic:A-17', 'shopify:xyz']) {
    const answer = await post(ORDER, key);
    assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [422, 'idempotency_key_taken']);
  }
  assert.equal(sender.events.length, 0);
});

test('orders of other shops are counted like any', async (t) => {
  const { url } = await startTrial(t);
  await postShopify(url, SHOPIFY_ORDER);
  await postShopify(url, { ...SHOPIFY_ORDER, line_items: [] });
  const counted = /oms_orders_total\{outcome="accepted",[^}]+\} 1\n.*outcome="rejected",[^}]+\} 1\n/;
  await until('both are counted', async () => counted.test(await (await fetch(`${url}/metrics`)).text()));
});

test('unsigned orders are refused, unless the staff brings them', async (t) => {
  const { url, sender } = await startTrial(t);
  const wrong = { 'x-shopify-hmac-sha256': 'd3Jvbmc=' };
  assert.equal((await postShopify(url, SHOPIFY_ORDER, wrong)).status, 401);
  assert.equal((await postShopify(url, SHOPIFY_ORDER, { ...wrong, authorization: 'Bearer guess' })).status, 401);
  assert.equal(sender.events.length, 0);
  const staff = { ...wrong, authorization: `Bearer ${SECRETS.admin}` };
  assert.equal((await postShopify(url, SHOPIFY_ORDER, staff)).status, 202);
});

test('what is no order here is refused as an order of ours would be', async (t) => {
  const { url, sender } = await startTrial(t);
  const codeOf = async (changes: object) => {
    const answer = await postShopify(url, { ...SHOPIFY_ORDER, ...changes });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  assert.deepEqual(await codeOf({ line_items: [] }), [422, 'validation_failed']);
  assert.deepEqual(await codeOf({ line_items: [{ sku: null, quantity: 1 }] }), [422, 'validation_failed']);
  assert.deepEqual(await codeOf({ line_items: [{ sku: 'NOPE', quantity: 1 }] }), [422, 'unknown_sku']);
  assert.deepEqual(await codeOf({ note: 'card 4111 1111 1111 1111' }), [422, 'raw_card_forbidden']);
  assert.deepEqual(await codeOf({ currency: 'EUR' }), [422, 'currency_mismatch']);
  assert.equal(sender.events.length, 0);
});
