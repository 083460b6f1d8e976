import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import type { ExternalOp, OpKind } from '../../../lib/process/external-op.ts';

/** A provider's answer in our own words: type and data of the event that reports it. */
export type Answer = { [Type in OrderEventType]: { type: Type; data: DataOf<Type> } }[OrderEventType];

/** It was taken, and the answer comes later: as a webhook, or when the same request is sent again. */
export const PENDING = Symbol('pending');

/**
 * Nobody knows whether it was done: no answer, an answer that is none, a redirect, a server error. The same request
 * with the same key is sent again until somebody does.
 */
export class OutcomeUnknownError extends Error {
  override readonly name: string = 'OutcomeUnknownError';
}

/** An unknown outcome because nobody answers as they should: several in a row, and calling stops for a while. */
export class UnavailableError extends OutcomeUnknownError {
  override readonly name = 'UnavailableError';
  /** Certain that nothing was done: the request never left, or was turned away at the door. */
  readonly untouched: boolean;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(message: string, details: { untouched?: boolean; status?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.untouched = details.untouched ?? false;
    this.status = details.status;
  }
}

/** Done, and no event reports it; what was answered is kept with the request: the address of a return label. */
export interface Noted {
  note: string;
}

/** What became of a request; `null`: done, and nothing to report. */
export type Outcome = Answer | Noted | typeof PENDING | null;

/** A payment provider or a carrier. An adapter is one file that does the requests of its kinds. */
export interface Performer<Kind extends OpKind = OpKind> {
  /** Its name in events: provider or carrier. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  /**
   * Does a request, or finds out what became of it when it was sent before under the same key.
   * A refusal (declined, capture_failed, label_failed) is an answer, not an error.
   * @throws {OutcomeUnknownError}
   */
  perform(op: ExternalOp<Kind>, key: string, signal: AbortSignal): Promise<Outcome>;
  /**
   * The answer in place of one that does not come, for requests that somebody else can be asked instead: a label.
   * Whoever has no such answer waits for the real one.
   */
  instead?(op: ExternalOp<Kind>, key: string): Answer | undefined;
  close(): Promise<void>;
}

export type PaymentKind = 'authorize' | 'capture' | 'void' | 'refund';
export type CarrierKind = 'label' | 'void_label' | 'pickup' | 'return_label';
