import { encodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import {
  type AttachFrame,
  Begin,
  type BeginFrame,
  Detach,
  type DetachFrame,
  End,
  encodeError,
  Flow,
  type FlowFrame,
  type Performative,
  type TransferFrame,
} from '../amqp/performatives.ts';
import { TRANSFER_HEADER_BYTES, writeTransfer } from '../amqp/transfer-frames.ts';
import type { Encode } from '../amqp/writer.ts';
import type { Connection } from './connection.ts';
import { type AttachReply, encodeAttach, type Link } from './link.ts';
import { openLink } from './open-link.ts';
import { after, ahead } from './serial.ts';
import { Settlements } from './settlements.ts';

/** Transfers a client may have on the way to the hub. */
const INCOMING_WINDOW = 5000;
const OUTGOING_WINDOW = 0xffff_ffff;
const HANDLE_MAX = 255;

/** One session: the links on it, and the windows that both directions have to keep. */
export class Session {
  readonly connection: Connection;
  readonly channel: number;
  readonly #links = new Map<number, Link>();
  /** What clients call their links, by handle; for the log. */
  readonly #names = new Map<number, string>();
  /** Attaches that are not answered yet: a link ends as it should only for a client that saw it begin. */
  readonly #opening = new Map<number, AttachFrame>();
  /** Handles the hub detached and the client has not confirmed; what still arrives for them is dropped. */
  readonly #detaching = new Set<number>();
  #nextIncomingId: number;
  #incomingWindow = INCOMING_WINDOW;
  #lastDeliveryId: number | null = null;
  #nextOutgoingId = 0;
  #nextDeliveryId = 0;
  #remoteWindow: number;
  /** What the client is told of its deliveries. */
  readonly settlements: Settlements;

  constructor(connection: Connection, channel: number, begin: BeginFrame) {
    this.connection = connection;
    this.channel = channel;
    this.settlements = new Settlements(
      (disposition) => this.send(disposition),
      () => connection.output.schedule(),
    );
    this.#nextIncomingId = begin.nextOutgoingId;
    this.#remoteWindow = begin.incomingWindow;
    const { nextOutgoingId, incomingWindow, outgoingWindow } = this.#windows();
    this.send(
      encodeComposite(Begin, {
        remoteChannel: channel,
        nextOutgoingId,
        incomingWindow,
        outgoingWindow,
        handleMax: HANDLE_MAX,
      }),
    );
  }

  get links(): Iterable<Link> {
    return this.#links.values();
  }

  send(performative: Encode): void {
    this.connection.send(this.channel, performative);
  }

  /** Deals with a frame of this session other than begin and end. */
  onFrame(performative: Performative, payload: Buffer): void {
    switch (performative.type) {
      case 'transfer':
        this.#onTransfer(performative.fields, payload);
        break;
      case 'flow':
        this.#onFlow(performative.fields);
        break;
      case 'attach':
        this.#onAttach(performative.fields);
        break;
      case 'detach':
        this.#onDetach(performative.fields);
        break;
      case 'disposition':
        // The hub sends settled or forgets what was not: a client's disposition changes nothing.
        break;
      default:
        throw new AmqpError(Condition.illegalState, `${performative.type} inside a session`);
    }
  }

  #onAttach(attach: AttachFrame): void {
    if (this.#links.has(attach.handle) || this.#detaching.has(attach.handle)) {
      throw new AmqpError(Condition.handleInUse, `handle ${attach.handle} is in use`);
    }
    if (attach.handle > HANDLE_MAX) {
      throw new AmqpError(Condition.framingError, `handle ${attach.handle} is above ${HANDLE_MAX}`);
    }
    this.#opening.set(attach.handle, attach);
    openLink(this, attach);
  }

  /** A link as the log names it. */
  describe({ handle, entity }: Link) {
    return { link: this.#names.get(handle), handle, channel: this.channel, entity };
  }

  has(link: Link): boolean {
    return this.#links.get(link.handle) === link;
  }

  /** Makes a link known, so that frames reach it. */
  add(link: Link): void {
    this.#links.set(link.handle, link);
  }

  /** Confirms an attach. */
  attached(attach: AttachFrame, reply: AttachReply): void {
    this.#opening.delete(attach.handle);
    this.#names.set(attach.handle, attach.name);
    this.connection.log.debug({ link: attach.name, handle: attach.handle, channel: this.channel }, 'link attached');
    this.send(encodeAttach(attach, reply));
  }

  /** Answers an attach with an error: attached without a terminus, then detached. */
  refuse(attach: AttachFrame, error: AmqpError): void {
    // To be beaten by a higher owner level is how consumers share partitions; anything else is a client that is set up wrong.
    const level = error.condition === Condition.stolen ? 'info' : 'warn';
    this.connection.log[level]({ link: attach.name, code: error.condition, why: error.message }, 'link refused');
    this.#links.delete(attach.handle);
    this.#attachNothing(attach);
    this.#sendDetach(attach.handle, error);
  }

  #attachNothing(attach: AttachFrame): void {
    this.#opening.delete(attach.handle);
    this.send(encodeAttach(attach, { source: null, target: null }));
  }

  /** Ends a link with an error. */
  detach(link: Link, error: AmqpError): void {
    if (!this.has(link)) return;
    const { condition, message } = error;
    this.connection.log.info({ ...this.describe(link), code: condition, why: message }, 'link detached');
    this.#links.delete(link.handle);
    link.closed();
    const opening = this.#opening.get(link.handle);
    if (opening !== undefined) this.#attachNothing(opening);
    this.#sendDetach(link.handle, error);
  }

  #sendDetach(handle: number, error: AmqpError): void {
    this.#detaching.add(handle);
    this.send(encodeComposite(Detach, { handle, closed: true, error: encodeError(error.condition, error.message) }));
  }

  #onDetach(detach: DetachFrame): void {
    if (this.#detaching.delete(detach.handle)) return;
    const link = this.#linkOf(detach.handle);
    const opening = this.#opening.get(detach.handle);
    if (opening !== undefined) this.#attachNothing(opening);
    this.#links.delete(detach.handle);
    link.closed();
    this.connection.log.debug(this.describe(link), 'link closed by the client');
    this.send(encodeComposite(Detach, { handle: detach.handle, closed: detach.closed ?? false }));
  }

  #linkOf(handle: number): Link {
    const link = this.#links.get(handle);
    if (link === undefined) throw new AmqpError(Condition.unattachedHandle, `no link has handle ${handle}`);
    return link;
  }

  #onTransfer(transfer: TransferFrame, payload: Buffer): void {
    if (this.#incomingWindow === 0) throw new AmqpError(Condition.windowViolation, 'a transfer beyond the window');
    this.#nextIncomingId = after(this.#nextIncomingId);
    this.#incomingWindow--;
    if (this.#incomingWindow < INCOMING_WINDOW / 2) this.sendFlow({});
    if (this.#detaching.has(transfer.handle)) this.#lastDeliveryId = transfer.deliveryId ?? this.#lastDeliveryId;
    else this.#linkOf(transfer.handle).onTransfer(transfer, payload);
  }

  /** Holds the id of a client's next delivery against the one before; they count up by one in each session. */
  checkDeliveryId(id: number): void {
    if (this.#lastDeliveryId !== null && id !== after(this.#lastDeliveryId)) {
      throw new AmqpError(Condition.invalidField, `delivery-id ${id} after ${this.#lastDeliveryId}`);
    }
    this.#lastDeliveryId = id;
  }

  #onFlow(flow: FlowFrame): void {
    // What the client had not seen when it wrote the flow is on its way and takes from the window.
    const onTheWay = Math.max(0, ahead(this.#nextOutgoingId, flow.nextIncomingId ?? 0));
    this.#remoteWindow = Math.max(0, flow.incomingWindow - onTheWay);
    if (flow.handle !== null && !this.#detaching.has(flow.handle)) this.#linkOf(flow.handle).onFlow(flow);
    else if (flow.echo === true) this.sendFlow({});
    this.resume();
  }

  /** Lets every link go on that waits for the window or the socket. */
  resume(): void {
    for (const link of this.#links.values()) link.resume();
  }

  /** Tells the client the windows, and with them the state of a link. */
  sendFlow(link: {
    handle?: number;
    deliveryCount?: number;
    linkCredit?: number;
    available?: number;
    drain?: boolean;
  }): void {
    this.#incomingWindow = INCOMING_WINDOW;
    this.send(
      encodeComposite(Flow, {
        ...this.#windows(),
        nextIncomingId: this.#nextIncomingId,
        drain: false,
        echo: false,
        ...link,
      }),
    );
  }

  #windows() {
    return {
      nextOutgoingId: this.#nextOutgoingId,
      incomingWindow: this.#incomingWindow,
      outgoingWindow: OUTGOING_WINDOW,
    };
  }

  /** Transfers the client still takes on this session. */
  get remoteWindow(): number {
    return this.#remoteWindow;
  }

  newDeliveryId(): number {
    const id = this.#nextDeliveryId;
    this.#nextDeliveryId = after(id);
    return id;
  }

  /**
   * Writes transfers for the bytes of a message from `from` on, as far as the window lets it.
   * @returns how far it came
   */
  transfer(template: Buffer, deliveryId: number, message: Buffer, from: number, end: number): number {
    const { output, maxPayloadBytes } = this.connection;
    let at = from;
    while (at < end && this.#remoteWindow > 0) {
      const length = Math.min(end - at, maxPayloadBytes);
      const place = output.reserve(TRANSFER_HEADER_BYTES + length);
      writeTransfer(output.chunk, place, template, deliveryId, length, at + length < end);
      message.copy(output.chunk, place + TRANSFER_HEADER_BYTES, at, at + length);
      at += length;
      this.#remoteWindow--;
      this.#nextOutgoingId = after(this.#nextOutgoingId);
    }
    return at;
  }

  /** Ends the session because of what the client did on it. */
  fail(error: AmqpError): void {
    this.closed();
    this.send(encodeComposite(End, { error: encodeError(error.condition, error.message) }));
  }

  /** The session is gone; what is accepted later can no longer be told. */
  closed(): void {
    this.settlements.close();
    for (const link of this.#links.values()) link.closed();
    this.#links.clear();
  }
}
