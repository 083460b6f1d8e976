import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PENDING } from '../../../apps/consumer/outside/performer.ts';
import { SandboxCarrier } from '../../../apps/consumer/outside/providers/sandbox-carrier.ts';
import { SandboxPayments } from '../../../apps/consumer/outside/providers/sandbox-payments.ts';
import { type ExternalOp, type OpKind, type OpRequest, opKey } from '../../../lib/process/external-op.ts';
import { SandboxOrder, startTestSandbox } from '../../helpers/sandbox.ts';

const op = <Kind extends OpKind>(kind: Kind, request: OpRequest<Kind>): ExternalOp<Kind> =>
  ({ kind, no: 1, state: 'waiting', dueAt: 0, request }) as ExternalOp<Kind>;
const signal = new AbortController().signal;

suite('the order processing and the sandbox understand each other', () => {
  test('payments', async (t) => {
    const sandbox = await startTestSandbox(t);
    const payments = new SandboxPayments(sandbox.url);
    t.after(() => payments.close());
    const order = new SandboxOrder(sandbox);
    const key = order.key('authorize');
    const authorize = op('authorize', order.authorizeBody('tok_timeout_after_execute'));
    await assert.rejects(payments.perform(authorize, key, signal), { name: 'UnavailableError' });
    const answer = await payments.perform(authorize, key, signal);
    assert.ok(answer && answer !== PENDING && 'type' in answer);
    assert.equal(answer.type, 'oms.payment.authorized.v1');
    const follow = { order_id: order.id, currency: 'USD', attempt: 1, amount_minor: 1_000 };
    const capture = op('capture', { ...follow, authorize_key: key, provider_ref: null });
    const captured = await payments.perform(capture, order.key('capture'), signal);
    assert.ok(captured && captured !== PENDING && 'type' in captured);
    assert.equal(captured.type, 'oms.payment.captured.v1');
    const collect = op('authorize', order.authorizeBody('tok_ok', { method: 'upi', capture: true, attempt: 2 }));
    assert.equal(await payments.perform(collect, order.key('authorize', 2), signal), PENDING);
  });

  test('carriers', async (t) => {
    const sandbox = await startTestSandbox(t);
    const carrier = new SandboxCarrier('swiftpost', sandbox.url);
    t.after(() => carrier.close());
    const order = new SandboxOrder(sandbox);
    const label = op('label', order.labelBody());
    const answer = await carrier.perform(label, order.key('label'), signal);
    assert.ok(answer && answer !== PENDING && 'type' in answer && answer.type === 'oms.shipment.label_created.v1');
    const parcel = { order_id: order.id, currency: 'USD', parcel_no: 1, carrier: 'swiftpost' };
    const { tracking_no } = answer.data;
    const pickup = op('pickup', { ...parcel, tracking_no });
    assert.equal(await carrier.perform(pickup, opKey(order.id, 'pickup', 1), signal), null);
    const back = { order_id: order.id, currency: 'USD', return_id: order.id, carrier: 'swiftpost' };
    const returnLabel = op('return_label', { ...back, lines: [{ line: 1, sku: 'A-1', quantity: 1 }] });
    const noted = await carrier.perform(returnLabel, opKey(order.id, 'return_label', 1), signal);
    assert.ok(noted && noted !== PENDING && 'note' in noted);
    assert.match(await (await fetch(noted.note)).text(), /^%PDF-/);
    const faults = JSON.stringify({ unavailable: { carrier: 'swiftpost' } });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${sandbox.url}/faults`, { method: 'PUT', headers, body: faults });
    const again = carrier.perform(label, order.key('label', 2), signal);
    await assert.rejects(again, { name: 'UnavailableError', untouched: true });
  });
});
