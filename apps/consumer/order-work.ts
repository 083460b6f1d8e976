import type { OrderEvent, StockEvent } from '../../lib/domain/event-types.ts';
import type { PaymentChoice } from '../../lib/domain/fields.ts';
import type { OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import { type Effects, noEffects, type Verdict } from '../../lib/process/effects.ts';
import type { OrderState } from '../../lib/process/order-state.ts';
import type { RiskVerdict } from '../../lib/process/world.ts';

/** What became of an event: a row of the inbox. */
export interface InboxEntry {
  event: Pick<OrderEvent | StockEvent, 'id' | 'type' | 'source'>;
  verdict: Verdict;
  detail: string | null;
}

/** A carrier's scan of a parcel. */
export interface TrackingEntry {
  parcelNo: number;
  eventId: string;
  /** `out_for_delivery` and the like. */
  status: string;
  at: number;
  place: string | null;
}

/** One order on its way through a batch: what it is now, and what has to be written of it. */
export interface OrderWork {
  readonly order: OrderState;
  /** The order's first event, where it came in this batch. */
  readonly placed: OrderPlacedEvent | null;
  readonly risk: RiskVerdict | null;
  readonly effects: Effects;
  readonly seen: Set<string>;
  readonly inbox: InboxEntry[];
  readonly tracking: TrackingEntry[];
  /** What was stored when the batch came: what never changes is not written again. */
  readonly before: { parcels: number; paymentChoice: PaymentChoice | undefined };
  /** An attempt to pay went well in this batch, so that its token may be kept. */
  paid: boolean;
}

type Rest = Pick<OrderWork, 'effects' | 'seen' | 'before'> & Partial<Pick<OrderWork, 'placed' | 'risk'>>;

const toWork = (order: OrderState, rest: Rest): OrderWork => ({
  order,
  placed: null,
  risk: null,
  inbox: [],
  tracking: [],
  paid: false,
  ...rest,
});

/** An order that has just been placed. */
export const placedWork = (
  order: OrderState,
  placed: OrderPlacedEvent,
  risk: RiskVerdict,
  effects: Effects,
): OrderWork =>
  toWork(order, { placed, risk, effects, seen: new Set(), before: { parcels: 0, paymentChoice: undefined } });

/** An order as it was read. */
export const storedWork = (order: OrderState, seen: Set<string>): OrderWork => {
  const { parcels, paymentChoice } = order;
  return toWork(order, { effects: noEffects(), seen, before: { parcels: parcels.length, paymentChoice } });
};

const SCAN =
  /^oms\.shipment\.(picked_up|in_transit|out_for_delivery|delivery_failed|delivered|lost|returned_to_sender)\./;

/** Notes what became of an event, and what it says beside the order's own state. */
export function record(work: OrderWork, event: OrderEvent, verdict: Verdict, detail: string | null): void {
  const { id, type, source } = event;
  work.inbox.push({ event: { id, type, source }, verdict, detail });
  work.seen.add(id);
  if (verdict !== 'applied' && verdict !== 'late') return;
  const status = SCAN.exec(type)?.[1];
  if (status && 'parcel_no' in event.data && 'carrier_event_id' in event.data) {
    const { parcel_no: parcelNo, at, place = null } = event.data;
    if (work.order.parcels.some((parcel) => parcel.parcelNo === parcelNo)) {
      work.tracking.push({ parcelNo, eventId: id, status, at: Date.parse(at), place });
    }
  }
  if (verdict !== 'applied') return;
  if (type === 'oms.payment.authorized.v1' || type === 'oms.payment.captured.v1') work.paid = true;
}
