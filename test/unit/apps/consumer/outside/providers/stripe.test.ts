import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { PaymentKind } from '../../../../../../apps/consumer/outside/performer.ts';
import { type Answer, OutcomeUnknownError, PENDING } from '../../../../../../apps/consumer/outside/performer.ts';
import { StripePayments } from '../../../../../../apps/consumer/outside/providers/stripe.ts';
import { type ExternalOp, opKey } from '../../../../../../lib/process/external-op.ts';
import { page, paymentIntent, refund, startFakeStripe, stripeError } from '../../../../../helpers/fake-stripe.ts';
import { keyOf, ORDER_ID, waitingOp } from '../../../../../helpers/outside.ts';

const { signal } = new AbortController();
const API_KEY = 'rk_test_secret';
const CREATE = 'POST /v1/payment_intents';
const READ = 'GET /v1/payment_intents/pi_1';
const FIND = 'GET /v1/payment_intents/search';
const CAPTURE = 'POST /v1/payment_intents/pi_1/capture';
const CANCEL = 'POST /v1/payment_intents/pi_1/cancel';
const REFUND = 'POST /v1/refunds';

async function start(t: TestContext, answers: Parameters<typeof startFakeStripe>[1]) {
  const fake = await startFakeStripe(t, answers);
  const payments = new StripePayments({ baseUrl: fake.url, apiKey: API_KEY });
  t.after(() => payments.close());
  const perform = (op: ExternalOp<PaymentKind>) => payments.perform(op, keyOf(op), signal);
  /** The answer's type without the frame, and its data. */
  const answer = async (op: ExternalOp<PaymentKind>) => {
    const outcome = await perform(op);
    assert.ok(outcome && outcome !== PENDING && 'type' in outcome);
    return { what: (outcome as Answer).type.slice('oms.payment.'.length, -'.v1'.length), data: outcome.data };
  };
  return { fake, perform, answer };
}

const data = (op: ExternalOp<PaymentKind>) => ({
  order_id: ORDER_ID,
  attempt: 1,
  op_key: keyOf(op),
  provider: 'stripe',
  provider_ref: 'pi_1',
  amount_minor: 5_990,
  currency: 'USD',
});

suite('authorising with Stripe', () => {
  test('sets the amount aside, under the key of the request', async (t) => {
    const { fake, answer } = await start(t, { [CREATE]: { json: paymentIntent('requires_capture') } });
    const op = waitingOp('authorize');
    assert.deepEqual(await answer(op), { what: 'authorized', data: data(op) });
    const [call] = fake.calls;
    assert.equal(call?.headers.authorization, `Bearer ${API_KEY}`);
    assert.equal(call?.headers['idempotency-key'], keyOf(op));
    assert.equal(call?.headers['content-type'], 'application/x-www-form-urlencoded');
  });

  test('captures at once where the method knows no authorisation', async (t) => {
    const { fake, answer } = await start(t, { [CREATE]: { json: paymentIntent('succeeded') } });
    const op = waitingOp('authorize', { method: 'paypal', capture: true });
    assert.deepEqual(await answer(op), { what: 'captured', data: data(op) });
    assert.match(fake.calls[0]?.body ?? '', /capture_method=automatic/);
  });

  const declines: [code: string, soft: boolean][] = [
    ['insufficient_funds', false],
    ['stolen_card', false],
    ['try_again_later', true],
    ['issuer_not_available', true],
  ];
  for (const [decline_code, soft] of declines) {
    test(`${decline_code} is a ${soft ? 'soft' : 'hard'} decline`, async (t) => {
      const payment_intent = paymentIntent('requires_payment_method');
      const error = { type: 'card_error', code: 'card_declined', decline_code, payment_intent } as const;
      const { answer } = await start(t, { [CREATE]: stripeError(402, error) });
      const op = waitingOp('authorize');
      assert.deepEqual(await answer(op), { what: 'declined', data: { ...data(op), code: decline_code, soft } });
    });
  }

  test('a card that wants the customer to confirm, in either of Stripe’s two ways', async (t) => {
    const next_action = {
      type: 'redirect_to_url',
      redirect_to_url: { url: 'https://3ds.example/x', return_url: null },
    };
    const asked = await start(t, { [CREATE]: { json: paymentIntent('requires_action', { next_action }) } });
    const op = waitingOp('authorize');
    assert.deepEqual(await asked.answer(op), {
      what: 'action_required',
      data: { ...data(op), action_url: 'https://3ds.example/x' },
    });
    const payment_intent = paymentIntent('requires_payment_method');
    const error = { type: 'card_error', code: 'authentication_required', payment_intent } as const;
    const refused = await start(t, { [CREATE]: stripeError(402, error) });
    assert.deepEqual(await refused.answer(op), { what: 'action_required', data: data(op) });
  });

  test('after the second factor the same payment is found again by the key that made it', async (t) => {
    const { fake, answer } = await start(t, {
      [CREATE]: { json: paymentIntent('requires_action') },
      [READ]: { json: paymentIntent('requires_capture') },
    });
    await answer(waitingOp('authorize', { no: 1 }));
    const op = waitingOp('authorize', { no: 2, mfa_completed: true });
    assert.deepEqual(await answer(op), { what: 'authorized', data: data(op) });
    assert.equal(fake.calls[1]?.headers['idempotency-key'], opKey(ORDER_ID, 'authorize', 1));
    assert.equal(fake.calls[1]?.body, fake.calls[0]?.body);
  });

  test('a payment that still has to be confirmed after the second factor is confirmed under the new key', async (t) => {
    const { fake, answer } = await start(t, {
      [CREATE]: { json: paymentIntent('requires_action') },
      [READ]: { json: paymentIntent('requires_confirmation') },
      'POST /v1/payment_intents/pi_1/confirm': { json: paymentIntent('requires_capture') },
    });
    const op = waitingOp('authorize', { no: 2, mfa_completed: true });
    assert.equal((await answer(op)).what, 'authorized');
    assert.equal(fake.calls.at(-1)?.headers['idempotency-key'], keyOf(op));
  });

  test('a bank that takes its time is asked again; the key alone would repeat its first answer for ever', async (t) => {
    const { perform } = await start(t, {
      [CREATE]: { json: paymentIntent('processing') },
      [READ]: [{ json: paymentIntent('processing') }, { json: paymentIntent('succeeded') }],
    });
    const op = waitingOp('authorize', { method: 'upi', capture: true });
    assert.equal(await perform(op), PENDING);
    assert.equal(((await perform(op)) as Answer).type, 'oms.payment.captured.v1');
  });

  test('what Stripe cannot take is declined without asking, or by its answer', async (t) => {
    const error = { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method' } as const;
    const { fake, answer } = await start(t, { [CREATE]: stripeError(400, error) });
    const codeOf = async (op: ExternalOp<PaymentKind>) => ((await answer(op)).data as { code?: string }).code;
    const { token: _token, ...withoutToken } = waitingOp('authorize').request;
    assert.equal(await codeOf({ ...waitingOp('authorize'), request: withoutToken }), 'token_missing');
    assert.equal(await codeOf(waitingOp('authorize', { method: 'bank_transfer' })), 'method_not_supported');
    assert.equal(fake.calls.length, 0);
    assert.equal(await codeOf(waitingOp('authorize')), 'resource_missing');
  });

  test('a wrong API key, a key in use and a wrong request leave the outcome open, and name no secret', async (t) => {
    const errors = [
      stripeError(401, { type: 'invalid_request_error', message: `Invalid API Key provided: ${API_KEY}` }),
      stripeError(409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }),
      stripeError(400, { type: 'invalid_request_error', code: 'parameter_unknown', param: 'foo' }),
    ];
    const { perform } = await start(t, { [CREATE]: errors });
    for (let no = 1; no <= errors.length; no++) {
      await assert.rejects(perform(waitingOp('authorize', { no })), (error) => {
        assert.ok(error instanceof OutcomeUnknownError);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  test('after an error of Stripe’s own the payment is looked for, as the key would only repeat the error', async (t) => {
    const { perform, fake } = await start(t, {
      [CREATE]: { status: 500, json: {} },
      [FIND]: [page([]), page([paymentIntent('requires_capture')])],
    });
    const op = waitingOp('authorize');
    await assert.rejects(perform(op), /answered 500/);
    assert.equal(((await perform(op)) as Answer).type, 'oms.payment.authorized.v1');
    const query = new URLSearchParams(fake.calls[1]?.path.split('?')[1]).get('query');
    assert.equal(query, `metadata['op_key']:'${keyOf(op)}'`);
  });
});

suite('capturing, voiding and refunding with Stripe', () => {
  test('captures', async (t) => {
    const { answer } = await start(t, { [CAPTURE]: { json: paymentIntent('succeeded') } });
    const op = waitingOp('capture');
    assert.deepEqual(await answer(op), { what: 'captured', data: data(op) });
  });

  test('a capture that fails says so; one that was made before is a capture', async (t) => {
    const op = waitingOp('capture');
    const failed = await start(t, { [CAPTURE]: stripeError(402, { type: 'card_error', code: 'card_declined' }) });
    assert.deepEqual(await failed.answer(op), { what: 'capture_failed', data: { ...data(op), code: 'card_declined' } });

    const unexpected = { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' } as const;
    const before = await start(t, {
      [CAPTURE]: stripeError(400, unexpected),
      [READ]: { json: paymentIntent('succeeded') },
    });
    assert.equal((await before.answer(op)).what, 'captured');
    const runOut = await start(t, {
      [CAPTURE]: stripeError(400, unexpected),
      [READ]: { json: paymentIntent('canceled') },
    });
    assert.equal((await runOut.answer(op)).what, 'capture_failed');
  });

  test('voids, also what is already void; money that was captured all the same is reported as captured', async (t) => {
    const op = waitingOp('void');
    const plain = await start(t, { [CANCEL]: { json: paymentIntent('canceled') } });
    assert.deepEqual(await plain.answer(op), { what: 'voided', data: data(op) });
    const unexpected = { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' } as const;
    for (const [status, what] of [
      ['canceled', 'voided'],
      ['succeeded', 'captured'],
    ] as const) {
      const { answer } = await start(t, {
        [CANCEL]: stripeError(400, unexpected),
        [READ]: { json: paymentIntent(status) },
      });
      assert.equal((await answer(op)).what, what);
    }
  });

  test('voids what it knows by the authorising key alone', async (t) => {
    const { answer, perform } = await start(t, {
      [FIND]: [page([]), page([paymentIntent('requires_action')])],
      [CANCEL]: { json: paymentIntent('canceled') },
    });
    const op = waitingOp('void', { provider_ref: null });
    await assert.rejects(perform(op), /does not show a payment/);
    assert.equal((await answer(op)).what, 'voided');
  });

  test('refunds a part', async (t) => {
    const { fake, answer } = await start(t, { [REFUND]: { json: refund('succeeded', { amount: 1_000 }) } });
    const op = waitingOp('refund', { amount_minor: 1_000 });
    assert.deepEqual(await answer(op), { what: 'refunded', data: { ...data(op), amount_minor: 1_000 } });
    assert.match(fake.calls[0]?.body ?? '', /payment_intent=pi_1&amount=1000/);
  });

  test('a refund that takes its time is pending until it is through', async (t) => {
    const { perform } = await start(t, {
      [REFUND]: { json: refund('pending') },
      'GET /v1/refunds/re_1': [{ json: refund('pending') }, { json: refund('succeeded') }],
    });
    const op = waitingOp('refund');
    assert.equal(await perform(op), PENDING);
    assert.equal(((await perform(op)) as Answer).type, 'oms.payment.refunded.v1');
  });

  test('a refund that was made before its answer was lost is found by its key', async (t) => {
    const op = waitingOp('refund');
    const { answer, perform } = await start(t, {
      [REFUND]: stripeError(400, { type: 'invalid_request_error', code: 'charge_already_refunded' }),
      'GET /v1/refunds': [
        page([refund('succeeded', { metadata: { op_key: 'another' } })]),
        page([refund('succeeded', { metadata: { op_key: keyOf(op) } })]),
      ],
    });
    await assert.rejects(perform(op), /charge_already_refunded/);
    assert.equal((await answer(op)).what, 'refunded');
  });
});
