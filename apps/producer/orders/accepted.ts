import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Answered } from '../http/once.ts';
import type { OrderOutcome } from '../producer-metrics.ts';
import type { TakenOrder } from './take-order.ts';

/** What is answered to an order that was taken. */
export const Accepted = Type.Object({
  order_id: Type.String(),
  status_url: Type.String(),
  total_minor: Type.Integer(),
  currency: Type.String(),
});

/** 202 with the order's receipt and address. */
export function answerOrder(reply: FastifyReply, { answer: { receipt }, replayed }: Answered<TakenOrder>) {
  const url = `/api/orders/${receipt.order_id}`;
  reply.code(202).header('location', url);
  if (replayed) reply.header('idempotent-replayed', 'true');
  return { ...receipt, status_url: url };
}

const OUTCOMES: Partial<Record<number, OrderOutcome>> = { 202: 'accepted', 409: 'duplicate' };

const outcomeOf = (status: number): OrderOutcome => OUTCOMES[status] ?? (status >= 500 ? 'failed' : 'rejected');

/** onResponse of every route that takes orders: counts what became of the request. */
export const orderCounter =
  (count: (outcome: OrderOutcome) => void) => (_request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const replayed = reply.getHeader('idempotent-replayed') !== undefined;
    count(replayed ? 'duplicate' : outcomeOf(reply.statusCode));
    done();
  };
