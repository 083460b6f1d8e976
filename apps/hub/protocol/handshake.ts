import { encodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { encodeFrame, FRAME_HEADER_BYTES, FrameType } from '../amqp/frames.ts';
import { decodePerformative, SaslMechanisms, SaslOutcome } from '../amqp/performatives.ts';
import { Reader } from '../amqp/reader.ts';
import type { Authenticator } from './auth.ts';

/** "AMQP", protocol id, version 1.0.0 (part 2.2). */
export const AMQP_HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0]);
export const SASL_HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 3, 1, 0, 0]);
/** A SASL frame holds no more than a name and a key. */
const MAX_SASL_BYTES = 4096;
const MECHANISMS = ['MSSBCBS', 'PLAIN', 'ANONYMOUS', 'EXTERNAL'];

/** What the first bytes of a connection were. */
export interface HandshakeDone {
  /** Bytes that came after it. */
  rest: Buffer;
  /** The peer gave the hub's own key; it needs no claims. */
  trusted: boolean;
}

/**
 * The start of a connection: a protocol header, SASL if the peer wants it, another header. A peer may leave SASL out,
 * as clients with a ready-made token do.
 */
export class Handshake {
  readonly #auth: Authenticator;
  readonly #write: (bytes: Buffer) => void;
  #step: 'header' | 'sasl' | 'header-after-sasl' = 'header';
  #pending = Buffer.alloc(0);
  #trusted = false;

  constructor(auth: Authenticator, write: (bytes: Buffer) => void) {
    this.#auth = auth;
    this.#write = write;
  }

  /**
   * Takes bytes in; answers null until it has seen enough.
   * @throws {AmqpError} when the peer speaks something else or is not let in; what it has to be told was written then
   */
  push(chunk: Buffer): HandshakeDone | null {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const before = this.#pending.length;
      if (this.#step === 'sasl') this.#readInit();
      else if (this.#readHeader()) return { rest: this.#pending, trusted: this.#trusted };
      if (this.#pending.length === before) return null;
    }
  }

  #readHeader(): boolean {
    const first = this.#pending.subarray(0, AMQP_HEADER.length);
    if (isPrefix(first, AMQP_HEADER)) {
      if (first.length < AMQP_HEADER.length) return false;
      this.#pending = this.#pending.subarray(AMQP_HEADER.length);
      this.#write(AMQP_HEADER);
      return true;
    }
    if (this.#step !== 'header' || !isPrefix(first, SASL_HEADER)) {
      this.#write(AMQP_HEADER);
      throw new AmqpError(Condition.framingError, `not an AMQP 1.0 protocol header: ${nameOf(first)}`);
    }
    if (first.length === SASL_HEADER.length) this.#offerMechanisms();
    return false;
  }

  #offerMechanisms(): void {
    this.#pending = this.#pending.subarray(SASL_HEADER.length);
    this.#write(SASL_HEADER);
    this.#write(encodeFrame(FrameType.sasl, 0, encodeComposite(SaslMechanisms, { mechanisms: MECHANISMS })));
    this.#step = 'sasl';
  }

  #readInit(): void {
    if (this.#pending.length < FRAME_HEADER_BYTES) return;
    const size = this.#pending.readUInt32BE(0);
    if (size <= FRAME_HEADER_BYTES || size > MAX_SASL_BYTES || this.#pending[5] !== FrameType.sasl) {
      throw new AmqpError(Condition.framingError, `not a SASL frame, or one of ${size} bytes`);
    }
    if (this.#pending.length < size) return;
    const frame = this.#pending.subarray(0, size);
    this.#pending = this.#pending.subarray(size);
    this.#authenticate(frame.subarray(frame[4]! * 4));
    this.#step = 'header-after-sasl';
  }

  #authenticate(body: Buffer): void {
    const init = decodePerformative(new Reader(body));
    if (init.type !== 'sasl-init') throw new AmqpError(Condition.illegalState, `${init.type} instead of sasl-init`);
    const { mechanism, initialResponse } = init.fields;
    const plain = mechanism === 'PLAIN';
    const ok = plain ? this.#auth.acceptsPlain(initialResponse) : MECHANISMS.includes(mechanism);
    this.#trusted = plain && ok;
    this.#write(encodeFrame(FrameType.sasl, 0, encodeComposite(SaslOutcome, { code: ok ? 0 : 1 })));
    if (!ok) throw new AmqpError(Condition.unauthorized, `SASL ${mechanism} refused`);
  }
}

/** What somebody reads in the log who wonders why a client does not get through. */
function nameOf(first: Buffer): string {
  const hex = first.toString('hex');
  if (hex.startsWith('1603'))
    return `${hex}, which is TLS; it has a port of its own, or the client wants UseDevelopmentEmulator=true`;
  return /^[A-Z]{3,7} /.test(first.toString('latin1')) ? `${hex}, which looks like HTTP` : hex;
}

const isPrefix = (bytes: Buffer, whole: Buffer): boolean => whole.subarray(0, bytes.length).equals(bytes);
