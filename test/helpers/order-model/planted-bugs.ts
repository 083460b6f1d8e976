import type { DomainEvent } from '../../../lib/domain/event-types.ts';
import { type FollowUp, handleEvent } from '../../../lib/process/handle-event.ts';
import { release } from '../../../lib/process/parcel-requests.ts';
import { takeStep } from '../../../lib/process/turn.ts';
import type { Parts } from './setting.ts';

/** Bugs that such systems really have had, each as a part in place of the real one. */

/** Stock is promised whether or not it is there. */
const oversell: Partial<Parts> = { hasEnough: () => true };

/** What is held is given back twice. */
const doubleRelease: Partial<Parts> = {
  handle(order, event, world, effects) {
    const handled = handleEvent(order, event, world, effects);
    effects.stock.push(...effects.stock.filter(({ reserved, onHand }) => reserved < 0 && onHand === 0));
    return handled;
  },
};

/** A request that is sent again is taken for a new one. */
const missingIdempotencyKey: Partial<Parts> = { keyOf: (key, sending) => (sending === 1 ? key : `${key}#${sending}`) };

/** The order ends as soon as it is closed, whatever is still owed. */
const earlyClosing: Partial<Parts> = {
  handle(order, event, world, effects) {
    const handled = handleEvent(order, event, world, effects);
    if (order.status === 'closing') {
      const when = order.closeAs === 'returned' ? 'close_as_returned' : 'close_as_cancelled';
      takeStep({ order, world, effects, eventId: event.id }, 'settled', when, order.reason);
    }
    return handled;
  },
};

/** What was announced is refunded, not what came. */
const refundOfRequestedUnits: Partial<Parts> = {
  handle(order, event, world, effects) {
    if (event.type !== 'oms.return.received.v1') return handleEvent(order, event, world, effects);
    const announced = order.returns.find(({ returnId }) => returnId === event.data.return_id)?.lines ?? [];
    const lines = announced.map(({ line, quantity }) => ({ line, quantity, resalable: true }));
    return handleEvent(order, { ...event, data: { ...event.data, lines } }, world, effects);
  },
};

/** A failed capture is taken for the authorisation said again. */
const captureFailedIsAuthorized: Partial<Parts> = {
  handle(order, event, world, effects) {
    const taken: FollowUp =
      event.type === 'oms.payment.capture_failed.v1'
        ? ({ ...event, type: 'oms.payment.authorized.v1' } as DomainEvent<'oms.payment.authorized.v1'>)
        : event;
    return handleEvent(order, taken, world, effects);
  },
};

/** Labelled parcels are handed over at once, paid for or not. */
const handOverBeforeCapture: Partial<Parts> = {
  handle(order, event, world, effects) {
    const handled = handleEvent(order, event, world, effects);
    if (event.type !== 'oms.shipment.label_created.v1' || order.status !== 'fulfilling') return handled;
    for (const parcel of order.parcels) {
      if (parcel.state === 'label_created') release({ order, world, effects, eventId: event.id }, parcel);
    }
    return handled;
  },
};

export const PLANTED_BUGS: Record<string, Partial<Parts>> = {
  oversell,
  'double release': doubleRelease,
  'missing idempotency key': missingIdempotencyKey,
  'early closing': earlyClosing,
  'refund of the units announced': refundOfRequestedUnits,
  'a failed capture taken for an authorisation': captureFailedIsAuthorized,
  'hand-over before capture': handOverBeforeCapture,
};
