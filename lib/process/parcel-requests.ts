import { PARCEL_MACHINE } from '../domain/parcel-machine.ts';
import type { OrderState, ParcelAttempt } from './order-state.ts';
import { ask, lastRequest, orderOf } from './requests.ts';
import { LABEL_LADDER, retryAt } from './timers.ts';
import type { Turn } from './turn.ts';

/** Tries with one carrier before the next is asked. */
const TRIES_PER_CARRIER = 2;

/** What of each line goes into a parcel from `warehouse`: lines of one product share its units in their order. */
function linesFrom(order: OrderState, warehouse: string): ParcelAttempt['lines'] {
  const packed: ParcelAttempt['lines'] = [];
  for (const { productId, warehouse: place, quantity } of order.reservations) {
    let left = place === warehouse ? quantity : 0;
    for (const { line, productId: wanted, quantity: units } of order.lines) {
      if (wanted !== productId || left === 0) continue;
      const packedBefore = order.parcels.reduce((sum, parcel) => sum + unitsOf(parcel, line), 0);
      const taken = Math.min(left, units - packedBefore);
      if (taken > 0) packed.push({ line, quantity: taken });
      left -= taken;
    }
  }
  return packed;
}

const unitsOf = ({ lines }: ParcelAttempt, line: number): number =>
  lines.find((packed) => packed.line === line)?.quantity ?? 0;

/** One parcel for each warehouse that holds something for the order. */
export function pack({ order, effects }: Turn): void {
  for (const { warehouse, state } of order.reservations) {
    if (state !== 'held' || order.parcels.some((parcel) => parcel.warehouse === warehouse)) continue;
    order.parcels.push({
      parcelNo: order.parcels.length + 1,
      warehouse,
      lines: linesFrom(order, warehouse),
      state: PARCEL_MACHINE.next(null, 'pack'),
      carrier: '',
      trackingNo: null,
      costMinor: 0,
      labelUrl: null,
      labelTries: 0,
      promisedAt: null,
      shippedAt: null,
      deliveredAt: null,
    });
  }
  effects.changed.add('parcels');
}

/** Whether a label was asked for and the carrier has yet to answer. */
export const isLabelAwaited = (order: OrderState, { parcelNo }: ParcelAttempt): boolean =>
  lastRequest(order, 'label', (request) => request.parcel_no === parcelNo)?.state === 'waiting';

/** Asks for a label, after refusals with some delay, and of another carrier once one has refused twice. */
export function askLabel(turn: Turn, parcel: ParcelAttempt): void {
  const { order, world, effects } = turn;
  const turnOf = Math.floor(parcel.labelTries / TRIES_PER_CARRIER) % world.carriers.length;
  parcel.carrier = world.carriers[turnOf] ?? '';
  const dueAt = retryAt(order, LABEL_LADDER, parcel.labelTries, world.now);
  parcel.labelTries += 1;
  effects.changed.add('parcels');
  const lines = parcel.lines.map(({ line, quantity }) => {
    const { sku } = order.lines.find((bought) => bought.line === line)!;
    return { sku, quantity };
  });
  const { country, city, postcodePrefix: postcode_prefix } = order.shipTo;
  ask(
    turn,
    'label',
    {
      ...orderOf(order),
      parcel_no: parcel.parcelNo,
      carrier: parcel.carrier,
      service: order.shippingMethod,
      warehouse: parcel.warehouse,
      ship_to: { country, city, postcode_prefix },
      lines,
    },
    dueAt,
  );
}

const followUp = (order: OrderState, { parcelNo, carrier, trackingNo }: ParcelAttempt) => ({
  ...orderOf(order),
  parcel_no: parcelNo,
  carrier,
  tracking_no: trackingNo ?? '',
});

/** The goods are paid for: the carrier may come. */
export function release(turn: Turn, parcel: ParcelAttempt): void {
  parcel.state = PARCEL_MACHINE.next(parcel.state, 'release');
  turn.effects.changed.add('parcels');
  ask(turn, 'pickup', followUp(turn.order, parcel));
}

/** The parcel will not go; a label that was made for it is given back. */
export function voidParcel(turn: Turn, parcel: ParcelAttempt): void {
  parcel.state = PARCEL_MACHINE.next(parcel.state, 'void');
  turn.effects.changed.add('parcels');
  if (parcel.trackingNo !== null) ask(turn, 'void_label', followUp(turn.order, parcel));
}
