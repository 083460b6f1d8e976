import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderRequest } from '../../../../../../lib/domain/order-request.ts';
import { cancelling, needsLines, reactionTo } from '../../../../../../src/stages/simulate/customers/reactions.ts';
import type { Fate } from '../../../../../../src/stages/simulate/fate.ts';
import type { WaitingOrder } from '../../../../../../src/stages/simulate/run-orders.ts';

const order: WaitingOrder = {
  seq: 1,
  orderId: 'o-1',
  n: 5,
  customer: 'c-1',
  status: 'action_required',
  reason: 'mfa',
  version: 3,
  since: new Date(0),
};
const fate: Fate = {
  payment: 'ok',
  parcel: 'delivered',
  cancelAfterMs: null,
  returns: null,
  answersAfterMs: 300,
  amends: true,
};
const request = { customer: 'c-1', payment: { method: 'card', token: 'tok_1_ok' } } as OrderRequest;
const told = (changes: Partial<Fate> = {}, fraud: string | null = null) => ({
  request,
  fate: { ...fate, ...changes },
  fraud,
});
const lines = [
  { line: 1, quantity: 3, returnable: 3 },
  { line: 2, quantity: 1, returnable: 0 },
  { line: 3, quantity: 2, returnable: 1 },
];

/** Path, body and time of what is done about an order. */
const done = (changes: Partial<WaitingOrder>, story = told(), owned = lines) => {
  const reaction = reactionTo({ ...order, ...changes }, story, owned);
  return reaction && [reaction.by, reaction.path, reaction.body, reaction.afterMs];
};

test('a customer who is asked to confirm confirms, after a while', () => {
  assert.deepEqual(done({}), ['customer', '/api/orders/o-1/mfa', { customer: 'c-1' }, 300]);
});

test('a customer whose card was declined pays another way', () => {
  const payment = { method: 'card', token: 'tok_other_5_3_ok', last4: undefined };
  assert.deepEqual(done({ reason: 'payment' }), [
    'customer',
    '/api/orders/o-1/payment-method',
    { customer: 'c-1', payment },
    300,
  ]);
});

test('a customer for whom there is not enough takes half, and in the end nothing', () => {
  const half = [
    { line: 1, quantity: 1 },
    { line: 2, quantity: 0 },
    { line: 3, quantity: 1 },
  ];
  assert.deepEqual(done({ reason: 'stock' }), [
    'customer',
    '/api/orders/o-1/amend',
    { customer: 'c-1', lines: half },
    300,
  ]);
  const cancel = cancelling(order, 300);
  assert.equal(reactionTo({ ...order, reason: 'stock', version: 9 }, told(), lines)?.path, cancel.path);
  const single = [{ line: 1, quantity: 1, returnable: 1 }];
  assert.deepEqual(reactionTo({ ...order, reason: 'stock' }, told(), single), cancel);
});

test('the silent never answer, the content send nothing back', () => {
  assert.equal(done({}, told({ answersAfterMs: null })), undefined);
  assert.equal(done({ status: 'delivered', reason: null }), undefined);
});

test('what is sent back is what arrived: everything, or half of half of it', () => {
  const returned = (returns: Fate['returns']) =>
    done({ status: 'delivered', reason: null }, told({ returns }))?.[2] as { lines: unknown };
  assert.deepEqual(returned('everything').lines, [
    { line: 1, quantity: 3 },
    { line: 3, quantity: 1 },
  ]);
  assert.deepEqual(returned('a part').lines, [{ line: 1, quantity: 2 }]);
  const nothing = lines.map((line) => ({ ...line, returnable: 0 }));
  assert.equal(done({ status: 'delivered' }, told({ returns: 'everything' }), nothing), undefined);
});

test('the staff finds out the truth', () => {
  const review = { status: 'review', reason: null } as const;
  assert.equal(done(review)?.[1], '/api/admin/orders/o-1/review/approve');
  assert.deepEqual(done(review, told({}, 'velocity'))?.slice(0, 2), ['staff', '/api/admin/orders/o-1/review/reject']);
});

test('lines are looked at only where they matter', () => {
  assert.equal(needsLines(order, told()), false);
  assert.equal(needsLines({ ...order, reason: 'stock' }, told()), true);
  assert.equal(needsLines({ ...order, status: 'delivered' }, told()), false);
  assert.equal(needsLines({ ...order, status: 'delivered' }, told({ returns: 'a part' })), true);
});
