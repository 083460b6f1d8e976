import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { STAFF_COMMANDS } from '../../../../../apps/producer/admin/staff-commands.ts';
import { CommandDesk } from '../../../../../apps/producer/commands/command-desk.ts';
import { CUSTOMER_COMMANDS } from '../../../../../apps/producer/commands/customer-commands.ts';
import { CloudEventEnvelope } from '../../../../../lib/domain/cloud-event.ts';
import { EVENT_TYPES, type EventType } from '../../../../../lib/domain/event-types.ts';
import { commandEventId, returnIdFor } from '../../../../../lib/domain/ids.ts';
import type { OrderState } from '../../../../../lib/process/order-state.ts';
import { SendFailedError } from '../../../../../lib/streaming/send-errors.ts';
import { deliveredOrder, orderState, shippedOrder } from '../../../../helpers/order-state.ts';
import { FakeSender } from '../../../../helpers/producer.ts';

const ID = '00000000-0000-8000-8000-000000000001';
const RETURN = '00000000-0000-8000-8000-000000000002';
const NOW = new Date('2026-03-02T12:00:00.000Z');
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const COMMANDS = new Map(
  [...CUSTOMER_COMMANDS, ...STAFF_COMMANDS.map(({ command }) => command)].map((command) => [command.name, command]),
);

interface DeskOptions {
  order?: OrderState;
  /** The order was taken but is not stored. */
  takenBy?: string;
  handled?: string[];
}

function openDesk({ order, takenBy, handled = [] }: DeskOptions) {
  const sender = new FakeSender();
  const receipt = { order_id: ID, total_minor: 1, currency: 'USD' };
  const desk = new CommandDesk({
    orders: { state: async () => order, wasHandled: async (_seq, eventId) => handled.includes(eventId) },
    taken: () => (takenBy === undefined ? undefined : { receipt, customer: takenBy, synthetic: true }),
    sender,
    now: () => NOW,
  });
  const ask = (name: string, body: object = {}, { key = 'k', customer = 'c-1' } = {}) =>
    desk.ask(
      COMMANDS.get(name)!,
      { orderId: ID, key, body, params: name.startsWith('return-') ? { returnId: RETURN } : {} },
      { source: '/shop/api', customer, traceparent: TRACE },
    );
  return { sender, ask };
}

const waiting = (reason: string, changes: Partial<OrderState> = {}) =>
  orderState(ID, { status: 'action_required', reason, ...changes });

const attempt = (state: 'requires_action' | 'declined') => ({
  ...deliveredOrder(ID).payments[0]!,
  ...{ state, captured: 0 },
});

const requested = (state: 'requested' | 'approved', quantity = 1) => ({
  ...{ returnNo: 1, returnId: RETURN, reason: 'damaged', state, refundMinor: 0, requestedAt: 0, dueAt: null },
  lines: [{ line: 1, quantity, received: 0, resalable: false }],
});

/** Each command where it is possible, with the data that its event has to carry. */
const POSSIBLE: [name: string, order: OrderState, body: object, type: EventType, data: object][] = [
  ['cancel', orderState(ID), { reason: 'late' }, 'oms.order.cancel_requested.v1', { reason: 'late' }],
  [
    'amend',
    waiting('stock'),
    { lines: [{ line: 1, quantity: 1 }] },
    'oms.order.amended.v1',
    { lines: [{ line: 1, quantity: 1 }] },
  ],
  [
    'payment-method',
    waiting('payment', { payments: [attempt('declined')] }),
    { payment: { method: 'upi', token: 'tok_ok' } },
    'oms.payment.method_replaced.v1',
    { payment: { method: 'upi', token: 'tok_ok' } },
  ],
  ['mfa', waiting('mfa', { payments: [attempt('requires_action')] }), {}, 'oms.payment.mfa_completed.v1', {}],
  [
    'returns',
    deliveredOrder(ID),
    { reason: 'damaged', lines: [{ line: 1, quantity: 2 }] },
    'oms.return.requested.v1',
    { reason: 'damaged', lines: [{ line: 1, quantity: 2 }], return_id: returnIdFor(ID, 'k') },
  ],
  ['staff-cancel', orderState(ID), {}, 'oms.order.cancel_requested.v1', {}],
  [
    'refund',
    deliveredOrder(ID),
    { amount_minor: 500, reason: 'goodwill', by: 'ann' },
    'oms.refund.requested.v1',
    { amount_minor: 500, reason: 'goodwill', by: 'ann' },
  ],
  ['review-approve', orderState(ID, { status: 'review' }), {}, 'oms.review.approved.v1', { by: 'staff' }],
  [
    'review-reject',
    orderState(ID, { status: 'review' }),
    { by: 'ann', note: 'stolen card' },
    'oms.review.rejected.v1',
    { by: 'ann', note: 'stolen card' },
  ],
  [
    'return-approve',
    deliveredOrder(ID, { returns: [requested('requested')] }),
    {},
    'oms.return.approved.v1',
    { return_id: RETURN, by: 'staff' },
  ],
  [
    'return-deny',
    deliveredOrder(ID, { returns: [requested('requested')] }),
    {},
    'oms.return.denied.v1',
    { return_id: RETURN, by: 'staff' },
  ],
];

suite('every command', () => {
  for (const [name, order, body, type, data] of POSSIBLE) {
    test(`${name} becomes one ${type} that keeps the contract`, async () => {
      const { sender, ask } = openDesk({ order });
      const { answer, replayed } = await ask(name, body);
      assert.equal(replayed, false);
      assert.deepEqual([answer.order_id, answer.status_url], [ID, `/api/orders/${ID}`]);
      const [event] = sender.events;
      assert.deepEqual([event!.type, event!.id, event!.partitionkey], [type, answer.event_id, ID]);
      assert.equal(event!.time, NOW.toISOString());
      assert.deepEqual(event!.data as object, { order_id: ID, ...data });
      assert.ok(Compile(CloudEventEnvelope).Check(event));
      assert.ok(Compile(EVENT_TYPES[type].data).Check(event!.data));
      assert.deepEqual(await ask(name, body), { answer, replayed: true });
      assert.equal(sender.events.length, 1);
    });

    test(`${name} is refused where it is not possible, and nothing is sent`, async () => {
      const closed = orderState(ID, { status: 'completed', returns: [requested('approved')] });
      const { sender, ask } = openDesk({ order: closed });
      await assert.rejects(ask(name, body), { code: 'invalid_transition', status: 409, possible: [] });
      assert.equal(sender.events.length, 0);
    });
  }

  test('there is no other', () => {
    assert.deepEqual([...COMMANDS.keys()].sort(), POSSIBLE.map(([name]) => name).sort());
  });
});

test('the refusal says what is possible instead', async () => {
  const reasons = (order: OrderState, name: string) =>
    openDesk({ order })
      .ask(name, { lines: [], payment: {} })
      .then(
        () => [],
        ({ possible, message }) => [possible, message],
      );
  assert.deepEqual(await reasons(shippedOrder(ID), 'cancel'), [[], 'an order that is shipped cannot be cancelled']);
  assert.deepEqual((await reasons(deliveredOrder(ID), 'cancel'))[0], ['returns']);
  assert.deepEqual((await reasons(orderState(ID), 'returns'))[0], ['cancel']);
  assert.deepEqual((await reasons(waiting('stock'), 'mfa'))[0], ['cancel', 'amend']);
});

test('more than there is, a line that is not there and a line twice are refused by their place', async () => {
  const problem = (order: OrderState, name: string, lines: object[]) =>
    openDesk({ order })
      .ask(name, { reason: 'damaged', lines })
      .then(
        () => 'taken',
        ({ code, errors }) => [code, errors[0].pointer, errors[0].message],
      );
  const quantity = (line: number, quantity: number) => ({ line, quantity });
  const exceeded = (pointer: string, message: string) => ['quantity_exceeded', pointer, message];
  const open = deliveredOrder(ID);
  assert.deepEqual(await problem(open, 'returns', [quantity(1, 3)]), exceeded('/lines/0/quantity', 'is more than 2'));
  assert.deepEqual(await problem(open, 'returns', [quantity(2, 1)]), exceeded('/lines/0/quantity', 'is more than 0'));
  assert.deepEqual(
    await problem(open, 'returns', [quantity(1, 1), quantity(1, 1)]),
    exceeded('/lines/1/line', 'comes twice'),
  );
  const announced = deliveredOrder(ID, { returns: [requested('approved')] });
  assert.deepEqual(
    await problem(announced, 'returns', [quantity(1, 2)]),
    exceeded('/lines/0/quantity', 'is more than 1'),
  );
  assert.equal(await problem(announced, 'returns', [quantity(1, 1)]), 'taken');
  assert.deepEqual(
    await problem(waiting('stock'), 'amend', [quantity(1, 3)]),
    exceeded('/lines/0/quantity', 'is more than 2'),
  );
  assert.equal((await problem(waiting('stock'), 'amend', [quantity(1, 0)]))[0], 'validation_failed');
  await assert.rejects(openDesk({ order: open }).ask('refund', { amount_minor: 2_660, reason: 'other' }), {
    code: 'quantity_exceeded',
  });
});

test('a stranger learns nothing: the order is not found, whether it is stored or not', async () => {
  for (const known of [{ order: orderState(ID) }, { takenBy: 'c-1' }, {}]) {
    const { sender, ask } = openDesk(known);
    await assert.rejects(ask('cancel', {}, { customer: 'c-2' }), { code: 'not_found' });
    assert.equal(sender.events.length, 0);
  }
});

test('an order that is taken but not stored can be cancelled, and nothing else yet', async () => {
  const { sender, ask } = openDesk({ takenBy: 'c-1' });
  await ask('cancel');
  assert.deepEqual([sender.events.length, sender.events[0]!.synthetic], [1, true]);
  await assert.rejects(ask('amend', { lines: [{ line: 1, quantity: 1 }] }), {
    code: 'invalid_transition',
    possible: ['cancel'],
    headers: { 'retry-after': '1' },
  });
});

test('a request that another process took, and that has changed the order since, is answered as before', async () => {
  const eventId = commandEventId(ID, 'cancel', 'k');
  const { sender, ask } = openDesk({ order: orderState(ID, { status: 'closing' }), handled: [eventId] });
  const { answer } = await ask('cancel');
  assert.deepEqual([answer.event_id, sender.events.length], [eventId, 0]);
  await assert.rejects(ask('cancel', {}, { key: 'other' }), { code: 'invalid_transition' });
});

test('the key holds for its order, its command and its body; a failed send leaves it to the same request', async () => {
  const { sender, ask } = openDesk({ order: orderState(ID) });
  await ask('cancel', { reason: 'a' });
  await assert.rejects(ask('cancel', { reason: 'b' }), { code: 'idempotency_key_reused' });
  const { answer } = await ask('cancel', { reason: 'b' }, { key: 'other' });
  assert.notEqual(answer.event_id, commandEventId(ID, 'cancel', 'k'));
  sender.hold = () => Promise.reject(new SendFailedError('no acknowledgement'));
  await assert.rejects(ask('staff-cancel'), { code: 'hub_unavailable' });
  sender.hold = async () => {};
  assert.equal((await ask('staff-cancel')).replayed, false);
});

test('a token that could be a card number is no way to pay', async () => {
  const order = waiting('payment', { payments: [attempt('declined')] });
  const body = { payment: { method: 'card', token: '4111' } };
  await assert.rejects(openDesk({ order }).ask('payment-method', body), { code: 'validation_failed' });
});
