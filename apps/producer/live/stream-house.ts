import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../http/problem.ts';
import { EventStream } from './event-stream.ts';

export interface StreamLimits {
  /** Open at once in this process: each costs a socket and some 20 KB. */
  perProcess: number;
  /** Open at once about the same thing. */
  perTopic: number;
  /** A stream ends after this time; the reader comes again. So no server keeps its readers for ever. */
  lifetimeMs: number;
  /** The least pause of a stream on which nothing happens, for proxies that close what is silent (nginx: 60 s). */
  heartbeatMs: number;
  /** A reader that has taken nothing for this long is gone. */
  stuckMs: number;
}

const LIMITS: StreamLimits = {
  perProcess: 5_000,
  perTopic: 50,
  lifetimeMs: 30 * 60_000,
  heartbeatMs: 15_000,
  stuckMs: 60_000,
};

/** After a break: soon, but not all in the same moment. */
const RETRY_MS = { least: 1_000, more: 1_000 };
/** When this server goes: another one is there. */
const LEAVE_MS = { least: 100, more: 600 };

const drawn = ({ least, more }: typeof RETRY_MS): number => least + Math.random() * more;

/** The open streams of this process: bounded in number and time, kept awake, ended before the server closes. */
export class StreamHouse {
  readonly #limits: StreamLimits;
  readonly #streams = new Map<EventStream, string>();
  readonly #topics = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(app: FastifyInstance, limits: Partial<StreamLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    // A server closes only when its last answer has ended.
    app.addHook('preClose', async () => this.#leave());
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Answers with a stream. Nothing else may be sent on `reply` afterwards.
   * @param topic what it is about
   * @param onClose once, when the stream has ended
   * @throws {Problem} too_many_streams
   */
  open(reply: FastifyReply, topic: string, onClose: () => void): EventStream {
    const { perProcess, perTopic, heartbeatMs } = this.#limits;
    const ofTopic = this.#topics.get(topic) ?? 0;
    if (this.#streams.size >= perProcess || ofTopic >= perTopic) {
      throw new Problem('too_many_streams', 'as many streams are open as can be served', {
        headers: { 'retry-after': '5' },
      });
    }
    reply.hijack();
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, `${value}`]));
    const stream = new EventStream(reply.raw, headers, () => {
      this.#forget(stream, topic);
      onClose();
    });
    this.#streams.set(stream, topic);
    this.#topics.set(topic, ofTopic + 1);
    this.#timer ??= setInterval(() => this.#lookAfter(), heartbeatMs).unref();
    stream.hint(drawn(RETRY_MS));
    return stream;
  }

  #lookAfter(): void {
    const { lifetimeMs, heartbeatMs, stuckMs } = this.#limits;
    for (const stream of this.#streams.keys()) {
      if (stream.stuckMs > stuckMs) stream.abandon();
      else if (performance.now() - stream.openedAt > lifetimeMs) stream.leave(drawn(LEAVE_MS));
      else stream.beat(heartbeatMs);
    }
  }

  #leave(): void {
    for (const stream of this.#streams.keys()) {
      if (stream.stuckMs > 0) stream.abandon();
      else stream.leave(drawn(LEAVE_MS));
    }
  }

  #forget(stream: EventStream, topic: string): void {
    this.#streams.delete(stream);
    const left = this.#topics.get(topic)! - 1;
    if (left > 0) this.#topics.set(topic, left);
    else this.#topics.delete(topic);
    if (this.#streams.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
