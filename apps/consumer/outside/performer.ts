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
  override readonly name = 'OutcomeUnknownError';
}

/** A payment provider or a carrier. An adapter is one file that does the requests of its kinds. */
export interface Performer<Kind extends OpKind = OpKind> {
  /** Its name in events: provider or carrier. */
  readonly name: string;
  readonly kinds: readonly Kind[];
  /**
   * Does a request, or finds out what became of it when it was sent before under the same key.
   * A refusal (declined, capture_failed, label_failed) is an answer, not an error. `null`: done, and nothing to report.
   * @throws {OutcomeUnknownError}
   */
  perform(op: ExternalOp<Kind>, key: string, signal: AbortSignal): Promise<Answer | typeof PENDING | null>;
  close(): Promise<void>;
}

export type PaymentKind = 'authorize' | 'capture' | 'void' | 'refund';
export type CarrierKind = 'label' | 'void_label' | 'pickup' | 'return_label';
