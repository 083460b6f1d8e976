import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { OrderStatus } from '../../../../lib/domain/order-machine.ts';
import type { ParcelState } from '../../../../lib/domain/parcel-machine.ts';
import { NO_SALE, reportingStatusFor, reportingStatusOf } from '../../../../lib/domain/reporting-status.ts';

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
