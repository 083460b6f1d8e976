import { hash } from 'node:crypto';
import { reportedFactId } from '../../../lib/domain/ids.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';
import type { Fact } from '../webhooks/hook.ts';
import { profileOf } from './profiles.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Something a carrier was asked to carry: a parcel to a customer, or returned goods back. */
export type Consignment = {
  trackingNo: string;
  carrier: string;
  state: 'made' | 'voided' | 'handed_over';
  madeAt: number;
  /** Milliseconds since 1970; null until the carrier has it. */
  handedOverAt: number | null;
} & (
  | { direction: 'parcel'; request: OpRequest<'label'> }
  | { direction: 'return'; request: OpRequest<'return_label'> }
);

/** One station: what is reported there, and how long after the hand-over. */
export interface Station {
  trigger: string;
  afterMs: number;
}

type Fate = NonNullable<NonNullable<OpRequest['simulation']>['parcel']>;

/** Shares of the time that the whole road takes; more than 1 is after the promised day. */
const FATES: Record<Fate, [trigger: string, share: number][]> = {
  delivered: [
    ['picked_up', 0.05],
    ['in_transit', 0.3],
    ['out_for_delivery', 0.85],
    ['delivered', 1],
  ],
  failed_once: [
    ['picked_up', 0.05],
    ['in_transit', 0.3],
    ['out_for_delivery', 0.85],
    ['delivery_failed', 1],
    ['out_for_delivery', 1.2],
    ['delivered', 1.3],
  ],
  lost: [
    ['picked_up', 0.05],
    ['in_transit', 0.3],
    ['lost', 3],
  ],
  returned_to_sender: [
    ['picked_up', 0.05],
    ['in_transit', 0.3],
    ['out_for_delivery', 0.85],
    ['delivery_failed', 1],
    ['out_for_delivery', 1.2],
    ['delivery_failed', 1.3],
    ['returned_to_sender', 2.5],
  ],
};

/** A number from 0 to 1 that belongs to the tracking number: the same road each time it is computed. */
const lotOf = (trackingNo: string): number => hash('sha256', trackingNo, 'buffer').readUInt32BE() / 2 ** 32;

/** Carriers keep three quarters of their promises: the road takes 0.6 to 1.13 of the promised time. */
const QUICKEST = 0.6;
const SPREAD = 0.53;

const RETURN_STATIONS: Station[] = [
  { trigger: 'return.in_transit', afterMs: DAY },
  { trigger: 'return.received', afterMs: 4 * DAY },
];

export const promisedMs = (carrier: string, service: 'standard' | 'express'): number =>
  profileOf(carrier).days[service] * DAY;

/** Where a consignment passes once the carrier has it, before the clocks are scaled. */
export function roadOf(consignment: Consignment): Station[] {
  if (consignment.direction === 'return') return RETURN_STATIONS;
  const { request, carrier, trackingNo } = consignment;
  const wholeMs = promisedMs(carrier, request.service) * (QUICKEST + SPREAD * lotOf(trackingNo));
  return FATES[request.simulation?.parcel ?? 'delivered'].map(([trigger, share]) => ({
    trigger: `shipment.${trigger}`,
    afterMs: Math.round(share * wholeMs),
  }));
}

/** When a consignment passes a station; undefined when its road has no such station. */
export function dueAt(consignment: Consignment, step: number): number | undefined {
  const station = roadOf(consignment)[step];
  if (!station || consignment.handedOverAt === null) return undefined;
  return consignment.handedOverAt + Math.ceil(station.afterMs / (consignment.request.simulation?.time_scale ?? 1));
}

function placeOf(trigger: string, { request }: Extract<Consignment, { direction: 'parcel' }>): string | undefined {
  if (trigger === 'shipment.lost') return undefined;
  const atSender = trigger === 'shipment.picked_up' || trigger === 'shipment.returned_to_sender';
  const place = atSender ? request.warehouse : `${request.ship_to.city}, ${request.ship_to.country}`;
  return place.slice(0, 80);
}

function dataOf(consignment: Consignment, trigger: string, step: number, at: string): object {
  const { carrier, trackingNo, request } = consignment;
  const shared = { order_id: request.order_id, carrier, at };
  if (consignment.direction === 'parcel') {
    const place = placeOf(trigger, consignment);
    const scan = { tracking_no: trackingNo, carrier_event_id: `${trackingNo}-${step + 1}` };
    return { ...shared, parcel_no: consignment.request.parcel_no, ...scan, ...(place && { place }) };
  }
  const { return_id, lines } = consignment.request;
  if (trigger === 'return.in_transit') return { ...shared, return_id };
  const received = lines.map(({ line, quantity }) => ({ line, quantity, resalable: true }));
  return { order_id: request.order_id, at, return_id, lines: received };
}

/** What the shop is told of a consignment at one station of its road. */
export function factAt(consignment: Consignment, step: number): Fact | undefined {
  const passed = dueAt(consignment, step);
  const trigger = roadOf(consignment)[step]?.trigger;
  if (passed === undefined || !trigger) return undefined;
  const time = new Date(passed).toISOString();
  return {
    id: reportedFactId('carrier', consignment.trackingNo, String(step)),
    type: `oms.${trigger}.v1`,
    time,
    data: dataOf(consignment, trigger, step, time),
  };
}
