import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Stripe from 'stripe';
import { Compile } from 'typebox/compile';
import { EVENT_TYPES, type EventType } from '../../../../lib/domain/event-types.ts';
import { answerEventId } from '../../../../lib/domain/ids.ts';
import { StripeWebhookError, stripeFacts } from '../../../../lib/integration/stripe-webhook.ts';
import { checkSignature } from '../../../../lib/integration/webhook-signature.ts';
import { charge, dispute, paymentIntent, refund, webhookEvent } from '../../../helpers/fake-stripe.ts';
import { ORDER_ID } from '../../../helpers/outside.ts';

const metadata = { order_id: ORDER_ID, attempt: '2', op_key: 'k-auth' };
const nothing = async () => undefined;
const KNOWN = {
  order_id: ORDER_ID,
  attempt: 2,
  provider: 'stripe',
  provider_ref: 'pi_1',
  amount_minor: 5_990,
  currency: 'USD',
};

const cases: [type: Stripe.Event['type'], object: unknown, what: string, more: Record<string, unknown>][] = [
  [
    'payment_intent.amount_capturable_updated',
    paymentIntent('requires_capture', { metadata }),
    'authorized',
    { op_key: 'k-auth' },
  ],
  [
    'payment_intent.succeeded',
    paymentIntent('succeeded', { metadata: { ...metadata, capture_key: 'k-cap' } }),
    'captured',
    { op_key: 'k-cap' },
  ],
  ['payment_intent.succeeded', paymentIntent('succeeded', { metadata }), 'captured', { op_key: 'k-auth' }],
  ['payment_intent.canceled', paymentIntent('canceled', { metadata }), 'voided', {}],
  [
    'payment_intent.payment_failed',
    paymentIntent('requires_payment_method', {
      metadata,
      last_payment_error: { type: 'card_error', code: 'card_declined', decline_code: 'try_again_later' },
    }),
    'declined',
    { op_key: 'k-auth', code: 'try_again_later', soft: true },
  ],
  [
    'payment_intent.requires_action',
    paymentIntent('requires_action', { metadata }),
    'action_required',
    { op_key: 'k-auth' },
  ],
  [
    'charge.refunded',
    charge([refund('succeeded', { amount: 500, metadata: { ...metadata, op_key: 'k-refund' } })]),
    'refunded',
    { op_key: 'k-refund', amount_minor: 500 },
  ],
  [
    'refund.updated',
    refund('succeeded', { metadata: { ...metadata, op_key: 'k-refund' } }),
    'refunded',
    { op_key: 'k-refund' },
  ],
];

suite('a webhook of Stripe', () => {
  for (const [type, object, what, more] of cases) {
    test(`${type} is payment.${what}${more.op_key ? ` of ${more.op_key}` : ''}`, async () => {
      const facts = await stripeFacts(webhookEvent(type, object), nothing);
      const ours = `oms.payment.${what}.v1` as EventType;
      const id = answerEventId((more.op_key as string | undefined) ?? 'evt_1', ours);
      assert.deepEqual(facts, [{ id, type: ours, time: '2026-11-18T11:06:40.000Z', data: { ...KNOWN, ...more } }]);
      assert.ok(Compile(EVENT_TYPES[ours].data).Check(facts[0]?.data));
    });
  }

  test('a dispute finds its order by the payment', async () => {
    const asked: string[] = [];
    const facts = await stripeFacts(webhookEvent('charge.dispute.created', dispute), async (id) => {
      asked.push(id);
      return metadata;
    });
    assert.deepEqual(asked, ['pi_1']);
    assert.equal(facts[0]?.type, 'oms.payment.charged_back.v1');
    assert.deepEqual(facts[0]?.data, KNOWN);
  });

  const silent: [what: string, event: unknown][] = [
    ['a type that means nothing here', webhookEvent('customer.created', {})],
    ['a payment of somebody else', webhookEvent('payment_intent.succeeded', paymentIntent('succeeded'))],
    ['a refund that is not through', webhookEvent('refund.created', refund('pending', { metadata }))],
    ['a refund made in Stripe’s own pages', webhookEvent('refund.created', refund('succeeded'))],
    ['a charge whose refunds are not listed', webhookEvent('charge.refunded', charge(null))],
    ['a dispute about no payment of ours', webhookEvent('charge.dispute.created', dispute)],
  ];
  for (const [what, event] of silent) {
    test(`${what} says nothing`, async () => assert.deepEqual(await stripeFacts(event, nothing), []));
  }

  test('what is no event, or of another form than it says, is refused', async () => {
    await assert.rejects(stripeFacts({ hello: 'world' }, nothing), StripeWebhookError);
    await assert.rejects(stripeFacts(webhookEvent('payment_intent.succeeded', { id: 1 }), nothing), StripeWebhookError);
  });

  test('its signature is checked as ours is', () => {
    const payload = JSON.stringify(webhookEvent('customer.created', {}));
    const timestamp = 1_795_000_000;
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_1', timestamp });
    const check = (secret: string, text: string) =>
      checkSignature(secret, text, Buffer.from(payload), timestamp * 1_000).verdict;
    assert.equal(check('whsec_1', header), 'valid');
    assert.equal(check('whsec_2', header), 'wrong');
    const other = '5'.repeat(64);
    assert.equal(check('whsec_1', `${header},v0=${other}`), 'valid');
    assert.equal(check('whsec_1', header.replace(',v1=', `,v1=${other},v1=`)), 'valid');
    assert.equal(check('whsec_1', header.replace(',v1=', ',v0=')), 'malformed');
  });
});
