import { Compile } from 'typebox/compile';
import { PaymentAnswer } from '../../../../lib/integration/sandbox-api.ts';
import type { ExternalOp, OpRequest } from '../../../../lib/process/external-op.ts';
import { toCode } from '../answer-event.ts';
import { HttpPeer, type PeerOptions } from '../http-peer.ts';
import {
  type Answer,
  type Outcome,
  OutcomeUnknownError,
  type PaymentKind,
  PENDING,
  type Performer,
} from '../performer.ts';

const NAME = 'sandbox';
const KINDS = ['authorize', 'capture', 'void', 'refund'] as const;
const paymentAnswer = Compile(PaymentAnswer);

type Status = PaymentAnswer['status'];

/** What can be answered to what; anything else is no answer. */
const FITTING: Record<PaymentKind, readonly Status[]> = {
  authorize: ['authorized', 'captured', 'declined', 'requires_action', 'pending', 'voided'],
  capture: ['captured', 'capture_failed'],
  void: ['voided', 'captured', 'declined', 'pending'],
  refund: ['refunded', 'pending'],
};

const pathOf = (op: ExternalOp<PaymentKind>): string =>
  op.kind === 'authorize'
    ? '/psp/payments'
    : `/psp/payments/${encodeURIComponent(op.request.authorize_key)}/${op.kind}`;

function toOutcome(request: OpRequest<PaymentKind>, key: string, answer: PaymentAnswer): Outcome {
  const reported = {
    order_id: request.order_id,
    attempt: request.attempt,
    op_key: key,
    provider: NAME,
    provider_ref: answer.provider_ref,
    amount_minor: answer.amount_minor,
    currency: request.currency,
  };
  const code = toCode(answer.code);
  const answers: Record<Status, () => Answer | typeof PENDING> = {
    authorized: () => ({ type: 'oms.payment.authorized.v1', data: reported }),
    captured: () => ({ type: 'oms.payment.captured.v1', data: reported }),
    voided: () => ({ type: 'oms.payment.voided.v1', data: reported }),
    refunded: () => ({ type: 'oms.payment.refunded.v1', data: reported }),
    requires_action: () => ({ type: 'oms.payment.action_required.v1', data: reported }),
    declined: () => ({ type: 'oms.payment.declined.v1', data: { ...reported, code, soft: answer.soft ?? false } }),
    capture_failed: () => ({ type: 'oms.payment.capture_failed.v1', data: { ...reported, code } }),
    pending: () => PENDING,
  };
  return answers[answer.status]();
}

/** The payment provider of the sandbox: lib/integration/sandbox-api.ts over HTTP. */
export class SandboxPayments implements Performer<PaymentKind> {
  readonly name = NAME;
  readonly kinds = KINDS;
  readonly #peer: HttpPeer;

  constructor(baseUrl: string, options: Partial<PeerOptions> = {}) {
    this.#peer = new HttpPeer(baseUrl, { name: 'the payment provider', ...options });
  }

  async perform(op: ExternalOp<PaymentKind>, key: string, signal: AbortSignal): Promise<Outcome> {
    const request = { method: 'POST', path: pathOf(op), key, body: JSON.stringify(op.request) } as const;
    const { status, body } = await this.#peer.request(request, signal);
    if (status >= 400 || !paymentAnswer.Check(body) || !FITTING[op.kind].includes(body.status)) {
      throw new OutcomeUnknownError(`the payment provider's answer to ${op.kind} is none: ${status} ${excerpt(body)}`);
    }
    return toOutcome(op.request, key, body);
  }

  close(): Promise<void> {
    return this.#peer.close();
  }
}

/** Enough of an unusable answer for whoever looks into it. */
const excerpt = (body: unknown): string => JSON.stringify(body).slice(0, 120);
