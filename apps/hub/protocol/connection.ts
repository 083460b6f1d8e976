import type { Duplex } from 'node:stream';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { encodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import {
  encodeFrame,
  type Frame,
  FrameReader,
  FrameType,
  HEARTBEAT,
  MAX_FRAME_BYTES,
  MIN_MAX_FRAME_BYTES,
} from '../amqp/frames.ts';
import {
  Close,
  decodePerformative,
  End,
  encodeError,
  Open,
  type OpenFrame,
  type Performative,
} from '../amqp/performatives.ts';
import { Reader } from '../amqp/reader.ts';
import { TRANSFER_HEADER_BYTES } from '../amqp/transfer-frames.ts';
import type { Encode } from '../amqp/writer.ts';
import { Access } from './access.ts';
import { Handshake } from './handshake.ts';
import { IDLE_TIME_OUT_MS, KeepAlive } from './keep-alive.ts';
import { Output } from './output.ts';
import { type NodeName, ResponseLink } from './response-link.ts';
import type { ServerContext } from './server-context.ts';
import { Session } from './session.ts';

/** After a close the peer gets this long to read it. */
const LINGER_MS = 2_000;
const CHANNEL_MAX = 4999;

/** One client: the handshake, its sessions, and the bytes both ways. Whatever it sends, only its own connection can end. */
export class Connection {
  readonly context: ServerContext;
  readonly log: Logger;
  readonly access: Access;
  readonly output: Output;
  readonly #socket: Duplex;
  readonly #handshake: Handshake;
  readonly #frames = new FrameReader();
  readonly #sessions = new Map<number, Session>();
  /** Channels whose session the client ended. Azure's Python client detaches its links only then: nobody is hurt. */
  readonly #left = new Set<number>();
  /** Channels whose session the hub ended; what still arrives on them is dropped until the client ends it too. */
  readonly #ended = new Set<number>();
  readonly #keepAlive = new KeepAlive(Date.now());
  #state: 'handshake' | 'opening' | 'open' | 'closed' = 'handshake';
  #closedMs = 0;
  /** Largest piece of a message that fits a frame the client takes. */
  maxPayloadBytes = MIN_MAX_FRAME_BYTES - TRANSFER_HEADER_BYTES;

  constructor(socket: Duplex, context: ServerContext, log: Logger) {
    this.#socket = socket;
    this.context = context;
    this.log = log;
    this.access = new Access(context.auth);
    this.output = new Output(socket, context.chunks, () => this.#beforeFlush());
    this.#handshake = new Handshake(context.auth, (bytes) => this.output.write(bytes));
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('error', (error) => log.debug({ err: error }, 'socket error'));
    socket.on('close', () => this.#onClosed());
  }

  #onData(chunk: Buffer): void {
    this.#keepAlive.read(Date.now());
    if (this.#state === 'closed') return;
    try {
      this.#take(chunk);
    } catch (error) {
      if (error instanceof AmqpError) this.fail(error);
      else this.crashed(error);
    }
    this.#throttle();
  }

  /** Reads no more while the disk is behind, or while the client does not read what it is told. */
  #throttle(): void {
    const { pressure } = this.context;
    if (this.#socket.destroyed || !(pressure.high || this.output.congested)) return;
    this.#socket.pause();
    if (pressure.high) pressure.wait(() => this.#socket.resume());
  }

  #take(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#state === 'handshake') {
      const done = this.#handshake.push(chunk);
      if (done === null) return;
      this.access.trusted = done.trusted;
      this.#state = 'opening';
      bytes = done.rest;
    }
    this.#frames.push(bytes, (frame) => this.#onFrame(frame));
  }

  #onFrame(frame: Frame): void {
    if (this.#state === 'closed' || frame.body.length === 0) return;
    if (frame.type !== FrameType.amqp) throw new AmqpError(Condition.framingError, 'a SASL frame after the handshake');
    const reader = new Reader(frame.body);
    const performative = decodePerformative(reader);
    const payload = frame.body.subarray(reader.position);
    if (this.#state === 'opening') {
      this.#onOpen(performative);
      return;
    }
    if (performative.type === 'close') {
      this.#onClose();
      return;
    }
    this.#onSessionFrame(frame.channel, performative, payload);
  }

  #onOpen(performative: Performative): void {
    if (performative.type !== 'open') throw new AmqpError(Condition.illegalState, `${performative.type} before open`);
    const { fields } = performative;
    const maxFrameBytes = fields.maxFrameSize ?? 0xffff_ffff;
    this.#sendOpen();
    this.#state = 'open';
    if (maxFrameBytes < MIN_MAX_FRAME_BYTES) {
      throw new AmqpError(Condition.invalidField, `max-frame-size ${maxFrameBytes} is below ${MIN_MAX_FRAME_BYTES}`);
    }
    this.maxPayloadBytes = Math.min(maxFrameBytes, MAX_FRAME_BYTES) - TRANSFER_HEADER_BYTES;
    this.#keepAlive.opened(fields.idleTimeOut);
    this.log.debug(describe(fields), 'connection open');
  }

  #sendOpen(): void {
    const open = {
      containerId: 'oms-hub',
      maxFrameSize: MAX_FRAME_BYTES,
      channelMax: CHANNEL_MAX,
      idleTimeOut: IDLE_TIME_OUT_MS,
    };
    this.send(0, encodeComposite(Open, open));
  }

  #onSessionFrame(channel: number, performative: Performative, payload: Buffer): void {
    const session = this.#sessions.get(channel);
    if (performative.type === 'begin') {
      if (session !== undefined || this.#ended.has(channel) || channel > CHANNEL_MAX) {
        throw new AmqpError(
          Condition.framingError,
          `begin on channel ${channel}, which is taken or above ${CHANNEL_MAX}`,
        );
      }
      this.#left.delete(channel);
      this.#sessions.set(channel, new Session(this, channel, performative.fields));
      return;
    }
    if (performative.type === 'end' && this.#ended.delete(channel)) return;
    if (this.#ended.has(channel)) return;
    if (session === undefined && performative.type === 'detach' && this.#left.has(channel)) return;
    if (session === undefined)
      throw new AmqpError(Condition.framingError, `${performative.type} on channel ${channel} without a session`);
    if (performative.type === 'end') {
      this.#onEnd(channel, session);
      return;
    }
    this.#inSession(session, performative, payload);
  }

  #inSession(session: Session, performative: Performative, payload: Buffer): void {
    try {
      session.onFrame(performative, payload);
    } catch (error) {
      if (!(error instanceof AmqpError) || error.condition === Condition.framingError) throw error;
      this.log.warn({ channel: session.channel, code: error.condition, why: error.message }, 'session ended');
      this.#sessions.delete(session.channel);
      this.#ended.add(session.channel);
      session.fail(error);
    }
  }

  #onEnd(channel: number, session: Session): void {
    session.settlements.flush();
    session.closed();
    this.#sessions.delete(channel);
    this.#left.add(channel);
    this.send(channel, encodeComposite(End, {}));
  }

  #onClose(): void {
    this.#shutDown(encodeComposite(Close, {}));
  }

  send(channel: number, performative: Encode): void {
    this.output.write(encodeFrame(FrameType.amqp, channel, performative));
  }

  #beforeFlush(): void {
    this.#keepAlive.wrote(Date.now());
    for (const session of this.#sessions.values()) session.settlements.flush();
  }

  /** Takes in nothing more, so that what was taken in can be finished. */
  pause(): void {
    this.#socket.pause();
  }

  #onDrain(): void {
    if (!this.context.pressure.high) this.#socket.resume();
    for (const session of this.#sessions.values()) session.resume();
  }

  /** Links that are open for the answers of a node. */
  responseLinks(node: NodeName): ResponseLink[] {
    const links = [...this.#sessions.values()].flatMap((session) => [...session.links]);
    return links.filter((link) => link instanceof ResponseLink).filter((link) => link.node === node);
  }

  /** What is due from time to time: heartbeats, dead peers, expired claims. */
  tick(nowMs: number): void {
    if (this.#state === 'closed') {
      if (nowMs - this.#closedMs > LINGER_MS) this.#socket.destroy();
      return;
    }
    const dead = this.#keepAlive.dead(nowMs);
    if (dead !== null) {
      this.fail(dead);
      return;
    }
    if (this.#state === 'open' && this.#keepAlive.heartbeatDue(nowMs)) this.output.write(HEARTBEAT);
    this.#detachExpired(nowMs);
  }

  #detachExpired(nowMs: number): void {
    this.detachLinks(
      (entity) => !this.access.allows(entity, nowMs),
      (entity) => new AmqpError(Condition.unauthorized, `ExpiredToken: The token for '${entity}' is expired.`),
    );
  }

  /** Ends the links whose entity has to go. */
  detachLinks(goes: (entity: string) => boolean, reason: (entity: string) => AmqpError): void {
    for (const session of this.#sessions.values()) {
      for (const link of [...session.links]) {
        if (link.entity !== null && goes(link.entity)) session.detach(link, reason(link.entity));
      }
    }
  }

  /** Ends the connection and tells the client why. */
  fail(error: AmqpError): void {
    this.log.warn({ code: error.condition, why: error.message, state: this.#state }, 'connection closed by the hub');
    if (this.#state === 'opening') this.#sendOpen();
    const close = encodeComposite(Close, { error: encodeError(error.condition, error.message) });
    this.#shutDown(this.#state === 'handshake' ? null : close);
  }

  /** An error of the hub itself: this client is told so, the others are not disturbed. */
  crashed(error: unknown): void {
    this.log.error({ err: error }, 'unexpected error on a connection');
    this.fail(new AmqpError(Condition.internalError, 'The hub made an error.'));
  }

  #shutDown(close: Encode | null): void {
    if (this.#state === 'closed') return;
    for (const session of this.#sessions.values()) session.settlements.flush();
    if (close !== null) this.send(0, close);
    this.output.flush();
    this.#state = 'closed';
    this.#closedMs = Date.now();
    this.#forget();
    // What still arrives is read and dropped, so that the end of the stream is seen.
    this.#socket.resume();
    this.#socket.end();
  }

  #onClosed(): void {
    if (this.#state !== 'closed') this.log.debug('connection lost');
    this.#state = 'closed';
    this.#forget();
  }

  #forget(): void {
    for (const session of this.#sessions.values()) session.closed();
    this.#sessions.clear();
  }

  /** Ends the connection without a word. What was written before still goes out: else a reader would never get further. */
  drop(): void {
    this.#shutDown(null);
  }
}

const describe = (open: OpenFrame) => ({
  container: open.containerId,
  userAgent: String(open.properties?.get('user-agent') ?? ''),
});
