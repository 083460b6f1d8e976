import type { DomainEvent, OrderEventType } from '../domain/event-types.ts';
import { timedOut, windowClosed } from './clock.ts';
import * as customer from './customer.ts';
import type { Effects, Handled } from './effects.ts';
import * as fulfilment from './fulfilment.ts';
import { meetObligations } from './obligations.ts';
import type { OrderState } from './order-state.ts';
import * as payment from './payment.ts';
import { refunded } from './refund-answers.ts';
import * as returning from './returning.ts';
import type { Turn } from './turn.ts';
import type { World } from './world.ts';

/** What can happen to an order that exists. */
export type FollowUpType = Exclude<OrderEventType, 'oms.order.placed.v1'>;
export type FollowUp = DomainEvent<FollowUpType>;

type Handler<Type extends FollowUpType> = (turn: Turn, event: DomainEvent<Type>) => Handled;

const HANDLERS: { [Type in FollowUpType]: Handler<Type> } = {
  'oms.order.amended.v1': customer.amended,
  'oms.order.cancel_requested.v1': customer.cancelRequested,
  'oms.payment.method_replaced.v1': customer.methodReplaced,
  'oms.payment.mfa_completed.v1': customer.mfaCompleted,
  'oms.review.approved.v1': customer.reviewApproved,
  'oms.review.rejected.v1': customer.reviewRejected,
  'oms.refund.requested.v1': customer.refundRequested,

  'oms.payment.authorized.v1': payment.authorized,
  'oms.payment.captured.v1': payment.captured,
  'oms.payment.declined.v1': payment.declined,
  'oms.payment.action_required.v1': payment.actionRequired,
  'oms.payment.voided.v1': payment.voided,
  'oms.payment.capture_failed.v1': payment.captureFailed,
  'oms.payment.charged_back.v1': payment.chargedBack,
  'oms.payment.refunded.v1': refunded,

  'oms.shipment.label_created.v1': fulfilment.labelCreated,
  'oms.shipment.label_failed.v1': fulfilment.labelFailed,
  'oms.shipment.picked_up.v1': fulfilment.pickedUp,
  'oms.shipment.in_transit.v1': fulfilment.inTransit,
  'oms.shipment.out_for_delivery.v1': fulfilment.outForDelivery,
  'oms.shipment.delivery_failed.v1': fulfilment.deliveryFailed,
  'oms.shipment.delivered.v1': fulfilment.delivered,
  'oms.shipment.lost.v1': fulfilment.lost,
  'oms.shipment.returned_to_sender.v1': fulfilment.returnedToSender,

  'oms.return.requested.v1': returning.returnRequested,
  'oms.return.approved.v1': returning.returnApproved,
  'oms.return.denied.v1': returning.returnDenied,
  'oms.return.in_transit.v1': returning.returnInTransit,
  'oms.return.received.v1': returning.returnReceived,
  'oms.return.timed_out.v1': returning.returnTimedOut,

  'oms.order.timed_out.v1': timedOut,
  'oms.return_window.closed.v1': windowClosed,
};

/**
 * Applies an event to its order: a fact to its own machine first, then the order machine is consulted, then everything
 * that is owed from here on is asked for.
 * @param effects gets what has to be written besides the order itself
 */
export function handleEvent(order: OrderState, event: FollowUp, world: World, effects: Effects): Handled {
  const turn: Turn = { order, world, effects, eventId: event.id };
  const handled = (HANDLERS[event.type] as Handler<FollowUpType>)(turn, event);
  if (handled.verdict === 'applied') meetObligations(turn);
  return handled;
}
