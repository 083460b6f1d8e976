import type { Static, TSchema } from 'typebox';
import { CANARY_SENT, CanarySentData } from './canary-event.ts';
import type { EventOf } from './order-events.ts';
import { ORDER_PLACED, ORDER_STATUS_CHANGED, OrderPlacedData, OrderStatusChangedData } from './order-events.ts';
import {
  LabelCreatedData,
  LabelFailedData,
  ParcelScannedData,
  ReturnInTransitData,
  ReturnReceivedData,
} from './parcel-events.ts';
import {
  PaymentActionRequiredData,
  PaymentCaptureFailedData,
  PaymentDeclinedData,
  PaymentReportedData,
} from './payment-events.ts';
import {
  OrderAmendedData,
  OrderCancelRequestedData,
  OrderTimedOutData,
  PaymentMethodReplacedData,
  PaymentMfaCompletedData,
  ProductChangedData,
  RefundRequestedData,
  ReturnDecidedData,
  ReturnRequestedData,
  ReturnTimedOutData,
  ReturnWindowClosedData,
  ReviewData,
  StockAdjustedData,
  StockLowData,
  StockReceivedData,
} from './shop-events.ts';

/** Who may say it. */
export type EventSource = 'shop' | 'provider' | 'carrier' | 'admin' | 'timer' | 'check' | 'core';

const of = <Data extends TSchema>(source: EventSource, data: Data, summary: string) => ({ source, data, summary });

/**
 * Every event there is, by its type: who says it, and the schema of its data. What the consumer validates with, what
 * the published schemas and documents are made from.
 */
export const EVENT_TYPES = {
  [ORDER_PLACED]: of('shop', OrderPlacedData, 'A shop took an order.'),
  'oms.order.amended.v1': of('shop', OrderAmendedData, 'The customer takes less than was ordered.'),
  'oms.order.cancel_requested.v1': of('shop', OrderCancelRequestedData, 'The customer wants out.'),
  'oms.payment.method_replaced.v1': of('shop', PaymentMethodReplacedData, 'Another way to pay after a decline.'),
  'oms.payment.mfa_completed.v1': of('shop', PaymentMfaCompletedData, 'The second factor was passed.'),
  'oms.return.requested.v1': of('shop', ReturnRequestedData, 'The customer means to send something back.'),

  'oms.payment.authorized.v1': of('provider', PaymentReportedData, 'The amount is set aside for us.'),
  'oms.payment.captured.v1': of('provider', PaymentReportedData, 'The amount is ours.'),
  'oms.payment.declined.v1': of('provider', PaymentDeclinedData, 'The provider refused.'),
  'oms.payment.action_required.v1': of('provider', PaymentActionRequiredData, 'The customer has to confirm.'),
  'oms.payment.voided.v1': of('provider', PaymentReportedData, 'An amount set aside was let go.'),
  'oms.payment.capture_failed.v1': of('provider', PaymentCaptureFailedData, 'The amount stays set aside, not ours.'),
  'oms.payment.refunded.v1': of('provider', PaymentReportedData, 'An amount went back.'),
  'oms.payment.charged_back.v1': of('provider', PaymentReportedData, 'The bank took the money back.'),

  'oms.shipment.label_created.v1': of('carrier', LabelCreatedData, 'A parcel has its label.'),
  'oms.shipment.label_failed.v1': of('carrier', LabelFailedData, 'The carrier made no label.'),
  'oms.shipment.picked_up.v1': of('carrier', ParcelScannedData, 'The carrier has the parcel.'),
  'oms.shipment.in_transit.v1': of('carrier', ParcelScannedData, 'The parcel is on its way.'),
  'oms.shipment.out_for_delivery.v1': of('carrier', ParcelScannedData, 'The parcel arrives today.'),
  'oms.shipment.delivery_failed.v1': of('carrier', ParcelScannedData, 'Nobody took the parcel.'),
  'oms.shipment.delivered.v1': of('carrier', ParcelScannedData, 'The customer has the parcel.'),
  'oms.shipment.lost.v1': of('carrier', ParcelScannedData, 'The parcel is gone.'),
  'oms.shipment.returned_to_sender.v1': of('carrier', ParcelScannedData, 'The parcel came back undelivered.'),
  'oms.return.in_transit.v1': of('carrier', ReturnInTransitData, 'Returned goods are on their way.'),
  'oms.return.received.v1': of('carrier', ReturnReceivedData, 'Returned goods arrived.'),

  'oms.review.approved.v1': of('admin', ReviewData, 'A person found the order good.'),
  'oms.review.rejected.v1': of('admin', ReviewData, 'A person found the order fraudulent.'),
  'oms.return.approved.v1': of('admin', ReturnDecidedData, 'A return may come.'),
  'oms.return.denied.v1': of('admin', ReturnDecidedData, 'A return may not come.'),
  'oms.refund.requested.v1': of('admin', RefundRequestedData, 'Money back out of goodwill.'),
  'oms.stock.received.v1': of('admin', StockReceivedData, 'Units came in.'),
  'oms.stock.adjusted.v1': of('admin', StockAdjustedData, 'A count differed from the books.'),
  'oms.product.changed.v1': of('admin', ProductChangedData, 'The catalogue changed.'),

  'oms.order.timed_out.v1': of('timer', OrderTimedOutData, 'The order waited as long as it may.'),
  'oms.return.timed_out.v1': of('timer', ReturnTimedOutData, 'The return never came.'),
  'oms.return_window.closed.v1': of('timer', ReturnWindowClosedData, 'Nothing can be returned any more.'),

  [CANARY_SENT]: of('check', CanarySentData, 'A check of the way through hub and archive; nothing follows from it.'),

  [ORDER_STATUS_CHANGED]: of('core', OrderStatusChangedData, 'An order took a step.'),
  'oms.stock.low.v1': of('core', StockLowData, 'A product has to be ordered again.'),
} as const;

export type EventType = keyof typeof EVENT_TYPES;
export type DataOf<T extends EventType> = Static<(typeof EVENT_TYPES)[T]['data']>;

/** An event of one type, or of any of several, told apart by `type`. */
export type DomainEvent<T extends EventType = EventType> = {
  [Key in T]: Omit<EventOf<DataOf<Key>>, 'type'> & { type: Key };
}[T];

const ABOUT_STOCK = ['oms.stock.received.v1', 'oms.stock.adjusted.v1', 'oms.product.changed.v1'] as const;
type StockEventType = (typeof ABOUT_STOCK)[number];
type CoreEventType = 'oms.order.status_changed.v1' | 'oms.stock.low.v1';

/** Events about one order, keyed by its id, as they arrive on the orders hub. */
export type OrderEventType = Exclude<EventType, StockEventType | CoreEventType | typeof CANARY_SENT>;
export type OrderEvent = DomainEvent<OrderEventType>;
/** Events about goods, keyed by SKU, on the same hub. */
export type StockEvent = DomainEvent<StockEventType>;

export const isAboutStock = (event: OrderEvent | StockEvent): event is StockEvent =>
  (ABOUT_STOCK as readonly string[]).includes(event.type);

/** `oms.payment.captured.v1` -> `payment.captured`, the name the machines know it by. */
export const triggerOf = (type: EventType): string => type.slice('oms.'.length, type.lastIndexOf('.v'));

/** Types that arrive on the orders hub. */
export const INBOUND_TYPES = (Object.keys(EVENT_TYPES) as EventType[]).filter(
  (type) => EVENT_TYPES[type].source !== 'core',
) as (OrderEventType | StockEventType | typeof CANARY_SENT)[];
