import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { OrderStatus } from '../../../../../lib/domain/order-machine.ts';
import type { OrderRecord } from '../../../../../src/stages/order/record.ts';
import { timelineOf } from '../../../../../src/stages/order/timeline.ts';

const NOON = new Date('2026-01-01T12:00:00Z');
const scanned = (ms: number) => new Date(NOON.getTime() - 1_000 + ms);

const eventOf = (name: string, at = NOON) => ({
  event: name,
  type: `oms.${name.replace(/\d$/, '')}.v1`,
  source: '/carrier/swiftpost',
  verdict: 'applied' as const,
  detail: null,
  at,
});

const stepOf = (version: number, event: string, to: OrderStatus, at = NOON) => ({
  ...{ version, event, to, at },
  trigger: event.replace(/\d$/, ''),
  from: null,
  reason: null,
});

/** The texts of an order of which nothing else is known. */
const tell = (record: Partial<OrderRecord>) =>
  timelineOf({ ledger: [], steps: [], events: [], scans: [], risk: undefined, ...record } as OrderRecord).map(
    ({ text }) => text,
  );

suite('the timeline of an order', () => {
  test('what came in one transaction is told as it happened: by the steps, and before a step what led to it', () => {
    const names = ['shipment.delivered', 'shipment.in_transit', 'shipment.out_for_delivery2', 'shipment.picked_up'];
    const failures = ['shipment.delivery_failed', 'shipment.out_for_delivery1'];
    const scans = [
      { event: 'shipment.picked_up', status: 'picked_up', at: scanned(0) },
      { event: 'shipment.in_transit', status: 'in_transit', at: scanned(1) },
      { event: 'shipment.out_for_delivery1', status: 'out_for_delivery', at: scanned(2) },
      { event: 'shipment.delivery_failed', status: 'delivery_failed', at: scanned(3) },
      { event: 'shipment.out_for_delivery2', status: 'out_for_delivery', at: scanned(4) },
      { event: 'shipment.delivered', status: 'delivered', at: scanned(5) },
    ].map((scan) => ({ parcel: 1, place: null, ...scan }));
    const events = [...names, ...failures].map((name) => eventOf(name));
    const steps = [stepOf(5, 'shipment.delivered', 'delivered'), stepOf(4, 'shipment.picked_up', 'shipped')];
    assert.deepEqual(
      tell({ steps, events, scans }),
      scans.map(({ status }) => `parcel 1 ${status.replaceAll('_', ' ')}`),
    );
  });

  test('goods that were sent back are on their way before they arrive', () => {
    const events = ['return.received', 'return.in_transit'].map((name) => eventOf(name));
    assert.deepEqual(tell({ events }), ['the returned goods are on their way', 'the returned goods arrived']);
  });

  test('time comes first: a later transaction is told later, whatever it brought', () => {
    const events = [eventOf('shipment.label_created', new Date(NOON.getTime() + 1)), eventOf('payment.captured')];
    assert.deepEqual(tell({ events }), ['the money was taken', 'a parcel got its label']);
  });
});
