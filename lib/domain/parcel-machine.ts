import { Machine, rows } from './machine.ts';

/** Every state of a parcel; the last four are final. */
export const PARCEL_STATES = [
  'pending',
  'label_failed',
  'label_created',
  'ready',
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'delivery_failed',
  'delivered',
  'lost',
  'returned_to_sender',
  'voided',
] as const;
export type ParcelState = (typeof PARCEL_STATES)[number];

const ON_THE_ROAD = ['picked_up', 'in_transit', 'out_for_delivery', 'delivery_failed'] as const;

/** `ready` means that the money is captured: only now may a carrier take the parcel. */
export const PARCEL_MACHINE = new Machine<ParcelState>('parcel', PARCEL_STATES, [
  ...rows<ParcelState>([null], 'pack', 'always', 'pending'),
  ...rows<ParcelState>(['pending', 'label_failed'], 'shipment.label_created', 'always', 'label_created'),
  ...rows<ParcelState>(['pending', 'label_failed'], 'shipment.label_failed', 'always', 'label_failed'),
  ...rows<ParcelState>(['pending', 'label_failed', 'label_created', 'ready'], 'void', 'always', 'voided'),
  ...rows<ParcelState>(['label_created'], 'release', 'always', 'ready'),
  ...rows<ParcelState>(['ready'], 'shipment.picked_up', 'always', 'picked_up'),
  ...rows<ParcelState>(['picked_up', 'delivery_failed'], 'shipment.in_transit', 'always', 'in_transit'),
  ...rows<ParcelState>(
    ['picked_up', 'in_transit', 'delivery_failed'],
    'shipment.out_for_delivery',
    'always',
    'out_for_delivery',
  ),
  ...rows<ParcelState>(
    ['picked_up', 'in_transit', 'out_for_delivery'],
    'shipment.delivery_failed',
    'always',
    'delivery_failed',
  ),
  ...rows<ParcelState>(ON_THE_ROAD, 'shipment.delivered', 'always', 'delivered'),
  ...rows<ParcelState>(ON_THE_ROAD, 'shipment.lost', 'always', 'lost'),
  ...rows<ParcelState>(ON_THE_ROAD, 'shipment.returned_to_sender', 'always', 'returned_to_sender'),
]);
