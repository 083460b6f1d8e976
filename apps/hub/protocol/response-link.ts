import { decodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { type AttachFrame, type FlowFrame, Target } from '../amqp/performatives.ts';
import { transferTemplate } from '../amqp/transfer-frames.ts';
import { encodeSource, encodeTarget, type Link } from './link.ts';
import { after, ahead } from './serial.ts';
import type { Session } from './session.ts';

/** The hub's own nodes that answer requests. */
export type NodeName = '$cbs' | '$management';

/** A link on which a client receives the answers of a node. */
export class ResponseLink implements Link {
  readonly handle: number;
  readonly entity = null;
  readonly node: NodeName;
  readonly session: Session;
  readonly #name: string;
  readonly #address: string | null;
  readonly #template: Buffer;
  #credit = 0;
  #deliveryCount = 0;
  #waiting: Buffer[] = [];
  #current: { message: Buffer; at: number; deliveryId: number } | null = null;

  constructor(session: Session, attach: AttachFrame, node: NodeName) {
    this.handle = attach.handle;
    this.node = node;
    this.session = session;
    this.#name = attach.name;
    const address = decodeComposite(Target, attach.target)?.address;
    this.#address = typeof address === 'string' ? address : null;
    this.#template = transferTemplate(session.channel, attach.handle, true);
  }

  open(attach: AttachFrame): void {
    this.session.attached(attach, {
      source: encodeSource(this.node),
      target: encodeTarget(this.#address),
      settled: true,
    });
  }

  answersTo(replyTo: string | null): boolean {
    return replyTo !== null && (replyTo === this.#address || replyTo === this.#name);
  }

  reply(message: Buffer): void {
    this.#waiting.push(message);
    this.resume();
  }

  onFlow(flow: FlowFrame): void {
    const uncounted = ahead(this.#deliveryCount, flow.deliveryCount ?? 0);
    this.#credit = Math.max(0, (flow.linkCredit ?? 0) - uncounted);
    this.resume();
    if (flow.drain === true) {
      this.#deliveryCount = after(this.#deliveryCount, this.#credit);
      this.#credit = 0;
    }
    if (flow.drain === true || flow.echo === true) {
      const { handle } = this;
      this.session.sendFlow({
        handle,
        deliveryCount: this.#deliveryCount,
        linkCredit: this.#credit,
        drain: flow.drain === true,
      });
    }
  }

  resume(): void {
    for (;;) {
      this.#current ??= this.#take();
      const current = this.#current;
      if (current === null) return;
      const { message, at, deliveryId } = current;
      current.at = this.session.transfer(this.#template, deliveryId, message, at, message.length);
      if (current.at < message.length) return;
      this.#current = null;
    }
  }

  #take() {
    if (this.#credit === 0) return null;
    const message = this.#waiting.shift();
    if (message === undefined) return null;
    this.#credit--;
    this.#deliveryCount = after(this.#deliveryCount);
    return { message, at: 0, deliveryId: this.session.newDeliveryId() };
  }

  onTransfer(): void {
    throw new AmqpError(Condition.notAllowed, 'a transfer on a link that receives');
  }

  closed(): void {
    this.#waiting = [];
    this.#current = null;
  }
}
