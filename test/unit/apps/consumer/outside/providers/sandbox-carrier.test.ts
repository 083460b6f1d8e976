import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { OutcomeUnknownError, UnavailableError } from '../../../../../../apps/consumer/outside/performer.ts';
import { SandboxCarrier } from '../../../../../../apps/consumer/outside/providers/sandbox-carrier.ts';
import { type PeerReply, startFakePeer } from '../../../../../helpers/fake-peer.ts';
import { keyOf, ORDER_ID, waitingOp } from '../../../../../helpers/outside.ts';

const { signal } = new AbortController();
const LABEL = { tracking_no: 'SW-1', cost_minor: 450, promised_at: '2026-11-24T00:00:00.000Z' };

async function startCarrier(t: TestContext, reply: PeerReply) {
  const fake = await startFakePeer(t, () => reply);
  const carrier = new SandboxCarrier('swiftpost', fake.url);
  t.after(() => carrier.close());
  return { fake, carrier };
}

suite('a carrier of the sandbox', () => {
  test('makes a label', async (t) => {
    const { fake, carrier } = await startCarrier(t, { json: { status: 'created', ...LABEL, label_url: 'http://x/l' } });
    const op = waitingOp('label');
    assert.deepEqual(await carrier.perform(op, keyOf(op), signal), {
      type: 'oms.shipment.label_created.v1',
      data: {
        order_id: ORDER_ID,
        parcel_no: 1,
        carrier: 'swiftpost',
        op_key: keyOf(op),
        ...LABEL,
        label_url: 'http://x/l',
      },
    });
    assert.equal(fake.calls[0]?.path, '/carriers/swiftpost/labels');
    assert.equal(fake.calls[0]?.headers['idempotency-key'], keyOf(op));
  });

  test('says why it makes none, and that is what is said in its place when it is away', async (t) => {
    const { carrier } = await startCarrier(t, { json: { status: 'failed', code: 'address_unknown' } });
    const op = waitingOp('label');
    const data = { order_id: ORDER_ID, parcel_no: 1, carrier: 'swiftpost', op_key: keyOf(op) };
    const type = 'oms.shipment.label_failed.v1';
    assert.deepEqual(await carrier.perform(op, keyOf(op), signal), {
      type,
      data: { ...data, code: 'address_unknown' },
    });
    assert.deepEqual(carrier.instead(op, keyOf(op)), { type, data: { ...data, code: 'carrier_unavailable' } });
    assert.equal(carrier.instead(waitingOp('pickup'), 'k'), undefined);
  });

  const silent = [
    ['pickup', '/carriers/swiftpost/parcels/SW-1/pickup'],
    ['void_label', '/carriers/swiftpost/parcels/SW-1/void'],
    ['return_label', '/carriers/swiftpost/returns'],
  ] as const;
  for (const [kind, path] of silent) {
    test(`${kind} is done without anything to report`, async (t) => {
      const { fake, carrier } = await startCarrier(t, { json: { status: 'created' } });
      assert.equal(await carrier.perform(waitingOp(kind), 'k', signal), null);
      assert.equal(fake.calls[0]?.path, path);
    });
  }

  test('of a return label it keeps where it is, as no event tells of it', async (t) => {
    const { carrier } = await startCarrier(t, { json: { status: 'created', label_url: 'http://x/return' } });
    assert.deepEqual(await carrier.perform(waitingOp('return_label'), 'k', signal), { note: 'http://x/return' });
  });

  test('a label without a number, and a refused request, leave the outcome open', async (t) => {
    const without = await startCarrier(t, { json: { status: 'created' } });
    await assert.rejects(without.carrier.perform(waitingOp('label'), 'k', signal), OutcomeUnknownError);
    const refused = await startCarrier(t, { status: 409, json: { code: 'already_voided' } });
    await assert.rejects(refused.carrier.perform(waitingOp('pickup'), 'k', signal), /409 .*already_voided/);
  });

  test('a carrier out of service has certainly made no label', async (t) => {
    const { carrier } = await startCarrier(t, { status: 503, json: {} });
    await assert.rejects(
      carrier.perform(waitingOp('label'), 'k', signal),
      (error) => error instanceof UnavailableError && error.untouched,
    );
  });
});
