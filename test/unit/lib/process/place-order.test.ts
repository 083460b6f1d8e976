import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Story, type StoryOptions } from '../../../helpers/order-story.ts';
import { placedEvent } from '../../../helpers/orders.ts';

suite('a new order', () => {
  test('holds its stock and asks for its money', () => {
    const story = new Story({ items: [{ sku: 'A', quantity: 2 }] });
    assert.deepEqual(story.path, ['received', 'reserved']);
    assert.deepEqual(story.told, ['order_received']);
    const [op] = story.waiting('authorize');
    assert.equal(op?.no, 1);
    assert.equal(op?.dueAt, story.now);
    const { amount_minor, capture, token, mfa_completed } = op!.request;
    assert.deepEqual([amount_minor, capture, token, mfa_completed], [story.order.total, false, 'tok_ok', false]);
  });

  test('lines of one product are held together', () => {
    const story = new Story({
      items: [
        { sku: 'A', quantity: 2 },
        { sku: 'A', quantity: 1 },
      ],
    });
    assert.deepEqual(
      story.order.reservations.map(({ quantity }) => quantity),
      [3],
    );
  });

  const invalid: [reason: string, options: StoryOptions][] = [
    ['unknown_sku', { items: [{ sku: 'Z', quantity: 1 }] }],
    ['price_mismatch', { items: [{ sku: 'A', quantity: 1, price: 1 }] }],
    ['currency_mismatch', { data: { currency: 'EUR' } }],
    ['total_mismatch', { data: { total_minor: 1 } }],
  ];
  for (const [reason, options] of invalid) {
    test(`is rejected for ${reason}, and owes nobody anything`, () => {
      const story = new Story(options);
      assert.deepEqual(story.path, [`rejected(${reason})`]);
      assert.deepEqual(story.told, ['order_rejected']);
      assert.deepEqual([story.order.dueAt, story.order.ops], [null, []]);
    });
  }

  test('with a line that comes twice, or with a price below nothing, is rejected as well, and can be stored', () => {
    const { data } = placedEvent({ key: 'k1' });
    const [line] = data.lines;
    const twice = new Story({ data: { lines: [line!, line!] } });
    assert.deepEqual(twice.path, ['rejected(line_repeated)']);
    const discount_minor = 1_000_000;
    const gift = new Story({ data: { lines: [{ ...line!, discount_minor }], discount_minor, total_minor: 0 } });
    assert.deepEqual(gift.path, ['rejected(total_mismatch)']);
    assert.equal(gift.order.total, 0);
  });

  test('is asked about when there is too little, or ends, as its policy says', () => {
    assert.deepEqual(new Story({ stockPolicy: 'amend' }, 0).path, ['received', 'action_required(stock)']);
    const ended = new Story({ stockPolicy: 'cancel' }, 0);
    assert.deepEqual(ended.path, ['received', 'closing(out_of_stock)', 'cancelled(out_of_stock)']);
    assert.deepEqual(ended.told, ['order_received', 'cancelled_out_of_stock']);
  });

  test('waits for a person, or ends, as the risk step says; nothing is held or asked for meanwhile', () => {
    const held = new Story({ risk: 'review' });
    assert.deepEqual(held.path, ['received', 'review']);
    assert.deepEqual([held.order.reservations, held.order.ops], [[], []]);
    assert.deepEqual(new Story({ risk: 'block' }).path, ['received', 'closing(fraud)', 'cancelled(fraud)']);
  });

  test('runs on a faster clock only when it is synthetic', () => {
    const data = { simulation: { time_scale: 1_000_000 } };
    assert.equal(new Story({ data, synthetic: true }).order.simulation?.time_scale, 1_000_000);
    assert.equal(new Story({ data, synthetic: false }).order.simulation, null);
  });
});
