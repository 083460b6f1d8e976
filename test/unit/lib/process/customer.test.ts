import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { valueOfUnits } from '../../../../lib/process/refunds.ts';
import { Story } from '../../../helpers/order-story.ts';

suite('cancelling', () => {
  test('a confirmed order voids its labels and its authorisation, and ends when both are done', () => {
    const story = new Story().authorized();
    story.comes('oms.order.cancel_requested.v1', {});
    assert.deepEqual([story.order.status, story.order.payments[0]?.state], ['closing', 'voiding']);
    story.voided();
    // The carrier has yet to answer: a label that it makes now has to be given back.
    assert.deepEqual([story.order.status, story.order.parcels[0]?.state], ['closing', 'pending']);
    story.labelled();
    assert.equal(story.waiting('void_label')[0]?.request.tracking_no, 'T1');
    assert.deepEqual(story.path.slice(-2), ['closing(customer)', 'cancelled(customer)']);
    assert.equal(story.told.at(-1), 'order_cancelled');
    assert.deepEqual(story.stock, { reserved: -1, onHand: 0 });
  });

  test('is refused once a parcel waits for its carrier, and when it was done before', () => {
    const story = new Story().authorized().labelled().captured();
    assert.equal(story.hears('oms.order.cancel_requested.v1', {}).verdict, 'refused');
    assert.equal(story.order.status, 'fulfilling');
    const over = new Story({ risk: 'block' });
    assert.deepEqual(over.hears('oms.order.cancel_requested.v1', {}), {
      verdict: 'refused',
      detail: 'an order that is cancelled cannot be cancelled',
    });
  });
});

suite('amending', () => {
  const short = () =>
    new Story(
      {
        items: [
          { sku: 'A', quantity: 4 },
          { sku: 'B', quantity: 1 },
        ],
        stockPolicy: 'amend',
      },
      2,
    );
  const amend = (story: Story, ...quantities: number[]) =>
    story.hears('oms.order.amended.v1', {
      lines: quantities.map((quantity, index) => ({ line: index + 1, quantity })),
    });

  test('takes less: amounts shrink with the units, and the order goes on', () => {
    const story = short();
    const [before] = structuredClone(story.order.lines);
    assert.equal(amend(story, 2).verdict, 'applied');
    const { lines, total, shipping } = story.order;
    assert.equal(lines[0]!.tax_minor, Math.floor(before!.tax_minor / 2));
    const value = lines.reduce((sum, line) => sum + valueOfUnits(line, 0, line.quantity), 0);
    assert.equal(total, value + shipping);
    assert.equal(story.waiting('authorize')[0]?.request.amount_minor, total);
    assert.deepEqual(story.path.slice(-2), ['action_required(stock)', 'reserved']);
  });

  test('a line can be left out; too little still asks again', () => {
    const story = short();
    assert.equal(amend(story, 3).verdict, 'applied');
    assert.deepEqual(story.path.slice(-2), ['action_required(stock)', 'action_required(stock)']);
    assert.equal(amend(story, 0).verdict, 'applied');
    assert.deepEqual(
      story.order.reservations.map(({ productId, quantity }) => [productId, quantity]),
      [[2, 1]],
    );
  });

  test('to more, to nothing, to lines that are not there, or in another status is refused', () => {
    const story = short();
    const refusals = [[5], [0, 0], [1, 1, 1]].map((quantities) => amend(story, ...quantities).detail);
    assert.deepEqual(refusals, [
      'line 1 has 4: an amendment takes less, not more',
      'nothing would be left of the order; cancel it instead',
      'the order has no line 3',
    ]);
    const twice = { lines: [1, 1].map((line) => ({ line, quantity: 1 })) };
    assert.equal(story.hears('oms.order.amended.v1', twice).detail, 'line 1 is named twice');
    assert.equal(amend(new Story(), 1).verdict, 'refused');
  });
});

suite('a review', () => {
  test('that approves goes on to stock and payment', () => {
    const story = new Story({ risk: 'review' }).comes('oms.review.approved.v1', { by: 'ann' });
    assert.deepEqual(story.path, ['received', 'review', 'reserved']);
    assert.equal(story.waiting('authorize')[0]?.request.token, 'tok_ok');
    assert.equal(story.hears('oms.review.rejected.v1', { by: 'ann' }).verdict, 'refused');
  });

  test('that approves what is sold out meanwhile follows the policy', () => {
    const story = new Story({ risk: 'review', stockPolicy: 'cancel' }, 0);
    story.comes('oms.review.approved.v1', { by: 'ann' });
    assert.equal(story.path.at(-1), 'cancelled(out_of_stock)');
  });

  test('that rejects ends the order', () => {
    const story = new Story({ risk: 'review' }).comes('oms.review.rejected.v1', { by: 'ann' });
    assert.deepEqual(story.path.slice(-2), ['closing(fraud)', 'cancelled(fraud)']);
    assert.deepEqual(story.stock, { reserved: 0, onHand: 0 });
  });
});

suite('goodwill', () => {
  const ask = (amount_minor: number) => ({ amount_minor, by: 'ann', reason: 'goodwill' as const });

  test('goes up to what was taken and has not gone back', () => {
    const story = new Story().delivered();
    const { total } = story.order;
    story.comes('oms.refund.requested.v1', ask(total - 1)).refunded();
    assert.equal(story.order.payments[0]?.state, 'partially_refunded');
    assert.equal(story.hears('oms.refund.requested.v1', ask(2)).verdict, 'refused');
    story.comes('oms.refund.requested.v1', ask(1)).refunded();
    assert.equal(story.order.payments[0]?.state, 'refunded');
    assert.deepEqual(story.papers.slice(-2), ['credit_note 1', 'credit_note 2']);
    assert.deepEqual([story.kept, story.order.status], [0, 'delivered']);
  });

  test('is possible after the return window, and changes nothing about the order', () => {
    const story = new Story().delivered();
    story.comes('oms.return_window.closed.v1', { version: story.order.version });
    const { version } = story.order;
    story.comes('oms.refund.requested.v1', ask(100)).refunded();
    assert.deepEqual([story.order.status, story.order.version, story.order.dueAt], ['completed', version, null]);
  });

  test('is refused before money was taken, and while everything is going back', () => {
    assert.equal(new Story().authorized().hears('oms.refund.requested.v1', ask(1)).verdict, 'refused');
    const closing = new Story({ payment: { method: 'wallet' } }).captured('authorize');
    closing.comes('oms.order.cancel_requested.v1', {});
    assert.equal(closing.hears('oms.refund.requested.v1', ask(1)).verdict, 'refused');
  });
});
