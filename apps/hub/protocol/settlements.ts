import { encodeComposite } from '../amqp/composites.ts';
import type { AmqpError } from '../amqp/errors.ts';
import { Accepted, Disposition, encodeError, Rejected } from '../amqp/performatives.ts';
import type { Encode } from '../amqp/writer.ts';

/** Tells a client what became of its deliveries. Neighbours accepted in the same turn share a disposition. */
export class Settlements {
  readonly #send: (disposition: Encode) => void;
  readonly #schedule: () => void;
  #accepted: { first: number; last: number } | null = null;
  #closed = false;

  /** @param schedule makes sure that `flush` is called at the end of the turn */
  constructor(send: (disposition: Encode) => void, schedule: () => void) {
    this.#send = send;
    this.#schedule = schedule;
  }

  accept(deliveryId: number): void {
    if (this.#closed) return;
    // A range never crosses the wrap of the ids: clients count from its first to its last.
    if (this.#accepted !== null && deliveryId === this.#accepted.last + 1) {
      this.#accepted.last = deliveryId;
      return;
    }
    this.flush();
    this.#accepted = { first: deliveryId, last: deliveryId };
    this.#schedule();
  }

  reject(deliveryId: number, error: AmqpError): void {
    if (this.#closed) return;
    this.flush();
    const state = encodeComposite(Rejected, { error: encodeError(error.condition, error.message) });
    this.#dispose(deliveryId, deliveryId, state);
  }

  flush(): void {
    if (this.#accepted === null) return;
    const { first, last } = this.#accepted;
    this.#accepted = null;
    this.#dispose(first, last, encodeComposite(Accepted, {}));
  }

  /** The session is gone; nothing can be told any more. */
  close(): void {
    this.#closed = true;
    this.#accepted = null;
  }

  #dispose(first: number, last: number, state: Encode): void {
    this.#send(encodeComposite(Disposition, { role: true, first, last, settled: true, state, batchable: false }));
  }
}
