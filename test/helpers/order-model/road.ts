import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';
import { derivedId, eventFor, type Setting, scaleOf } from './setting.ts';

const HOUR = 3_600_000;

export interface RoadOptions {
  setting: Setting;
  unpacked: Map<string, number>;
}

/** Where parcels end: delivered, after a failed try, lost and seen no more, lost and said so, back with us. */
const FATES: readonly (readonly string[])[] = [
  ['in_transit', 'out_for_delivery', 'delivered'],
  ['in_transit', 'out_for_delivery', 'delivered'],
  ['out_for_delivery', 'delivered'],
  ['in_transit', 'out_for_delivery', 'delivery_failed', 'out_for_delivery', 'delivered'],
  ['in_transit', 'lost'],
  ['in_transit'],
  ['in_transit', 'delivery_failed', 'returned_to_sender'],
];

/** A parcel on its way: its scans are reported by webhooks, which may overtake each other. */
export function travel({ setting }: RoadOptions, request: OpRequest<'pickup'>) {
  const { order_id, parcel_no, carrier, tracking_no } = request;
  const { clock, chance, publish } = setting;
  const scale = scaleOf(request);
  let at = clock.now;
  for (const [index, scan] of ['picked_up', ...chance.pick(FATES)].entries()) {
    at += Math.ceil(chance.between(HOUR / 2, 30 * HOUR) / scale);
    const moment = at;
    clock.at(moment, () => {
      const id = derivedId('scan', tracking_no, index);
      const data = {
        order_id,
        parcel_no,
        carrier,
        tracking_no,
        carrier_event_id: id,
        at: new Date(moment).toISOString(),
      };
      const type = `oms.shipment.${scan}.v1` as OrderEventType;
      publish(eventFor(type, data as DataOf<'oms.shipment.lost.v1'>, moment, id), chance.span(10, 6 * HOUR) / scale);
    });
  }
}

/** A customer sends back what was announced, less of it, or nothing; some of it cannot be sold again. */
export function returnGoods({ setting, unpacked }: RoadOptions, request: OpRequest<'return_label'>, key: string): void {
  const { clock, chance, publish } = setting;
  const { order_id, return_id, carrier } = request;
  const scale = scaleOf(request);
  if (unpacked.has(key)) return;
  unpacked.set(key, 0);
  if (chance.happens(0.15)) return;
  const sentAt = clock.now + Math.ceil(chance.span(HOUR, 20 * 24 * HOUR) / scale);
  clock.at(sentAt, () => {
    const data = { order_id, return_id, carrier, at: new Date(sentAt).toISOString() };
    publish(
      eventFor('oms.return.in_transit.v1', data, sentAt, derivedId('sent', key)),
      chance.span(10, 6 * HOUR) / scale,
    );
  });
  const cameAt = sentAt + Math.ceil(chance.between(HOUR, 72 * HOUR) / scale);
  clock.at(cameAt, () => {
    const lines = request.lines.map(({ line, quantity }) => ({
      line,
      quantity: chance.happens(0.7) ? quantity : chance.between(0, quantity),
      resalable: chance.happens(0.8),
    }));
    unpacked.set(
      key,
      lines.reduce((sum, { quantity }) => sum + quantity, 0),
    );
    const data = { order_id, return_id, at: new Date(cameAt).toISOString(), lines };
    publish(
      eventFor('oms.return.received.v1', data, cameAt, derivedId('came', key)),
      chance.span(10, 6 * HOUR) / scale,
    );
  });
}
