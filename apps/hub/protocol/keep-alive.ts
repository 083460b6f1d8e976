import { AmqpError, Condition } from '../amqp/errors.ts';

/** What the client is told. One that is silent for twice as long is taken for dead. */
export const IDLE_TIME_OUT_MS = 60_000;
/** The hub is never silent for longer than this, whatever the client allows. */
const MAX_SILENCE_MS = 30_000;
/** A connection that is not open by then is closed. */
const OPEN_WITHIN_MS = 30_000;

/** Whether the client of a connection is still there, and whether it has to be told that the hub is (part 2.4.5). */
export class KeepAlive {
  readonly #startedMs: number;
  #lastReadMs: number;
  #lastWriteMs: number;
  #silenceMs = MAX_SILENCE_MS;
  #open = false;

  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#lastReadMs = nowMs;
    this.#lastWriteMs = nowMs;
  }

  read(nowMs: number): void {
    this.#lastReadMs = nowMs;
  }

  wrote(nowMs: number): void {
    this.#lastWriteMs = nowMs;
  }

  /** @param idleTimeOutMs the longest silence the client takes; half of it is kept, as the specification advises */
  opened(idleTimeOutMs: number | null): void {
    this.#open = true;
    if (idleTimeOutMs) this.#silenceMs = Math.min(MAX_SILENCE_MS, Math.floor(idleTimeOutMs / 2));
  }

  heartbeatDue(nowMs: number): boolean {
    return nowMs - this.#lastWriteMs >= this.#silenceMs;
  }

  /** Why the connection has to be closed; null while it may go on. */
  dead(nowMs: number): AmqpError | null {
    if (!this.#open && nowMs - this.#startedMs > OPEN_WITHIN_MS) {
      return new AmqpError(Condition.connectionForced, `not opened within ${OPEN_WITHIN_MS} ms`);
    }
    if (nowMs - this.#lastReadMs <= 2 * IDLE_TIME_OUT_MS) return null;
    return new AmqpError(Condition.resourceLimit, `nothing was received for ${2 * IDLE_TIME_OUT_MS} ms`);
  }
}
