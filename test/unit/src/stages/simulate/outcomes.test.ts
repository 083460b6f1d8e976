import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderStory } from '../../../../../src/stages/simulate/order-source.ts';
import { type EndedOrder, OutcomeTally } from '../../../../../src/stages/simulate/outcomes.ts';

const ended: EndedOrder = {
  n: 0,
  status: 'completed',
  reason: null,
  attempts: 1,
  paidAttempt: 1,
  decision: 'allow',
};

/** Adds up orders; `truth` has payment fate and fraud pattern of each. */
function tally(...orders: [Partial<EndedOrder>, truth?: { payment?: string; fraud?: string }][]) {
  const stories = orders.map(([, truth]) => {
    return { fate: { payment: truth?.payment ?? 'ok' }, fraud: truth?.fraud ?? null } as OrderStory;
  });
  const sums = new OutcomeTally((n) => stories[n]);
  orders.forEach(([order], n) => {
    sums.add({ ...ended, ...order, n });
  });
  return sums.outcomes;
}

test('what asking again has saved is what was declined softly and paid by the same attempt', () => {
  const { payments } = tally(
    [{}],
    [{}, { payment: 'soft' }],
    [{ attempts: 2, paidAttempt: 2 }, { payment: 'softer' }],
    [{ status: 'cancelled', paidAttempt: null }, { payment: 'decline_funds' }],
    [{ status: 'rejected', attempts: 0, paidAttempt: null }],
  );
  assert.deepEqual(payments, {
    asked: 4,
    paid: 3,
    paid_after_retry: 1,
    paid_another_way: 1,
    success_rate: 0.75,
    success_rate_without_retries: 0.5,
  });
});

test('fraud is caught when it is refused or held back, whatever becomes of it', () => {
  const { fraud } = tally(
    [{ decision: 'block' }, { fraud: 'velocity' }],
    [{ decision: 'review' }, { fraud: 'reshipper' }],
    [{}, { fraud: 'card_testing' }],
    [{ decision: 'review' }],
    [{ decision: null }],
  );
  assert.deepEqual(fraud, { attempts: 3, caught: 2, missed: 1, false_alarms: 1 });
});

test('orders are counted by how they ended and why', () => {
  const { statuses, reasons } = tally(
    [{}],
    [{ status: 'cancelled', reason: 'customer' }],
    [{ status: 'cancelled', reason: 'customer' }],
    [{ status: 'action_required', reason: 'mfa' }],
  );
  assert.deepEqual(statuses, { completed: 1, cancelled: 2, action_required: 1 });
  assert.deepEqual(reasons, { customer: 2 });
});

test('where nobody paid there is no rate', () => {
  assert.equal(tally([{ attempts: 0 }]).payments.success_rate, null);
});
