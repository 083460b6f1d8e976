import { randomUUID } from 'node:crypto';
import type { DataOf, OrderEvent, OrderEventType } from '../../lib/domain/event-types.ts';
import { orderEvent } from '../../lib/domain/order-events.ts';
import { type ExternalOp, type OpKind, type OpRequest, opKey } from '../../lib/process/external-op.ts';

/** An event about an order, under an id of its own. */
export function fact<Type extends OrderEventType>(
  type: Type,
  data: DataOf<Type>,
  rest: { id?: string; source?: string } = {},
): OrderEvent {
  const envelope = { id: randomUUID(), source: '/test', time: new Date().toISOString(), ...rest };
  return orderEvent(type, data as DataOf<Type> & { order_id: string }, envelope) as unknown as OrderEvent;
}

/** What a request to the outside is, wherever it is about. */
export interface Asked {
  orderId: string;
  op: ExternalOp;
}

const answered = ({ orderId, op }: Asked, request: OpRequest<'capture'>) => ({
  order_id: orderId,
  attempt: request.attempt,
  op_key: opKey(orderId, op.kind, op.no),
  provider: 'test',
  provider_ref: `ref-${request.attempt}`,
  amount_minor: request.amount_minor,
  currency: request.currency,
});

const trackingNo = (orderId: string, parcel: number) => `T-${orderId.slice(0, 8)}-${parcel}`;

/** A carrier's scan of a parcel. */
export function scan(
  kind:
    | 'picked_up'
    | 'in_transit'
    | 'out_for_delivery'
    | 'delivery_failed'
    | 'delivered'
    | 'lost'
    | 'returned_to_sender',
  orderId: string,
  parcel = 1,
  rest: { id?: string } = {},
): OrderEvent {
  return fact(
    `oms.shipment.${kind}.v1`,
    {
      order_id: orderId,
      parcel_no: parcel,
      carrier: 'swiftpost',
      tracking_no: trackingNo(orderId, parcel),
      carrier_event_id: `${kind}-${parcel}`,
      at: new Date().toISOString(),
      place: 'Berlin',
    },
    rest,
  );
}

function label(asked: Asked, { parcel_no, carrier }: OpRequest<'label'>): OrderEvent {
  const { orderId, op } = asked;
  return fact('oms.shipment.label_created.v1', {
    order_id: orderId,
    parcel_no,
    carrier,
    op_key: opKey(orderId, op.kind, op.no),
    tracking_no: trackingNo(orderId, parcel_no),
    cost_minor: 450,
    promised_at: new Date(Date.now() + 86_400_000).toISOString(),
  });
}

const report = (type: OrderEventType & `oms.payment.${string}`) => (asked: Asked) =>
  fact(type, answered(asked, asked.op.request as OpRequest<'capture'>) as DataOf<typeof type>);

/** What providers and carriers answer when all goes well; undefined for what has no answer. */
const WELL: Record<OpKind, (asked: Asked) => OrderEvent | undefined> = {
  authorize: (asked) => {
    const captures = (asked.op.request as OpRequest<'authorize'>).capture;
    return report(captures ? 'oms.payment.captured.v1' : 'oms.payment.authorized.v1')(asked);
  },
  capture: report('oms.payment.captured.v1'),
  void: report('oms.payment.voided.v1'),
  refund: report('oms.payment.refunded.v1'),
  label: (asked) => label(asked, asked.op.request as OpRequest<'label'>),
  pickup: ({ orderId, op }) => scan('picked_up', orderId, (op.request as OpRequest<'pickup'>).parcel_no),
  void_label: () => undefined,
  return_label: () => undefined,
};

export const goodAnswer = (asked: Asked): OrderEvent | undefined => WELL[asked.op.kind](asked);
