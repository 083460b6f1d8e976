import { type Static, Type } from 'typebox';
import { requestHash } from '../../../lib/domain/canonical.ts';
import { commandEventId } from '../../../lib/domain/ids.ts';
import { orderEvent } from '../../../lib/domain/order-events.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { publish } from '../events/publish.ts';
import { IdempotencyWindow } from '../http/idempotency-window.ts';
import { type Answered, once } from '../http/once.ts';
import { Problem } from '../http/problem.ts';
import type { ProblemCode } from '../http/problem-codes.ts';
import type { StoredOrders } from '../orders/stored-orders.ts';
import type { TakenOrder } from '../orders/take-order.ts';
import type { Asked, Command } from './command.ts';

/** What is answered to a request about an order: the event is with the hub, its effect shows at `status_url`. */
export const CommandReceipt = Type.Object({
  order_id: Type.String(),
  /** Of the event that the request became. */
  event_id: Type.String(),
  status_url: Type.String(),
  return_id: Type.Optional(Type.String()),
});
export type CommandReceipt = Static<typeof CommandReceipt>;

export interface CommandDeskParts {
  orders: Pick<StoredOrders, 'state' | 'wasHandled'>;
  /** An order that this process took lately, stored or not. */
  taken(orderId: string): TakenOrder | undefined;
  sender: EventSender;
  now: () => Date;
}

/** Who asks: a customer, who has to be the order's own, or somebody of the staff. */
export interface Asker {
  source: string;
  customer?: string;
  traceparent: string;
}

/** Refusals that the request itself may have brought about, when it was taken before. */
const ORDER_CHANGED = new Set<ProblemCode>(['invalid_transition', 'quantity_exceeded']);

const notFound = () => new Problem('not_found', 'there is no such order');

/** Takes requests about orders: checks them against the order as it is stored, and hands them to the hub as events. */
export class CommandDesk {
  readonly #parts: CommandDeskParts;
  readonly #window = new IdempotencyWindow<CommandReceipt>();

  constructor(parts: CommandDeskParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the hub has the event on its disk. Whether it still takes effect is decided where it is handled.
   * @throws {Problem} not_found, invalid_transition, what the command's own check throws, and what sending throws
   */
  ask(command: Command, asked: Asked, asker: Asker): Promise<Answered<CommandReceipt>> {
    const receipt = receiptOf(command, asked);
    return once(this.#window, receipt.event_id, requestHash(asked.body), async () => {
      const order = await this.#parts.orders.state(asked.orderId);
      const taken = order ? undefined : this.#parts.taken(asked.orderId);
      this.#refuseStranger(asker, order?.customerRef ?? taken?.customer);
      if (order && (await this.#wasDone(command, order, asked, receipt.event_id))) return receipt;
      if (!order) refuseUnstored(command);
      await this.#publish(command, asked, asker, { id: receipt.event_id, synthetic: (order ?? taken)!.synthetic });
      return receipt;
    });
  }

  #refuseStranger(asker: Asker, owner: string | undefined): void {
    if (owner === undefined) throw notFound();
    if (asker.customer !== undefined && asker.customer !== owner) throw notFound();
  }

  /** A request that was taken by another process, and has changed the order since, is not refused for that change. */
  async #wasDone(command: Command, order: OrderState, asked: Asked, eventId: string): Promise<boolean> {
    try {
      command.check(order, asked);
      return false;
    } catch (refusal) {
      if (!(refusal instanceof Problem && ORDER_CHANGED.has(refusal.code))) throw refusal;
      if (await this.#parts.orders.wasHandled(order.seq, eventId)) return true;
      throw refusal;
    }
  }

  #publish(command: Command, asked: Asked, asker: Asker, { id, synthetic }: { id: string; synthetic: boolean }) {
    const event = orderEvent(command.type, command.data(asked), {
      id,
      source: asker.source,
      time: this.#parts.now().toISOString(),
      traceparent: asker.traceparent,
      ...(synthetic && { synthetic }),
    });
    return publish(this.#parts.sender, event);
  }
}

function receiptOf(command: Command, asked: Asked): CommandReceipt {
  const { orderId, key, params } = asked;
  return {
    order_id: orderId,
    event_id: commandEventId(orderId, [command.name, ...Object.values(params)].join('/'), key),
    status_url: `/api/orders/${orderId}`,
    ...command.names?.(asked),
  };
}

function refuseUnstored({ early, name }: Command): void {
  if (early) return;
  throw new Problem('invalid_transition', `the order is accepted but not processed yet: ${name} is not possible`, {
    possible: ['cancel'],
    headers: { 'retry-after': '1' },
  });
}
