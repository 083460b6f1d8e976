import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { opKey } from '../../../../lib/process/external-op.ts';
import { DAY, MINUTE, Story } from '../../../helpers/order-story.ts';

suite('paying by card', () => {
  test('sets the amount aside, and takes it when every label is made', () => {
    const story = new Story().authorized();
    assert.deepEqual(story.path, ['received', 'reserved', 'confirmed']);
    assert.deepEqual(story.papers, ['invoice 1']);
    assert.equal(story.kept, 0);
    story.labelled();
    assert.equal(story.order.payments[0]?.state, 'capturing');
    assert.deepEqual(story.waiting('pickup'), []);
    story.captured();
    assert.equal(story.kept, story.order.total);
    assert.deepEqual(
      story.effects.ledger.map(({ txn, account, debit, credit }) => [txn, account, debit, credit]),
      [
        [opKey(story.order.orderId, 'capture', 1), 'provider', story.order.total, 0],
        [opKey(story.order.orderId, 'capture', 1), 'sales', 0, story.order.total],
      ],
    );
  });

  test('a soft decline is tried again after one minute and after five, within the same attempt', () => {
    const story = new Story().declined('try_again', true);
    assert.deepEqual(
      story.waiting('authorize').map(({ no, dueAt }) => [no, dueAt - story.now]),
      [[2, MINUTE]],
    );
    story.passes(MINUTE).declined('try_again', true);
    assert.deepEqual(
      story.waiting('authorize').map(({ no, dueAt }) => [no, dueAt - story.now]),
      [[3, 5 * MINUTE]],
    );
    story.passes(5 * MINUTE);
    assert.equal(story.order.status, 'reserved');
    story.declined('try_again', true);
    assert.equal(story.path.at(-1), 'action_required(payment)');
    assert.equal(story.order.payments.length, 1);
  });

  test('a soft decline that was saved is confirmed like any other', () => {
    const story = new Story().declined('issuer_unavailable', true).passes(MINUTE).authorized();
    assert.equal(story.order.status, 'confirmed');
    assert.equal(story.order.payments[0]?.failureCode, null);
  });

  test('three declines are the end', () => {
    const story = new Story().declined('insufficient_funds');
    for (const token of ['tok_2', 'tok_3']) {
      story.comes('oms.payment.method_replaced.v1', { payment: { method: 'card', token } });
      assert.equal(story.waiting('authorize')[0]?.request.token, token);
      story.declined('insufficient_funds');
    }
    assert.deepEqual(story.path.slice(-2), ['closing(payment_declined)', 'cancelled(payment_declined)']);
    assert.deepEqual(story.stock, { reserved: -1, onHand: 0 });
  });

  test('a capture that failed is asked for again, later and under a new number', () => {
    const story = new Story().authorized().labelled();
    story.comes('oms.payment.capture_failed.v1', story.wordOn('capture', { code: 'processor_unavailable' }));
    const [op] = story.waiting('capture');
    assert.deepEqual([op?.no, op!.dueAt - story.now], [2, MINUTE]);
    assert.deepEqual(story.waiting('pickup'), []);
    story.passes(MINUTE).captured();
    assert.equal(story.waiting('pickup').length, 1);
  });

  test('an authorisation of less than the order costs confirms nothing, and is let go in the end', () => {
    const story = new Story();
    story.comes('oms.payment.authorized.v1', story.wordOn('authorize', { amount_minor: 1 }));
    assert.equal(story.order.status, 'reserved');
    story.timedOut();
    assert.equal(story.order.status, 'closing');
    story.voided();
    assert.equal(story.path.at(-1), 'cancelled(timeout)');
  });
});

suite('a second factor', () => {
  const asked = () => {
    const story = new Story();
    return story.comes('oms.payment.action_required.v1', story.wordOn('authorize'));
  };

  test('that is passed leads on within the same attempt', () => {
    const story = asked().comes('oms.payment.mfa_completed.v1', {});
    assert.deepEqual(story.path.slice(-2), ['action_required(mfa)', 'reserved']);
    const [op] = story.waiting('authorize');
    assert.deepEqual([op?.no, op?.request.attempt, op?.request.mfa_completed], [2, 1, true]);
    assert.equal(story.authorized().order.status, 'confirmed');
  });

  test('that the provider saw passed first needs no word of the customer', () => {
    const story = asked();
    story.comes('oms.payment.authorized.v1', story.wordOn('authorize', { op_key: undefined }));
    assert.deepEqual(story.path.slice(-3), ['action_required(mfa)', 'reserved', 'confirmed']);
    assert.equal(story.hears('oms.payment.mfa_completed.v1', {}).verdict, 'refused');
  });

  test('that never comes ends the order and voids the question', () => {
    const story = asked().timedOut();
    assert.deepEqual(story.path.at(-1), 'closing(mfa_timeout)');
    story.voided();
    assert.deepEqual(story.path.at(-1), 'cancelled(mfa_timeout)');
  });

  test('can be left for another method: the first attempt is voided while the second goes on', () => {
    const story = asked().comes('oms.payment.method_replaced.v1', { payment: { method: 'wallet' } });
    assert.deepEqual(
      story.order.payments.map(({ state, method }) => [method, state]),
      [
        ['card', 'voiding'],
        ['wallet', 'authorizing'],
      ],
    );
    story.captured('authorize').voided();
    assert.equal(story.order.status, 'confirmed');
  });
});

suite('an attempt that was left for another', () => {
  test('and was captured nevertheless pays for nothing: it goes back', () => {
    const story = new Story({ payment: { method: 'wallet', token: 'tok_mfa' } });
    story.comes('oms.payment.action_required.v1', story.wordOn('authorize'));
    story.comes('oms.payment.method_replaced.v1', { payment: { method: 'card', token: 'tok_ok' } });
    story.comes('oms.payment.captured.v1', story.wordOn('void'));
    assert.equal(story.order.status, 'reserved');
    assert.equal(story.waiting('refund')[0]?.request.attempt, 1);
    story.refunded().authorized();
    assert.deepEqual([story.order.status, story.kept], ['confirmed', 0]);
  });
});

suite('methods without an authorisation of their own', () => {
  test('a wallet is captured at once; cancelling refunds it', () => {
    const story = new Story({ payment: { method: 'wallet', token: 'tok_ok' } });
    assert.equal(story.waiting('authorize')[0]?.request.capture, true);
    story.captured('authorize');
    assert.equal(story.order.status, 'confirmed');
    story.comes('oms.order.cancel_requested.v1', {});
    assert.equal(story.waiting('refund')[0]?.request.amount_minor, story.order.total);
    assert.equal(story.order.status, 'closing');
    story.refunded().labelled();
    assert.equal(story.path.at(-1), 'cancelled(customer)');
    assert.equal(story.kept, 0);
  });

  test('a collect request is voided on cancelling; an answer that was faster is refunded', () => {
    const story = new Story({ payment: { method: 'upi', token: 'tok_ok' } });
    story.comes('oms.order.cancel_requested.v1', {});
    assert.equal(story.order.payments[0]?.state, 'voiding');
    story.comes('oms.payment.captured.v1', story.wordOn('void'));
    // Booked under the request that the customer answered, as the provider has it.
    assert.equal(story.effects.ledger[0]?.txn, opKey(story.order.orderId, 'authorize', 1));
    story.refunded();
    assert.equal(story.path.at(-1), 'cancelled(customer)');
    assert.deepEqual(story.papers, []);
  });

  test('a collect request that is answered by a webhook without a key needs no repetition', () => {
    const story = new Story({ payment: { method: 'upi', token: 'tok_ok' } }).passes(MINUTE);
    story.comes('oms.payment.captured.v1', story.wordOn('authorize', { op_key: undefined }));
    assert.deepEqual(story.effects.answeredOps, [{ kind: 'authorize', no: 1 }]);
    assert.equal(story.order.status, 'confirmed');
  });
});

suite('an unknown outcome', () => {
  test('is waited for while the order closes, then undone', () => {
    const story = new Story().comes('oms.order.cancel_requested.v1', {});
    assert.deepEqual([story.order.status, story.order.payments[0]?.state], ['closing', 'authorizing']);
    assert.deepEqual(story.stock, { reserved: -1, onHand: 0 });
    story.authorized();
    assert.equal(story.order.payments[0]?.state, 'voiding');
    story.voided();
    assert.equal(story.path.at(-1), 'cancelled(customer)');
  });

  test('of a capture is waited for, then refunded', () => {
    const story = new Story().authorized().labelled().comes('oms.order.cancel_requested.v1', {});
    assert.deepEqual([story.order.status, story.order.payments[0]?.state], ['closing', 'capturing']);
    story.captured().refunded();
    assert.equal(story.path.at(-1), 'cancelled(customer)');
  });
});

suite('answers that come again, late or from elsewhere', () => {
  test('the same answer under another id is a duplicate, and changes nothing', () => {
    const story = new Story().declined('try_again', true);
    const soft = story.wordOn('authorize', { code: 'try_again', soft: true });
    const first = { ...soft, op_key: opKey(story.order.orderId, 'authorize', 1) };
    assert.equal(story.hears('oms.payment.declined.v1', first).verdict, 'duplicate');
    story.authorized();
    assert.equal(story.hears('oms.payment.authorized.v1', story.wordOn('authorize')).verdict, 'duplicate');
    story.labelled();
    const again = story.hears('oms.payment.authorized.v1', story.wordOn('authorize'));
    assert.equal(again.verdict, 'late');
    assert.equal(story.order.payments[0]?.state, 'capturing');
  });

  test('an attempt that is not there yet is early, and late once the order is over', () => {
    const story = new Story();
    const word = story.wordOn('authorize', { attempt: 2 });
    assert.equal(story.hears('oms.payment.authorized.v1', word).verdict, 'early');
    const over = new Story({ risk: 'block' });
    assert.equal(over.hears('oms.payment.authorized.v1', word).verdict, 'late');
  });

  test('an amount in another currency is refused, and not asked for again', () => {
    const story = new Story();
    const word = story.wordOn('authorize', { currency: 'EUR' });
    assert.equal(story.hears('oms.payment.authorized.v1', word).verdict, 'refused');
    assert.deepEqual(story.waiting('authorize'), []);
  });
});

suite('a chargeback', () => {
  const chargeback = (story: Story) => story.wordOn('authorize', { op_key: undefined });

  test('of what has been delivered is booked; a return after it refunds nothing twice', () => {
    const story = new Story().delivered();
    story.comes('oms.payment.charged_back.v1', chargeback(story));
    assert.deepEqual([story.kept, story.order.status], [0, 'delivered']);
    const return_id = '00000000-0000-8000-8000-000000000001';
    const lines = [{ line: 1, quantity: 1 }];
    story.comes('oms.return.requested.v1', { return_id, reason: 'other', lines });
    const came = [{ line: 1, quantity: 1, resalable: true }];
    story.comes('oms.return.received.v1', { return_id, at: new Date(story.now).toISOString(), lines: came });
    assert.deepEqual(story.path.slice(-2), ['closing(returned)', 'returned(returned)']);
    assert.equal(story.kept, 0);
  });

  test('of what is still here keeps it here', () => {
    const story = new Story({ payment: { method: 'wallet' } }).captured('authorize');
    story.comes('oms.payment.charged_back.v1', chargeback(story)).labelled();
    assert.equal(story.path.at(-1), 'cancelled(payment_declined)');
    assert.deepEqual(story.stock, { reserved: -1, onHand: 0 });
  });

  test('that was faster than a refund makes the provider refuse it: what is owed is counted again', () => {
    const story = new Story().delivered().passes(DAY);
    story.comes('oms.refund.requested.v1', { amount_minor: 100, by: 'ann', reason: 'goodwill' });
    story.comes('oms.payment.charged_back.v1', chargeback(story));
    story.comes('oms.payment.declined.v1', story.wordOn('refund', { code: 'exceeds_captured', soft: false }));
    assert.deepEqual([story.order.refunds[0]?.state, story.order.payments[0]?.refundWanted], ['refused', 0]);
    assert.deepEqual(story.waiting('refund'), []);
  });

  test('while the order closes is no end of it: the refund that was asked for has to be answered', () => {
    const story = new Story({ payment: { method: 'wallet' } }).captured('authorize').labelled();
    story.scanned('picked_up').scanned('lost');
    story.comes('oms.payment.charged_back.v1', chargeback(story));
    assert.equal(story.order.status, 'closing');
    story.comes('oms.payment.declined.v1', story.wordOn('refund', { code: 'exceeds_captured', soft: false }));
    assert.equal(story.path.at(-1), 'returned(undeliverable)');
  });
});
