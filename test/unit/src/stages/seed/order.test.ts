import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isFinal, isLegalStep, type OrderStatus } from '../../../../../lib/domain/order-machine.ts';
import { NO_SALE } from '../../../../../lib/domain/reporting-status.ts';
import { drawByPopularity, makeOrder, type SeededOrder } from '../../../../../src/stages/seed/order.ts';
import { labelOf } from '../../../../../src/stages/seed/order-rows.ts';
import { stockOf } from '../../../../../src/stages/seed/order-stock.ts';
import { SEED_NOW, SEED_PRODUCTS, seedHistory } from '../../../../helpers/seed-history.ts';

const ORDERS = 6_000;
const draw = drawByPopularity(SEED_PRODUCTS);

/** Half of the orders are of the last days, where every status is met. */
function makeOrders(days: number): SeededOrder[] {
  const history = seedHistory({ orders: ORDERS, days });
  return history.sequences(0, ORDERS).map((seq, n) => makeOrder(history, draw, n, seq));
}
const orders = [...makeOrders(200), ...makeOrders(4)];

const statusOf = (order: SeededOrder) => order.story.journey.status as OrderStatus;
const paidAmount = ({ story, quote }: SeededOrder) =>
  story.attempts.some(({ status }) => status === 'succeeded') ? quote.total_minor : 0;
const refunded = ({ story }: SeededOrder) =>
  story.refunds.filter(({ status }) => status === 'completed').reduce((sum, refund) => sum + refund.amountMinor, 0);

suite('every invented order', () => {
  test('has taken legal steps, each from where the last one led, none in the future', () => {
    for (const { story, storedAt } of orders) {
      let from: OrderStatus | null = null;
      let at = storedAt;
      for (const step of story.journey.steps) {
        assert.equal(step.from, from);
        assert.ok(isLegalStep(step.from, step.trigger, step.to));
        assert.ok(step.at >= at && step.at <= SEED_NOW, `${step.trigger} ${step.at - at}`);
        from = step.to;
        at = step.at;
      }
    }
  });

  test('has left each status before its timer, and stays in none beyond it', () => {
    for (const { story } of orders) {
      const { dueAt } = story.journey;
      assert.ok(dueAt === null ? isFinal(story.journey.status!) : dueAt > SEED_NOW - 1_000);
    }
  });

  test('costs what its lines say', () => {
    for (const { quote } of orders) {
      const lines = quote.lines.reduce((sum, line) => sum + line.unit_minor * line.quantity, 0);
      assert.equal(quote.subtotal_minor, lines);
      assert.equal(quote.total_minor, lines - quote.discount_minor + quote.tax_minor + quote.shipping_minor);
      assert.equal(new Set(quote.lines.map((line) => line.sku)).size, quote.lines.length);
    }
  });

  test('is paid when it is a sale; what was taken for one that is over came back', () => {
    for (const order of orders) {
      const { label } = labelOf(order.story);
      const status = statusOf(order);
      if (['paid', 'packed', 'shipped', 'out_for_delivery', 'delivered'].includes(label)) {
        assert.ok(paidAmount(order) > 0, label);
      }
      if (NO_SALE.includes(label) && status !== 'closing') assert.equal(paidAmount(order), 0, label);
      if (status === 'returned') assert.equal(refunded(order), order.quote.total_minor);
      if (status === 'completed') assert.ok(refunded(order) < order.quote.total_minor);
    }
  });

  test('has at most three tries to pay, with a code for each that failed', () => {
    for (const { story, method } of orders) {
      assert.ok(story.attempts.length <= 3);
      for (const [index, attempt] of story.attempts.entries()) {
        assert.equal(attempt.status === 'failed', attempt.failureCode !== null);
        assert.ok(attempt.status === 'failed' || index === story.attempts.length - 1);
      }
      if (story.attempts.length > 0) assert.equal(method, story.attempts.at(-1)!.method);
    }
  });

  test('has parcels that go through their stations in time', () => {
    for (const order of orders) {
      const { parcels } = order.story;
      const shipped = parcels.filter((parcel) => parcel.shippedAt);
      for (const { readyAt, shippedAt, outAt, deliveredAt, costMinor } of parcels) {
        const stations = [readyAt, shippedAt, outAt, deliveredAt].filter((at) => at !== null);
        assert.deepEqual(
          stations,
          stations.toSorted((a, b) => a - b),
        );
        assert.ok(costMinor > 0);
      }
      const status = statusOf(order);
      if (['shipped', 'delivered', 'completed', 'returned'].includes(status)) {
        assert.ok(parcels.length > 0 && shipped.length === parcels.length);
      }
      if (['delivered', 'completed', 'returned'].includes(status)) assert.ok(parcels.every((p) => p.deliveredAt));
      if (status === 'partially_shipped') assert.equal(shipped.length, 1);
      if (status === 'fulfilling') assert.equal(shipped.length, 0);
    }
  });

  test('holds its stock while it is open, and nothing once it is over', () => {
    for (const order of orders) {
      const states = new Set(stockOf(order).map(({ state }) => state));
      const status = statusOf(order);
      if (['reserved', 'confirmed', 'fulfilling'].includes(status)) assert.deepEqual([...states], ['held']);
      if (status === 'partially_shipped') assert.deepEqual([...states].sort(), ['held', 'shipped']);
      if (['shipped', 'delivered', 'completed', 'returned'].includes(status))
        assert.deepEqual([...states], ['shipped']);
      if (isFinal(status)) assert.ok(!states.has('held'));
      if (['cancelled', 'review'].includes(status)) assert.deepEqual([...states], ['untouched']);
    }
  });

  test('lies where its product lies', () => {
    for (const order of orders) {
      for (const { productId, warehouse } of stockOf(order)) {
        assert.ok(SEED_PRODUCTS[productId - 1]!.warehouses.includes(warehouse));
      }
    }
  });
});

suite('all invented orders together', () => {
  test('every label that reports use is there', () => {
    const labels = new Set(orders.map((order) => labelOf(order.story).label));
    assert.deepEqual(
      [...labels].sort(),
      'cancelled delivered out_for_delivery packed paid payment_failed pending_payment processing shipped'.split(' '),
    );
  });

  test('shares are those of a shop', () => {
    const share = (of: (order: SeededOrder) => boolean) => orders.filter(of).length / orders.length;
    const between = (value: number, low: number, high: number) => assert.ok(value > low && value < high, String(value));
    between(
      share((order) => labelOf(order.story).label === 'payment_failed'),
      0.02,
      0.05,
    );
    between(
      share((order) => labelOf(order.story).label === 'cancelled'),
      0.04,
      0.09,
    );
    between(
      share((order) => order.story.fraudFlag),
      0.02,
      0.03,
    );
    between(
      share((order) => order.coupon !== undefined),
      0.15,
      0.3,
    );
    const lines = orders.reduce((sum, order) => sum + order.quote.lines.length, 0) / orders.length;
    between(lines, 2.1, 2.3);
    const pieces = orders.flatMap((order) => order.quote.lines.map((line) => line.quantity));
    between(pieces.filter((quantity) => quantity === 1).length / pieces.length, 0.78, 0.82);
  });

  test('order numbers ascend, also across the place where a part begins', () => {
    const history = seedHistory({ orders: 3_000, days: 1 });
    const whole = history.sequences(0, 3_000);
    assert.deepEqual(
      whole,
      [...whole].sort((a, b) => a - b),
    );
    assert.equal(new Set(whole).size, 3_000);
    assert.deepEqual([...history.sequences(0, 1_111), ...history.sequences(1_111, 1_889)], whole);
  });
});
