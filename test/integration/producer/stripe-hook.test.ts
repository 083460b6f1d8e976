import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';
import { answerEventId } from '../../../lib/domain/ids.ts';
import { ORDER_ID } from '../../helpers/facts.ts';
import { dispute, paymentIntent, startFakeStripe, webhookEvent } from '../../helpers/fake-stripe.ts';
import { SECRETS, startTrial } from '../../helpers/producer.ts';

const KEY = `${ORDER_ID}:authorize:1`;
const metadata = { order_id: ORDER_ID, attempt: '1', op_key: KEY };
const authorised = webhookEvent(
  'payment_intent.amount_capturable_updated',
  paymentIntent('requires_capture', { metadata }),
);

/** POSTs an event as Stripe signs it at that time, with its own library: in the same second it is the same signature. */
function postEvent(url: string, event: object, { secret = SECRETS.stripe, at = Date.now() } = {}): Promise<Response> {
  const payload = JSON.stringify(event);
  const timestamp = Math.floor(at / 1_000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const headers = { 'content-type': 'application/json', 'stripe-signature': `${signature},v0=${'a'.repeat(64)}` };
  return fetch(`${url}/hooks/stripe`, { method: 'POST', headers, body: payload });
}

test("Stripe's word about a payment is the event that the request's own answer would be", async (t) => {
  const { url, sender } = await startTrial(t);
  const answer = await postEvent(url, authorised);
  assert.deepEqual([answer.status, await answer.json()], [200, { received: 1 }]);
  const [event] = sender.events as unknown as { id: string; source: string; partitionkey: string }[];
  assert.equal(event?.id, answerEventId(KEY, 'oms.payment.authorized.v1'));
  assert.deepEqual([event?.source, event?.partitionkey], ['/psp/stripe', ORDER_ID]);
});

test('a wrong secret, a stale signature and a replayed one are 401, and nothing is sent', async (t) => {
  const { url, sender } = await startTrial(t);
  assert.equal((await postEvent(url, authorised, { secret: SECRETS.psp })).status, 401);
  const now = Date.now();
  assert.equal((await postEvent(url, authorised, { at: now - 302_000 })).status, 401);
  assert.equal(sender.events.length, 0);
  assert.equal((await postEvent(url, authorised, { at: now - 100_000 })).status, 200);
  assert.equal((await postEvent(url, authorised, { at: now - 100_000 })).status, 401);
  assert.equal(sender.events.length, 1);
});

test('what means nothing here is taken and left; what is not of its form is refused', async (t) => {
  const { url, sender } = await startTrial(t);
  const left = await postEvent(url, webhookEvent('customer.created', {}));
  assert.deepEqual([left.status, await left.json()], [200, { received: 0 }]);
  const others = { metadata: { order_id: '1001', attempt: '1' } };
  const stranger = await postEvent(url, webhookEvent('payment_intent.succeeded', paymentIntent('succeeded', others)));
  assert.deepEqual(await stranger.json(), { received: 0 });
  assert.equal((await postEvent(url, webhookEvent('payment_intent.succeeded', { id: 1 }))).status, 422);
  assert.equal((await postEvent(url, { hello: 'world' })).status, 422);
  assert.equal(sender.events.length, 0);
});

test('a dispute finds its order by asking Stripe; without an answer it may come again', async (t) => {
  const event = webhookEvent('charge.dispute.created', dispute);
  const keyless = await startTrial(t);
  const refused = await postEvent(keyless.url, event);
  assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [503, 'provider_unavailable']);

  const fake = await startFakeStripe(t, {
    'GET /v1/payment_intents/pi_1': [
      { status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      { json: paymentIntent('succeeded', { metadata }) },
    ],
  });
  const stripe = { apiKey: 'rk_test_of-the-api', baseUrl: fake.url };
  const { url, sender } = await startTrial(t, { stripe });
  const at = Date.now() - 1_000;
  assert.equal((await postEvent(url, event, { at })).status, 503);
  assert.equal((await postEvent(url, event, { at })).status, 200);
  assert.equal(sender.events[0]?.type, 'oms.payment.charged_back.v1');
  assert.equal(fake.calls.at(-1)?.headers.authorization, 'Bearer rk_test_of-the-api');
});
