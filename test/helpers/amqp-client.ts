import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { type AnyComposite, encodeComposite } from '../../apps/hub/amqp/composites.ts';
import { encodeFrame, FrameReader, FrameType } from '../../apps/hub/amqp/frames.ts';
import { Attach, Begin, Close, Flow, Open, Source, Target, Transfer } from '../../apps/hub/amqp/performatives.ts';
import { type AmqpValue, Described, Reader } from '../../apps/hub/amqp/reader.ts';
import type { Encode } from '../../apps/hub/amqp/writer.ts';
import { AMQP_HEADER } from '../../apps/hub/protocol/handshake.ts';

/** A frame from the hub: the descriptor of its performative, its fields in order, and the payload. */
export interface ReceivedFrame {
  channel: number;
  descriptor: number;
  fields: AmqpValue[];
  payload: Buffer;
}

/** One that a busy machine keeps. */
const DEADLINE_MS = 30_000;

/** Rejects what takes too long, with a name for it. */
export function within<T>(promise: Promise<T>, what: string, ms = DEADLINE_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what}: nothing within ${ms} ms`)), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

/** A client that says exactly what a test wants to say, right or wrong. */
export class AmqpClient {
  readonly #socket: Socket;
  readonly #frames: ReceivedFrame[] = [];
  readonly #reader = new FrameReader();
  #header = Buffer.alloc(0);
  #wake: () => void = () => {};
  /** Empty frames that came. */
  heartbeats = 0;
  /** Resolves when the hub closed the connection. */
  readonly closed: Promise<void>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#onData(chunk));
    // Not `once` of node:events: a connection that is reset has ended as well.
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
  }

  static async connect(t: TestContext, port: number): Promise<AmqpClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    t.after(() => socket.destroy());
    await once(socket, 'connect');
    return new AmqpClient(socket);
  }

  /** Connected, opened, and with a session on channel 0. */
  static async ready(t: TestContext, port: number, incomingWindow = 2048): Promise<AmqpClient> {
    const client = await AmqpClient.connect(t, port);
    client.write(AMQP_HEADER);
    client.send(0, Open, { containerId: 'test' });
    client.send(0, Begin, { nextOutgoingId: 0, incomingWindow, outgoingWindow: 2048 });
    await client.next(Begin);
    return client;
  }

  /** Whether the hub has answered with its protocol header. */
  get greeted(): boolean {
    return this.#header.length === AMQP_HEADER.length;
  }

  #onData(chunk: Buffer): void {
    let rest = chunk;
    if (!this.greeted) {
      const missing = AMQP_HEADER.length - this.#header.length;
      this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
      rest = chunk.subarray(missing);
    }
    this.#reader.push(rest, ({ channel, body }) => {
      if (body.length === 0) {
        this.heartbeats++;
        return;
      }
      const reader = new Reader(body);
      const { descriptor, value } = reader.value() as Described;
      const fields = value as AmqpValue[];
      this.#frames.push({ channel, descriptor: descriptor as number, fields, payload: body.subarray(reader.position) });
    });
    this.#wake();
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  send(channel: number, type: AnyComposite, fields: object, payload: Buffer = Buffer.alloc(0)): void {
    this.write(
      encodeFrame(FrameType.amqp, channel, (writer) => {
        encodeComposite(type, fields as never)(writer);
        writer.raw(payload);
      }),
    );
  }

  /** The next frame of a kind; others before it are dropped. */
  async next(type: { name: string; descriptor: number }): Promise<ReceivedFrame> {
    const deadline = performance.now() + DEADLINE_MS;
    for (;;) {
      const frame = this.#frames.shift();
      if (frame?.descriptor === type.descriptor) return frame;
      if (frame !== undefined) continue;
      if (performance.now() > deadline) throw new Error(`no ${type.name} within ${DEADLINE_MS} ms`);
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([within(woken, type.name), this.closed.then(() => this.#mustHave(type))]);
    }
  }

  #mustHave(type: { name: string; descriptor: number }): void {
    if (!this.#frames.some(({ descriptor }) => descriptor === type.descriptor)) {
      throw new Error(`closed without ${type.name}`);
    }
  }

  /** What the hub sent so far of a kind, taken out of the queue together with all others. */
  take(type: { descriptor: number }): ReceivedFrame[] {
    return this.#frames.splice(0).filter(({ descriptor }) => descriptor === type.descriptor);
  }

  /** What the hub's close says: condition and description. */
  async closeError(): Promise<[string, string] | null> {
    const { fields } = await this.next(Close);
    return errorOf(fields[0] ?? null);
  }

  attachSender(address: string, handle = 0): void {
    this.send(0, Attach, {
      name: `sender-${handle}`,
      handle,
      role: false,
      source: encodeComposite(Source, {}),
      target: encodeComposite(Target, { address: text(address) }),
      initialDeliveryCount: 0,
    });
  }

  attachReceiver(address: string, handle = 0, more: object = {}, filter?: Encode): void {
    this.send(0, Attach, {
      name: `receiver-${handle}`,
      handle,
      role: true,
      source: encodeComposite(Source, { address: text(address), filter: filter ?? null }),
      target: encodeComposite(Target, {}),
      ...more,
    });
  }

  grant(handle: number, linkCredit: number, more: object = {}): void {
    this.send(0, Flow, {
      nextIncomingId: 0,
      incomingWindow: 2048,
      nextOutgoingId: 0,
      outgoingWindow: 2048,
      handle,
      deliveryCount: 0,
      linkCredit,
      ...more,
    });
  }

  transfer(deliveryId: number, payload: Buffer, more: object = {}): void {
    const deliveryTag = Buffer.from([deliveryId & 0xff]);
    this.send(0, Transfer, { handle: 0, deliveryId, deliveryTag, messageFormat: 0, ...more }, payload);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

const text =
  (value: string): Encode =>
  (writer) =>
    writer.string(value);

/** Condition and description of an error field; null when there is none. */
export function errorOf(value: AmqpValue): [string, string] | null {
  if (!(value instanceof Described)) return null;
  const [condition, description] = value.value as [string, string];
  return [condition, description];
}
