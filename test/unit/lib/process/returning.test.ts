import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { valueOfUnits } from '../../../../lib/process/refunds.ts';
import { DAY, Story } from '../../../helpers/order-story.ts';

const ID = (no: number) => `00000000-0000-8000-8000-00000000000${no}`;

const delivered = (quantity = 3) => new Story({ items: [{ sku: 'A', quantity }] }).delivered();

const announce = (story: Story, no: number, quantity: number, line = 1) =>
  story.hears('oms.return.requested.v1', { return_id: ID(no), reason: 'changed_mind', lines: [{ line, quantity }] });

const comes = (story: Story, no: number, quantity: number, resalable = true) =>
  story.comes('oms.return.received.v1', {
    return_id: ID(no),
    at: new Date(story.now).toISOString(),
    lines: [{ line: 1, quantity, resalable }],
  });

suite('a return', () => {
  test('within what was bought approves itself: a label is asked for, and the goods are waited for', () => {
    const story = delivered();
    assert.equal(announce(story, 1, 2).verdict, 'applied');
    const [one] = story.order.returns;
    assert.deepEqual([one?.state, one!.dueAt! - story.now], ['approved', 14 * DAY]);
    assert.deepEqual(story.waiting('return_label')[0]?.request.lines, [{ line: 1, sku: 'A', quantity: 2 }]);
    assert.equal(story.told.at(-1), 'return_approved');
    assert.equal(story.papers.at(-1), 'return_label 1');
    assert.equal(announce(story, 1, 2).verdict, 'duplicate');
  });

  test('refunds the units that came, not those announced', () => {
    const story = delivered();
    announce(story, 1, 3);
    comes(story, 1, 1);
    const value = valueOfUnits(story.order.lines[0]!, 0, 1);
    assert.equal(story.waiting('refund')[0]?.request.amount_minor, value);
    assert.equal(story.order.returns[0]?.refundMinor, value);
    assert.deepEqual(story.effects.stock.at(-1)?.reason, 'returned');
    story.refunded();
    assert.deepEqual([story.order.returns[0]?.state, story.order.status], ['refunded', 'delivered']);
    assert.deepEqual(story.told.slice(-3), ['return_approved', 'return_received', 'refunded']);
    // What did not come can be announced again.
    assert.equal(announce(story, 2, 3).verdict, 'refused');
    assert.equal(announce(story, 2, 2).verdict, 'applied');
  });

  test('of everything ends the order, and the shipping goes back with the last unit', () => {
    const story = delivered(2);
    for (const no of [1, 2]) {
      announce(story, no, 1);
      comes(story, no, 1).refunded();
    }
    assert.equal(story.order.status, 'closing');
    assert.equal(story.kept, story.order.shipping);
    story.refunded();
    assert.deepEqual(story.path.slice(-2), ['closing(returned)', 'returned(returned)']);
    assert.equal(story.kept, 0);
  });

  test('units that cannot be sold again are refunded but not put back', () => {
    const story = delivered();
    announce(story, 1, 2);
    const { onHand } = story.stock;
    comes(story, 1, 2, false);
    assert.equal(story.stock.onHand, onHand);
    assert.deepEqual(story.order.returns[0]?.lines, [{ line: 1, quantity: 2, received: 2, resalable: false }]);
    assert.ok(story.order.returns[0]!.refundMinor > 0);
  });

  test('more units than announced count as announced; none at all is rejected', () => {
    const story = delivered();
    announce(story, 1, 1);
    comes(story, 1, 3);
    assert.equal(story.order.lines[0]?.returned, 1);
    announce(story, 2, 2);
    comes(story, 2, 0);
    assert.equal(story.order.returns[1]?.state, 'rejected');
    assert.equal(story.told.at(-1), 'return_rejected');
  });

  test('that never comes expires; what is scanned on its way is waited for longer', () => {
    const story = delivered();
    announce(story, 1, 1);
    story.passes(13 * DAY);
    story.comes('oms.return.in_transit.v1', {
      return_id: ID(1),
      carrier: 'swift',
      at: new Date(story.now).toISOString(),
    });
    assert.equal(story.order.returns[0]!.dueAt! - story.now, 14 * DAY);
    story.comes('oms.return.timed_out.v1', { return_id: ID(1) });
    assert.deepEqual([story.order.returns[0]?.state, story.told.at(-1)], ['expired', 'return_expired']);
    assert.equal(announce(story, 2, 3).verdict, 'applied');
  });

  test('when nothing is left to refund ends without one', () => {
    const story = delivered(1);
    story
      .comes('oms.refund.requested.v1', { amount_minor: story.order.total, by: 'ann', reason: 'goodwill' })
      .refunded();
    announce(story, 1, 1);
    comes(story, 1, 1);
    assert.equal(story.path.at(-1), 'returned(returned)');
  });

  test('refunds no more than is left after a refund out of goodwill', () => {
    const story = delivered(1);
    story.comes('oms.refund.requested.v1', { amount_minor: story.order.total - 1, by: 'ann', reason: 'goodwill' });
    story.refunded();
    announce(story, 1, 1);
    comes(story, 1, 1);
    assert.equal(story.waiting('refund')[0]?.request.amount_minor, 1);
  });

  test('is refused before delivery and for lines that are not the order’s', () => {
    assert.equal(announce(new Story(), 1, 1).verdict, 'refused');
    assert.equal(announce(delivered(), 1, 1, 9).detail, 'the order has no line 9');
  });

  test('of a line that was amended away is refused', () => {
    const items = [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 3 },
    ];
    const story = new Story({ items, stockPolicy: 'amend' }, 1);
    story.comes('oms.order.amended.v1', { lines: [{ line: 2, quantity: 0 }] }).delivered();
    assert.equal(announce(story, 1, 1, 2).detail, 'line 2 has 0 to return, not 1');
  });

  test('that nobody announced yet is early', () => {
    const story = delivered();
    const at = new Date(story.now).toISOString();
    assert.equal(story.hears('oms.return.in_transit.v1', { return_id: ID(1), carrier: 'swift', at }).verdict, 'early');
    assert.equal(story.hears('oms.return.denied.v1', { return_id: ID(1), by: 'ann' }).verdict, 'early');
  });
});
