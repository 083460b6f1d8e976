import type { Static, TSchema } from 'typebox';
import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';

/** A request about an order: what came in the path, the header and the body. */
export interface Asked<Body = unknown> {
  orderId: string;
  /** The Idempotency-Key. */
  key: string;
  body: Body;
  /** Other parts of the path. */
  params: Record<string, string>;
}

interface CommandOf<Body, Type extends OrderEventType> {
  /** Last part of the path; with the order and the key it names the request. */
  name: string;
  summary: string;
  type: Type;
  /** Also taken for an order that is not stored yet: the event waits for it. */
  early?: boolean;
  /** @throws {Problem} when the order, as it is stored, does not take this */
  check(order: OrderState, asked: Asked<Body>): void;
  data(asked: Asked<Body>): DataOf<Type>;
  /** What the answer says besides the order. */
  names?(asked: Asked<Body>): { return_id: string };
}

/** Something that can be asked about an order and becomes one event. */
export interface Command extends CommandOf<unknown, OrderEventType> {
  body: TSchema;
}

/** Ties the body's schema to the functions that use it. */
export const command = <Body extends TSchema, Type extends OrderEventType>(
  body: Body,
  rest: CommandOf<Static<Body>, Type>,
): Command => ({ ...rest, body }) as Command;
