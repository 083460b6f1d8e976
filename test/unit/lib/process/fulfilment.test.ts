import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DAY, HOUR, MINUTE, Story } from '../../../helpers/order-story.ts';

const TWO_PLACES = {
  items: [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 1 },
  ],
};

suite('an order on its way', () => {
  test('goes in one parcel from each warehouse, and is sold as each of them leaves', () => {
    const story = new Story(TWO_PLACES).authorized();
    assert.deepEqual(
      story.order.parcels.map(({ warehouse, lines }) => [warehouse, lines]),
      [
        ['east', [{ line: 1, quantity: 2 }]],
        ['west', [{ line: 2, quantity: 1 }]],
      ],
    );
    story.labelled().captured();
    assert.deepEqual(story.stock, { reserved: 0, onHand: 0 });
    story.scanned('picked_up', 1);
    assert.deepEqual(story.stock, { reserved: -2, onHand: -2 });
    assert.equal(story.order.status, 'partially_shipped');
    story.scanned('picked_up', 2).passes(DAY).scanned('delivered', 1);
    assert.equal(story.order.status, 'shipped');
    story.scanned('delivered', 2);
    assert.deepEqual(story.path.slice(2), ['confirmed', 'fulfilling', 'partially_shipped', 'shipped', 'delivered']);
    assert.deepEqual(story.told, ['order_received', 'order_confirmed', 'order_shipped', 'order_delivered']);
    assert.deepEqual(story.papers, ['invoice 1', 'label 1', 'label 2']);
    assert.deepEqual(
      story.effects.stock.map(({ reason }) => reason),
      ['sold', 'sold'],
    );
  });

  test('is completed when nothing can be returned any more', () => {
    const story = new Story().delivered();
    story.comes('oms.return_window.closed.v1', { version: story.order.version });
    assert.equal(story.path.at(-1), 'completed');
    assert.deepEqual([story.order.dueAt, story.kept], [null, story.order.total]);
  });

  test('waits for every label before money is taken', () => {
    const story = new Story(TWO_PLACES).authorized();
    const [first] = story.waiting('label');
    story.comes('oms.shipment.label_created.v1', story.labelOf(first!));
    assert.deepEqual([story.order.status, story.waiting('capture')], ['fulfilling', []]);
    story.labelled();
    assert.equal(story.waiting('capture').length, 1);
  });
});

suite('a carrier that makes no label', () => {
  test('is asked twice, then the next one is, always later', () => {
    const story = new Story().authorized();
    const asked = () => story.waiting('label').map(({ request, dueAt }) => [request.carrier, dueAt - story.now]);
    assert.deepEqual(asked(), [['swift', 0]]);
    const waits = [
      ['swift', MINUTE / 2],
      ['parcel', MINUTE],
      ['parcel', 2 * MINUTE],
      ['swift', 5 * MINUTE],
      ['swift', 15 * MINUTE],
      ['parcel', 15 * MINUTE],
    ];
    for (const wait of waits) assert.deepEqual(story.labelRefused() && asked(), [wait]);
    story.labelled();
    assert.equal(story.order.parcels[0]?.carrier, 'parcel');
  });

  test('and made one after all gets it back', () => {
    const story = new Story().authorized();
    const [given] = story.waiting('label');
    story.labelRefused().labelled();
    story.comes('oms.shipment.label_created.v1', story.labelOf(given!, 'T-other'));
    assert.equal(story.waiting('void_label')[0]?.request.tracking_no, 'T-other');
    assert.equal(story.order.parcels[0]?.trackingNo, 'T1');
  });
});

suite('a parcel that does not arrive', () => {
  test('lost beside one that arrives: its units are refunded', () => {
    const story = new Story(TWO_PLACES).authorized().labelled().captured();
    story.scanned('picked_up', 1).scanned('picked_up', 2).scanned('lost', 1);
    // Two of A at 10.00 and 8 % tax of Germany's 19: the line as charged.
    const [line] = story.order.lines;
    const value = 2 * line!.unit_minor - line!.discount_minor + line!.tax_minor;
    assert.equal(story.waiting('refund')[0]?.request.amount_minor, value);
    assert.equal(line!.lost, 2);
    story.refunded().scanned('delivered', 2);
    assert.equal(story.order.status, 'delivered');
    assert.equal(story.kept, story.order.total - value);
  });

  test('and is the only one: everything is refunded, the shipping too', () => {
    const story = new Story().authorized().labelled().captured().scanned('picked_up').scanned('lost');
    assert.equal(story.waiting('refund')[0]?.request.amount_minor, story.order.total);
    story.refunded();
    assert.deepEqual(story.path.slice(-2), ['closing(undeliverable)', 'returned(undeliverable)']);
    assert.equal(story.told.at(-1), 'order_undeliverable');
  });

  test('and comes back: its units are for sale again', () => {
    const story = new Story().authorized().labelled().captured().scanned('picked_up').scanned('returned_to_sender');
    assert.deepEqual(story.effects.stock.at(-1), {
      productId: 1,
      warehouse: 'east',
      reserved: 0,
      onHand: 1,
      reason: 'undeliverable',
    });
    assert.equal(story.refunded().path.at(-1), 'returned(undeliverable)');
  });

  test('and is not heard of for a month: it is lost', () => {
    const story = new Story(TWO_PLACES).authorized().labelled().captured();
    story.scanned('picked_up', 1).scanned('picked_up', 2).scanned('delivered', 2).timedOut();
    assert.deepEqual(
      story.order.parcels.map(({ state }) => state),
      ['lost', 'delivered'],
    );
    assert.equal(story.effects.steps.at(-1)?.trigger, 'shipment.lost');
    assert.equal(story.hears('oms.shipment.delivered.v1', story.scan(1)).verdict, 'late');
  });
});

suite('scans in disorder', () => {
  test('before their turn are early, after it late, again duplicates', () => {
    const story = new Story().authorized().labelled();
    assert.equal(story.hears('oms.shipment.picked_up.v1', story.scan()).verdict, 'early');
    story.captured();
    assert.equal(story.hears('oms.shipment.delivered.v1', story.scan()).verdict, 'early');
    story.scanned('picked_up').passes(HOUR).scanned('delivered');
    assert.equal(story.hears('oms.shipment.delivered.v1', story.scan()).verdict, 'duplicate');
    assert.equal(story.hears('oms.shipment.in_transit.v1', story.scan()).verdict, 'late');
  });

  test('of a parcel that is not there yet are early; of a label that was given up, late', () => {
    const story = new Story().authorized();
    const scan = { ...story.scan(), parcel_no: 2 };
    assert.equal(story.hears('oms.shipment.picked_up.v1', scan).verdict, 'early');
    story.labelled().captured();
    const other = { ...story.scan(), tracking_no: 'T-other' };
    assert.equal(story.hears('oms.shipment.picked_up.v1', other).verdict, 'late');
  });
});
