import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ORDER_MACHINE } from '../../../../lib/domain/order-machine.ts';
import { ORDER_TIMERS } from '../../../../lib/process/timers.ts';
import { DAY, HOUR, MINUTE, Story } from '../../../helpers/order-story.ts';

suite('timers', () => {
  test('every status that is not final has one', () => {
    const waiting = ORDER_MACHINE.states.filter((status) => !ORDER_MACHINE.isFinal(status));
    assert.deepEqual(Object.keys(ORDER_TIMERS).sort(), waiting.sort());
  });

  test('start with each step, on the order’s own clock, but never outrun people and machines', () => {
    const story = new Story();
    assert.equal(story.order.dueAt! - story.now, 15 * MINUTE);
    const scaled = (time_scale: number) => {
      const { order, now } = new Story({ data: { simulation: { time_scale } } });
      return order.dueAt! - now;
    };
    assert.equal(scaled(10), 90_000);
    assert.equal(scaled(1_000_000), MINUTE);
  });

  test('what has been waiting for too long is closed', () => {
    const review = new Story({ risk: 'review' }).timedOut();
    assert.equal(review.path.at(-1), 'cancelled(timeout)');
    const stock = new Story({ stockPolicy: 'amend' }, 0).timedOut();
    assert.equal(stock.path.at(-1), 'cancelled(timeout)');
    const unpaid = new Story().declined('insufficient_funds').timedOut();
    assert.equal(unpaid.path.at(-1), 'cancelled(payment_declined)');
  });

  test('where only people can help they are told, again and again', () => {
    const story = new Story().authorized().timedOut();
    assert.deepEqual([story.order.status, story.order.version], ['confirmed', 3]);
    assert.equal(story.order.dueAt! - story.now, DAY);
    story.timedOut();
    assert.deepEqual(story.told.slice(-2), ['operations_alarm', 'operations_alarm']);
    const keys = story.effects.notifications.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
  });

  test('the clock’s word on what has changed since is late', () => {
    const story = new Story();
    const { status: from, version } = story.order;
    story.authorized();
    assert.equal(story.hears('oms.order.timed_out.v1', { from, version }).verdict, 'late');
  });

  test('the clock’s word on an earlier stay in the same status is late', () => {
    const story = new Story().declined('insufficient_funds');
    const { status: from, version } = story.order;
    story.comes('oms.payment.method_replaced.v1', { payment: { method: 'card' } }).declined('insufficient_funds');
    assert.equal(story.order.status, from);
    assert.equal(story.hears('oms.order.timed_out.v1', { from, version }).verdict, 'late');
  });

  test('an alarm that is told twice is raised once', () => {
    const story = new Story().authorized();
    const { status: from, version } = story.order;
    story.timedOut();
    assert.equal(story.hears('oms.order.timed_out.v1', { from, version }).verdict, 'duplicate');
  });
});

suite('the return window', () => {
  test('stays open while a return or a refund is', () => {
    const story = new Story().delivered();
    const { version } = story.order;
    story.comes('oms.refund.requested.v1', { amount_minor: 1, by: 'ann', reason: 'other' }).passes(HOUR);
    story.comes('oms.return_window.closed.v1', { version });
    assert.deepEqual([story.order.status, story.order.dueAt! - story.now], ['delivered', DAY]);
    story.refunded().comes('oms.return_window.closed.v1', { version });
    assert.equal(story.order.status, 'completed');
    assert.equal(story.hears('oms.return_window.closed.v1', { version }).verdict, 'late');
  });
});
