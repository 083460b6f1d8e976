import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  isFinal,
  isLegalStep,
  nextStatus,
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderStatus,
} from '../../../../lib/domain/order-machine.ts';
import type { ParcelState } from '../../../../lib/domain/parcel-machine.ts';
import { NO_SALE, reportingStatusFor, reportingStatusOf } from '../../../../lib/domain/reporting-status.ts';

function reachableFrom(start: OrderStatus | null): Set<OrderStatus> {
  const seen = new Set<OrderStatus>();
  const open: (OrderStatus | null)[] = [start];
  while (open.length > 0) {
    const from = open.pop()!;
    for (const row of ORDER_TRANSITIONS.filter((candidate) => candidate.from === from)) {
      if (!seen.has(row.to)) open.push(row.to);
      seen.add(row.to);
    }
  }
  return seen;
}

suite('order machine', () => {
  test('every status is reached from the start', () => {
    assert.deepEqual([...reachableFrom(null)].sort(), [...ORDER_STATUSES].sort());
  });

  test('every status can end, and the final ones are the four that say so', () => {
    const final = ORDER_STATUSES.filter(isFinal);
    assert.deepEqual(final, ['rejected', 'cancelled', 'returned', 'completed']);
    for (const status of ORDER_STATUSES) {
      assert.ok(isFinal(status) || [...reachableFrom(status)].some(isFinal), status);
    }
  });

  test('no step is ambiguous', () => {
    const keys = ORDER_TRANSITIONS.map((row) => `${row.from}|${row.trigger}|${row.when}`);
    assert.equal(new Set(keys).size, keys.length);
  });

  test('a step that the table does not have is refused', () => {
    assert.equal(nextStatus('received', 'decide', 'stock_ok'), 'reserved');
    assert.throws(() => nextStatus('reserved', 'decide', 'stock_ok'), RangeError);
    assert.ok(isLegalStep(null, 'order.placed', 'received'));
    assert.ok(!isLegalStep('received', 'payment.authorized', 'confirmed'));
  });
});

suite('reporting status', () => {
  test('failed payments are told from other cancellations', () => {
    assert.equal(reportingStatusOf('cancelled', 'payment_declined'), 'payment_failed');
    assert.equal(reportingStatusOf('cancelled', 'out_of_stock'), 'cancelled');
    assert.equal(reportingStatusOf('rejected', 'price_mismatch'), 'cancelled');
  });

  test('an order is a sale once it is paid', () => {
    assert.ok(NO_SALE.includes(reportingStatusOf('reserved', null)));
    assert.ok(!NO_SALE.includes(reportingStatusOf('confirmed', null)));
  });

  test('the parcels tell what the status does not', () => {
    const order = { reason: null, closeAs: null };
    const label = (status: OrderStatus, ...states: ParcelState[]) =>
      reportingStatusFor({ ...order, status, parcels: states.map((state) => ({ state })) });
    assert.equal(label('fulfilling', 'label_created', 'pending'), 'processing');
    assert.equal(label('fulfilling', 'label_created', 'ready'), 'packed');
    assert.equal(label('shipped', 'delivered', 'out_for_delivery'), 'out_for_delivery');
    assert.equal(label('shipped', 'delivered', 'delivery_failed'), 'shipped');
  });

  test('what came back was sold; what never arrived was not', () => {
    const closing = { status: 'closing', closeAs: 'returned', parcels: [] } as const;
    assert.equal(reportingStatusFor({ ...closing, reason: 'returned' }), 'delivered');
    assert.equal(reportingStatusFor({ ...closing, reason: 'undeliverable' }), 'cancelled');
    assert.equal(reportingStatusOf('returned', 'undeliverable'), 'cancelled');
  });
});
