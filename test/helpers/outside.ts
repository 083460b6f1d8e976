import { Registry } from 'prom-client';
import { outsideMetrics } from '../../apps/consumer/outside/outside-metrics.ts';
import type { Answer, Outcome, Performer } from '../../apps/consumer/outside/performer.ts';
import { type ExternalOp, type OpKind, type OpRequest, opKey } from '../../lib/process/external-op.ts';
import type { EventSender, OutgoingEvent } from '../../lib/streaming/batching-sender.ts';

export const ORDER_ID = '0190a000-0000-8000-8000-000000000001';
const CARRIED = { order_id: ORDER_ID, currency: 'USD', carrier: 'swiftpost' };

/** A request of each kind, as an order would make it. */
const REQUESTS: { [Kind in OpKind]: OpRequest<Kind> } = {
  authorize: {
    order_id: ORDER_ID,
    currency: 'USD',
    attempt: 1,
    amount_minor: 5_990,
    method: 'card',
    capture: false,
    token: 'tok_ok',
    customer_ref: 'c-1',
    mfa_completed: false,
  },
  capture: followUp(),
  void: followUp(),
  refund: followUp(),
  label: {
    ...CARRIED,
    parcel_no: 1,
    service: 'standard',
    warehouse: 'East',
    ship_to: { country: 'DE', city: 'Berlin', postcode_prefix: '10' },
    lines: [{ sku: 'A', quantity: 2 }],
  },
  pickup: { ...CARRIED, parcel_no: 1, tracking_no: 'SW-1' },
  void_label: { ...CARRIED, parcel_no: 1, tracking_no: 'SW-1' },
  return_label: {
    ...CARRIED,
    return_id: '0190a000-0000-8000-8000-0000000000aa',
    lines: [{ line: 1, sku: 'A', quantity: 1 }],
  },
};

function followUp() {
  return {
    order_id: ORDER_ID,
    currency: 'USD',
    attempt: 1,
    amount_minor: 5_990,
    authorize_key: opKey(ORDER_ID, 'authorize', 1),
    provider_ref: 'pi_1',
  };
}

/** A request that waits, with what the test wants different. */
export function waitingOp<Kind extends OpKind>(
  kind: Kind,
  { no = 1, dueAt = 0, ...request }: Partial<OpRequest<Kind>> & { no?: number; dueAt?: number } = {},
): ExternalOp<Kind> {
  return {
    kind,
    no,
    state: 'waiting',
    request: { ...REQUESTS[kind], ...request },
    dueAt,
  } as unknown as ExternalOp<Kind>;
}

export const keyOf = (op: ExternalOp): string => opKey(op.request.order_id, op.kind, op.no);

/** An event as it went to the hub. */
export interface SentEvent {
  id: string;
  type: string;
  source: string;
  subject: string;
  partitionkey: string;
  causationid?: string;
  synthetic?: boolean;
  data: Record<string, unknown>;
}

/** Keeps what is sent instead of sending it; `failWith` makes the next sends fail. */
export class FakeSender implements EventSender {
  readonly sent: SentEvent[] = [];
  failWith: Error | undefined;

  async send(event: OutgoingEvent): Promise<void> {
    if (this.failWith) throw this.failWith;
    this.sent.push(JSON.parse(event.body.toString()));
  }
}

export const testMetrics = () => outsideMetrics(new Registry());

/** An adapter whose answers the test gives. */
export function performer<Kind extends OpKind>(
  name: string,
  kinds: readonly Kind[],
  perform: (op: ExternalOp<Kind>, key: string, signal: AbortSignal) => Promise<Outcome>,
  instead?: (op: ExternalOp<Kind>, key: string) => Answer | undefined,
): Performer {
  const adapter = { name, kinds, perform, close: async () => {}, ...(instead ? { instead } : {}) };
  return adapter as unknown as Performer;
}

export const authorizedAnswer = (op: ExternalOp<'authorize'>, key: string): Answer => ({
  type: 'oms.payment.authorized.v1',
  data: {
    order_id: op.request.order_id,
    attempt: op.request.attempt,
    op_key: key,
    provider: 'test',
    provider_ref: 'p-1',
    amount_minor: op.request.amount_minor,
    currency: op.request.currency,
  },
});
