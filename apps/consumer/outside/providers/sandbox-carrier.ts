import { Compile } from 'typebox/compile';
import { LabelAnswer } from '../../../../lib/integration/sandbox-api.ts';
import type { ExternalOp } from '../../../../lib/process/external-op.ts';
import { toCode } from '../answer-event.ts';
import { HttpPeer, type PeerOptions } from '../http-peer.ts';
import { type Answer, type CarrierKind, type Outcome, OutcomeUnknownError, type Performer } from '../performer.ts';

const KINDS = ['label', 'void_label', 'pickup', 'return_label'] as const;
const labelAnswer = Compile(LabelAnswer);

function pathOf(carrier: string, op: ExternalOp<CarrierKind>): string {
  const base = `/carriers/${encodeURIComponent(carrier)}`;
  switch (op.kind) {
    case 'label':
      return `${base}/labels`;
    case 'return_label':
      return `${base}/returns`;
    case 'pickup':
      return `${base}/parcels/${encodeURIComponent(op.request.tracking_no)}/pickup`;
    case 'void_label':
      return `${base}/parcels/${encodeURIComponent(op.request.tracking_no)}/void`;
  }
}

const parcelOf = ({ request }: ExternalOp<'label'>, key: string) => ({
  order_id: request.order_id,
  parcel_no: request.parcel_no,
  carrier: request.carrier,
  op_key: key,
});

const labelFailed = (op: ExternalOp<'label'>, key: string, code: string): Answer => ({
  type: 'oms.shipment.label_failed.v1',
  data: { ...parcelOf(op, key), code },
});

/** @returns undefined for a label without what makes it one */
function toLabel(op: ExternalOp<'label'>, key: string, answer: LabelAnswer): Answer | undefined {
  if (answer.status === 'failed') return labelFailed(op, key, toCode(answer.code));
  const { tracking_no, cost_minor, promised_at, label_url } = answer;
  if (tracking_no === undefined || cost_minor === undefined || promised_at === undefined) return undefined;
  return {
    type: 'oms.shipment.label_created.v1',
    data: { ...parcelOf(op, key), tracking_no, cost_minor, promised_at, ...(label_url && { label_url }) },
  };
}

/** As much as is kept of an answer. */
const MAX_NOTE = 300;

/** Where the label for goods that come back can be fetched. */
function noteOf(answer: unknown): Outcome {
  const url = labelAnswer.Check(answer) ? answer.label_url : undefined;
  return url && url.length <= MAX_NOTE ? { note: url } : null;
}

/**
 * A carrier of the sandbox. What happens to a parcel on the road comes as webhooks; here it is only asked to make a
 * label, to fetch a parcel, or to forget one.
 */
export class SandboxCarrier implements Performer<CarrierKind> {
  readonly name: string;
  readonly kinds = KINDS;
  readonly #peer: HttpPeer;

  constructor(name: string, baseUrl: string, options: Partial<PeerOptions> = {}) {
    this.name = name;
    this.#peer = new HttpPeer(baseUrl, { name: `carrier ${name}`, ...options });
  }

  async perform(op: ExternalOp<CarrierKind>, key: string, signal: AbortSignal): Promise<Outcome> {
    const request = { method: 'POST', path: pathOf(this.name, op), key, body: JSON.stringify(op.request) } as const;
    const { status, body } = await this.#peer.request(request, signal);
    if (status >= 400) throw this.#unusable(op, status, body);
    if (op.kind === 'return_label') return noteOf(body);
    if (op.kind !== 'label') return null;
    const label = labelAnswer.Check(body) ? toLabel(op, key, body) : undefined;
    if (!label) throw this.#unusable(op, status, body);
    return label;
  }

  /** A parcel can go with another carrier; whatever else was asked of this one is asked again until it answers. */
  instead(op: ExternalOp<CarrierKind>, key: string): Answer | undefined {
    return op.kind === 'label' ? labelFailed(op, key, 'carrier_unavailable') : undefined;
  }

  close(): Promise<void> {
    return this.#peer.close();
  }

  #unusable(op: ExternalOp<CarrierKind>, status: number, body: unknown): OutcomeUnknownError {
    const excerpt = JSON.stringify(body).slice(0, 120);
    return new OutcomeUnknownError(`carrier ${this.name}'s answer to ${op.kind} is none: ${status} ${excerpt}`);
  }
}
