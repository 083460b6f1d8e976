import { AmqpError, Condition } from '../amqp/errors.ts';
import { type EventBatch, readEventBatch } from '../amqp/event-batch.ts';
import type { AttachFrame, FlowFrame, TransferFrame } from '../amqp/performatives.ts';
import type { Encode } from '../amqp/writer.ts';
import type { Hub } from '../broker/hub.ts';
import type { Partition } from '../broker/partition.ts';
import type { Done } from '../broker/producers.ts';
import { spoilSend } from './fault-effects.ts';
import { type AttachReply, encodeSource, type Link } from './link.ts';
import { after } from './serial.ts';
import type { Session } from './session.ts';

/** Largest message the service takes (1 MiB, the limit of all its tiers but dedicated). */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** Clients sleep a second when they run out, so much is granted, and again when half of it is used. */
const CREDIT = 1000;

interface Delivery {
  id: number;
  format: number;
  settled: boolean;
  parts: Buffer[];
  bytes: number;
}

/** A link on which a client sends events to a hub or to one of its partitions. */
export class PublishLink implements Link {
  readonly handle: number;
  readonly entity: string;
  protected readonly session: Session;
  /** Whether the client numbers its events. */
  protected readonly idempotent: boolean = false;
  readonly #hub: Hub;
  readonly #partition: Partition | null;
  #delivery: Delivery | null = null;
  #deliveryCount: number;
  /** None before the attach is confirmed. */
  #credit = 0;

  constructor(session: Session, attach: AttachFrame, entity: string, hub: Hub, partition: Partition | null) {
    this.session = session;
    this.handle = attach.handle;
    this.entity = entity;
    this.#hub = hub;
    this.#partition = partition;
    this.#deliveryCount = attach.initialDeliveryCount ?? 0;
  }

  /** Confirms the attach and lets the client send. @param target as the client wrote it: some compare the two */
  open(attach: AttachFrame, target: Encode, more: Partial<AttachReply> = {}): void {
    this.session.attached(attach, {
      source: encodeSource(null),
      target,
      maxMessageSize: MAX_MESSAGE_BYTES,
      ...more,
    });
    this.#grant();
  }

  #grant(): void {
    this.#credit = CREDIT;
    this.session.sendFlow({ handle: this.handle, deliveryCount: this.#deliveryCount, linkCredit: CREDIT });
  }

  onFlow(flow: FlowFrame): void {
    if (flow.echo === true) this.#grant();
  }

  onTransfer(transfer: TransferFrame, payload: Buffer): void {
    this.#delivery ??= this.#begin(transfer);
    const delivery = this.#delivery;
    if (transfer.settled === true) delivery.settled = true;
    delivery.bytes += payload.length;
    // What is too large is not kept, only counted.
    if (delivery.bytes <= MAX_MESSAGE_BYTES) delivery.parts.push(payload);
    if (transfer.more === true) return;
    this.#delivery = null;
    this.#deliveryCount = after(this.#deliveryCount);
    if (--this.#credit <= CREDIT / 2) this.#grant();
    if (transfer.aborted !== true) this.#receive(delivery);
  }

  #begin(transfer: TransferFrame): Delivery {
    if (this.#credit === 0) throw new AmqpError(Condition.windowViolation, 'a transfer without credit');
    const id = transfer.deliveryId;
    if (id === null) throw new AmqpError(Condition.invalidField, 'the first transfer of a delivery has no delivery-id');
    this.session.checkDeliveryId(id);
    return { id, format: transfer.messageFormat ?? 0, settled: false, parts: [], bytes: 0 };
  }

  #receive(delivery: Delivery): void {
    try {
      this.#store(delivery, readDelivery(delivery, this.idempotent));
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      this.#settle(delivery, error);
    }
  }

  #store(delivery: Delivery, batch: EventBatch): void {
    const { pressure, faults } = this.session.connection.context;
    pressure.add(delivery.bytes);
    const partition = this.#partition ?? this.#hub.choose(batch);
    const forget = () => pressure.remove(delivery.bytes);
    const done = (error: AmqpError | null) => {
      forget();
      this.#settle(delivery, error, partition.id);
    };
    const fault = faults.active ? faults.draw('send', this.#hub.name, partition.id) : null;
    if (fault === null) this.append(partition, batch, done);
    else
      spoilSend(fault, this.session, this, { store: (stored) => this.append(partition, batch, stored), done, forget });
  }

  protected append(partition: Partition, batch: EventBatch, done: Done): void {
    partition.append(batch, done);
  }

  #settle(delivery: Delivery, error: AmqpError | null, partition: string | null = null): void {
    if (error !== null) {
      const { condition: code, message: why } = error;
      const link = this.session.describe(this);
      this.session.connection.log.warn({ ...link, partition, code, why, bytes: delivery.bytes }, 'events rejected');
    }
    if (delivery.settled) return;
    if (error === null) this.session.settlements.accept(delivery.id);
    else this.session.settlements.reject(delivery.id, error);
  }

  resume(): void {}

  closed(): void {
    this.#delivery = null;
  }
}

function readDelivery({ id, bytes, parts, format }: Delivery, idempotent: boolean): EventBatch {
  if (bytes > MAX_MESSAGE_BYTES) {
    throw new AmqpError(
      Condition.messageSize,
      `The received message (delivery-id:${id}, size:${bytes} bytes) exceeds the limit (${MAX_MESSAGE_BYTES} bytes) ` +
        'currently allowed on the link.',
    );
  }
  return readEventBatch(parts.length === 1 ? parts[0]! : Buffer.concat(parts), format, idempotent);
}
