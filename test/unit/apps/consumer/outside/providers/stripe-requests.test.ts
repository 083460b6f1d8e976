import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import Stripe from 'stripe';
import type { PeerRequest } from '../../../../../../apps/consumer/outside/http-peer.ts';
import * as requests from '../../../../../../apps/consumer/outside/providers/stripe-requests.ts';
import { STRIPE_VERSION } from '../../../../../../lib/integration/stripe-objects.ts';
import { startFakePeer } from '../../../../../helpers/fake-peer.ts';
import { ORDER_ID, waitingOp } from '../../../../../helpers/outside.ts';

const KEY = 'key-1';
const METADATA = { order_id: ORDER_ID, attempt: '1', op_key: KEY };

/** What Stripe's own library sends for a call; its parameters are checked by its published types. */
async function asStripeDoes(t: TestContext, call: (stripe: Stripe) => Promise<unknown>) {
  const fake = await startFakePeer(t, () => ({ json: { object: 'list', data: [], has_more: false } }));
  const { hostname, port } = new URL(fake.url);
  const stripe = new Stripe('sk_test_1', { host: hostname, port, protocol: 'http', telemetry: false });
  await call(stripe);
  return fake.calls[0]!;
}

/** Parameters in one order; a list's index may be left out. */
const parameters = (text: string): string[] =>
  [...new URLSearchParams(text)].map(([name, value]) => `${name.replace(/\[\d*\]$/, '[]')}=${value}`).sort();

const cases: [what: string, ours: PeerRequest, theirs: (stripe: Stripe) => Promise<unknown>][] = [
  [
    'create',
    requests.createIntent(waitingOp('authorize'), KEY, 'pm_1', 'https://shop.example/pay'),
    (stripe) =>
      stripe.paymentIntents.create(
        {
          amount: 5_990,
          currency: 'usd',
          allowed_payment_method_types: ['card'],
          payment_method: 'pm_1',
          capture_method: 'manual',
          confirm: true,
          return_url: 'https://shop.example/pay',
          metadata: METADATA,
        },
        { idempotencyKey: KEY },
      ),
  ],
  [
    'confirm',
    requests.confirmIntent('pi_1', KEY),
    (stripe) => stripe.paymentIntents.confirm('pi_1', {}, { idempotencyKey: KEY }),
  ],
  ['retrieve', requests.readIntent('pi_1'), (stripe) => stripe.paymentIntents.retrieve('pi_1')],
  [
    'search',
    requests.findIntent(KEY),
    (stripe) => stripe.paymentIntents.search({ query: `metadata['op_key']:'${KEY}'`, limit: 1 }),
  ],
  [
    'capture',
    requests.captureIntent(waitingOp('capture'), 'pi_1', KEY),
    (stripe) =>
      stripe.paymentIntents.capture(
        'pi_1',
        { amount_to_capture: 5_990, metadata: { capture_key: KEY } },
        { idempotencyKey: KEY },
      ),
  ],
  [
    'cancel',
    requests.cancelIntent('pi_1', KEY),
    (stripe) => stripe.paymentIntents.cancel('pi_1', {}, { idempotencyKey: KEY }),
  ],
  [
    'refund',
    requests.createRefund(waitingOp('refund'), 'pi_1', KEY),
    (stripe) =>
      stripe.refunds.create({ payment_intent: 'pi_1', amount: 5_990, metadata: METADATA }, { idempotencyKey: KEY }),
  ],
  ['retrieve a refund', requests.readRefund('re_1'), (stripe) => stripe.refunds.retrieve('re_1')],
  [
    'list refunds',
    requests.listRefunds('pi_1'),
    (stripe) => stripe.refunds.list({ payment_intent: 'pi_1', limit: 100 }),
  ],
];

suite('requests to Stripe are those of its own library', () => {
  for (const [what, ours, theirs] of cases) {
    test(what, async (t) => {
      const call = await asStripeDoes(t, theirs);
      const [path, query] = call.path.split('?');
      const [ourPath, ourQuery] = ours.path.split('?');
      assert.equal(ours.method, call.method);
      assert.equal(ourPath, path);
      assert.deepEqual(parameters(ourQuery ?? ''), parameters(query ?? ''));
      assert.deepEqual(parameters(ours.body ?? ''), parameters(call.body));
      if (ours.method === 'POST') assert.equal(ours.key, call.headers['idempotency-key']);
    });
  }

  test('in the version of the API that the library speaks', async (t) => {
    const call = await asStripeDoes(t, (stripe) => stripe.paymentIntents.retrieve('pi_1'));
    assert.equal(STRIPE_VERSION, call.headers['stripe-version']);
  });
});
