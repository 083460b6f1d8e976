import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { OutcomeUnknownError, PENDING } from '../../../../../../apps/consumer/outside/performer.ts';
import { SandboxPayments } from '../../../../../../apps/consumer/outside/providers/sandbox-payments.ts';
import type { PaymentAnswer } from '../../../../../../lib/integration/sandbox-api.ts';
import { type PeerReply, startFakePeer } from '../../../../../helpers/fake-peer.ts';
import { keyOf, ORDER_ID, waitingOp } from '../../../../../helpers/outside.ts';

const { signal } = new AbortController();

async function startPayments(t: TestContext, reply: PeerReply) {
  const fake = await startFakePeer(t, () => reply);
  const payments = new SandboxPayments(fake.url);
  t.after(() => payments.close());
  return { fake, payments };
}

const says = (status: PaymentAnswer['status'], more: Partial<PaymentAnswer> = {}) => ({
  json: { status, provider_ref: 'sbx-1', amount_minor: 5_990, ...more },
});

suite('the payment provider of the sandbox', () => {
  const asked = [
    ['authorize', '/psp/payments'],
    ['capture', `/psp/payments/${encodeURIComponent(`${ORDER_ID}:authorize:1`)}/capture`],
    ['void', `/psp/payments/${encodeURIComponent(`${ORDER_ID}:authorize:1`)}/void`],
    ['refund', `/psp/payments/${encodeURIComponent(`${ORDER_ID}:authorize:1`)}/refund`],
  ] as const;
  for (const [kind, path] of asked) {
    test(`${kind} is sent with its key and body`, async (t) => {
      const done = { authorize: 'authorized', capture: 'captured', void: 'voided', refund: 'refunded' } as const;
      const { fake, payments } = await startPayments(t, says(done[kind]));
      const op = waitingOp(kind);
      const outcome = await payments.perform(op, keyOf(op), signal);
      assert.deepEqual(outcome, {
        type: `oms.payment.${done[kind]}.v1`,
        data: {
          order_id: ORDER_ID,
          attempt: 1,
          op_key: keyOf(op),
          provider: 'sandbox',
          provider_ref: 'sbx-1',
          amount_minor: 5_990,
          currency: 'USD',
        },
      });
      assert.equal(fake.calls[0]?.path, path);
      assert.equal(fake.calls[0]?.headers['idempotency-key'], keyOf(op));
      assert.deepEqual(JSON.parse(fake.calls[0]?.body ?? ''), op.request);
    });
  }

  test('a decline says why and whether the same card may work later', async (t) => {
    const { payments } = await startPayments(t, says('declined', { code: 'Try Again', soft: true }));
    const outcome = await payments.perform(waitingOp('authorize'), 'k', signal);
    assert.ok(outcome && outcome !== PENDING && 'type' in outcome && outcome.type === 'oms.payment.declined.v1');
    assert.equal(outcome.data.code, 'try_again');
    assert.equal(outcome.data.soft, true);
  });

  test('a customer who has been asked answers later', async (t) => {
    const { payments } = await startPayments(t, says('pending'));
    assert.equal(await payments.perform(waitingOp('authorize'), 'k', signal), PENDING);
  });

  const nonsense: [what: string, reply: PeerReply][] = [
    ['an answer to another question', says('refunded')],
    ['JSON of another form', { json: { status: 'authorized' } }],
    ['a refusal of the request itself', { status: 422, json: { code: 'key_reused' } }],
  ];
  for (const [what, reply] of nonsense) {
    test(`${what} leaves the outcome open`, async (t) => {
      const { payments } = await startPayments(t, reply);
      await assert.rejects(payments.perform(waitingOp('authorize'), 'k', signal), OutcomeUnknownError);
    });
  }
});
