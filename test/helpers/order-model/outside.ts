import type { DataOf, OrderEventType } from '../../../lib/domain/event-types.ts';
import { answerEventId } from '../../../lib/domain/ids.ts';
import { type ExternalOp, type OpRequest, opKey } from '../../../lib/process/external-op.ts';
import { Carriers } from './carrier.ts';
import { type PaymentKind, Provider } from './provider.ts';
import { type RoadOptions, returnGoods, travel } from './road.ts';
import { derivedId, eventFor, type Setting, scaleOf } from './setting.ts';

const SECOND = 1_000;
/** Waits before a request whose outcome is unknown is sent again; the last one is repeated. */
const LADDER = [SECOND, 5 * SECOND, 30 * SECOND, 300 * SECOND];

type Answer = { [Type in OrderEventType]: { type: Type; data: DataOf<Type> } }[OrderEventType];

/** The worker that asks providers and carriers, and those themselves with what they report later. */
export class Outside {
  readonly provider = new Provider();
  readonly carriers = new Carriers();
  readonly violations: string[] = [];
  /** Units that came back into our warehouses, by order, as those who unpacked them counted. */
  readonly unpacked = new Map<string, number>();
  readonly #setting: Setting;
  readonly #isWaiting: (orderId: string, op: ExternalOp) => boolean;
  readonly #markDone: (orderId: string, op: ExternalOp) => void;
  readonly #road: RoadOptions;

  constructor(
    setting: Setting,
    isWaiting: (orderId: string, op: ExternalOp) => boolean,
    markDone: (orderId: string, op: ExternalOp) => void,
  ) {
    this.#setting = setting;
    this.#isWaiting = isWaiting;
    this.#markDone = markDone;
    this.#road = { setting, unpacked: this.unpacked };
  }

  /** Takes a request over after its commit; one that is lost in a crash is found again by the poll. */
  take(op: ExternalOp): void {
    const { clock, chance, faults } = this.#setting;
    const latency = chance.happens(faults.crashAfterCommit) ? 60 * SECOND : chance.between(5, 200);
    clock.at(Math.max(op.dueAt, clock.now) + latency, () => this.#send(op, 1));
  }

  #send(op: ExternalOp, sending: number): void {
    const { clock, chance, faults } = this.#setting;
    const orderId = op.request.order_id;
    if (!this.#isWaiting(orderId, op)) return;
    const again = () => {
      const wait = LADDER[Math.min(sending, LADDER.length) - 1]!;
      clock.at(clock.now + wait, () => this.#send(op, sending + 1));
    };
    // Answered or not, a request is sent again until its answer has come back through the partition.
    again();
    if (chance.happens(faults.timeoutBefore)) return;
    const answer = this.#perform(op, opKey(orderId, op.kind, op.no), sending);
    if (chance.happens(faults.timeoutAfterExecution)) return;
    if (answer === 'done') this.#markDone(orderId, op);
    else if (answer) this.#report(opKey(orderId, op.kind, op.no), answer);
  }

  #report(key: string, { type, data }: Answer): void {
    const { clock, chance, faults, publish } = this.#setting;
    const delay = chance.happens(faults.lateAnswer) ? chance.span(SECOND, 3_600 * SECOND) : chance.between(1, 50);
    publish(eventFor(type, data, clock.now, answerEventId(key, type)), delay);
  }

  #perform(op: ExternalOp, key: string, sending: number): Answer | 'done' | undefined {
    if (op.kind === 'label') return this.#label(key, op.request);
    if (op.kind === 'pickup') return this.#pickUp(op.request);
    if (op.kind === 'void_label') {
      this.carriers.giveBack(op.request.tracking_no);
      return 'done';
    }
    if (op.kind === 'return_label') {
      returnGoods(this.#road, op.request, key);
      return 'done';
    }
    return this.#pay(op.kind, op.request, key, sending);
  }

  #pay(kind: PaymentKind, request: OpRequest<'authorize'> | OpRequest<'capture'>, key: string, sending: number) {
    const sent = this.#setting.parts.keyOf(key, sending);
    const said = this.provider.perform(kind, sent, request);
    if (said.status === 'pending') {
      this.#askCustomer(request as OpRequest<'authorize'>, sent);
      return undefined;
    }
    if (said.status === 'captured') this.#maybeChargeBack(request, sent);
    return this.#answer(request, key, said);
  }

  #answer(
    request: { order_id: string; attempt: number; currency: string },
    key: string | undefined,
    said: ReturnType<Provider['perform']>,
  ): Answer {
    const data = {
      order_id: request.order_id,
      attempt: request.attempt,
      ...(key !== undefined && { op_key: key }),
      provider: 'model',
      provider_ref: `pay_${request.attempt}`,
      amount_minor: said.amount,
      currency: request.currency,
      ...(said.code !== undefined && { code: said.code }),
      ...(said.soft !== undefined && { soft: said.soft }),
    };
    return { type: `oms.payment.${said.status}.v1`, data } as Answer;
  }

  /** A collect request: the customer answers within minutes, or never. */
  #askCustomer(request: OpRequest<'authorize'>, key: string): void {
    const { clock, chance } = this.#setting;
    if (chance.happens(0.2)) return;
    const accepts = chance.happens(0.85);
    const isNamed = chance.happens(0.5);
    clock.at(clock.now + chance.span(SECOND, 1_200 * SECOND) / scaleOf(request), () => {
      const said = this.provider.collected(key, accepts);
      if (!said) return;
      if (said.status === 'captured') this.#maybeChargeBack(request, key);
      const { type, data } = this.#answer(request, isNamed ? key : undefined, said);
      const id = isNamed ? answerEventId(key, type) : derivedId('collect', key);
      this.#setting.publish(eventFor(type, data, clock.now, id), chance.between(1, 500));
    });
  }

  #maybeChargeBack(request: OpRequest<'authorize'> | OpRequest<'capture'>, key: string): void {
    const { clock, chance, publish } = this.#setting;
    const { order_id, attempt, currency } = request;
    if (!chance.happens(0.03)) return;
    const authorizeKey = 'authorize_key' in request ? request.authorize_key : key;
    const id = derivedId('chargeback', authorizeKey);
    clock.at(clock.now + chance.span(SECOND, 40 * 86_400 * SECOND) / scaleOf(request), () => {
      const amount = this.provider.chargeBack(authorizeKey, id);
      if (amount === undefined) return;
      const said = { status: 'captured', amount } as const;
      const { data } = this.#answer({ order_id, attempt, currency }, undefined, said);
      publish(eventFor('oms.payment.charged_back.v1', data as never, clock.now, id), chance.between(1, 500));
    });
  }

  #label(key: string, request: OpRequest<'label'>): Answer {
    const { clock, chance, faults } = this.#setting;
    const parcel = { order_id: request.order_id, parcel_no: request.parcel_no, carrier: request.carrier, op_key: key };
    const made = this.carriers.label(key, request, chance.happens(faults.labelRefused));
    if (!made) return { type: 'oms.shipment.label_failed.v1', data: { ...parcel, code: 'unavailable' } };
    const promised_at = new Date(clock.now + 3 * 86_400 * SECOND).toISOString();
    const data = { ...parcel, tracking_no: made.trackingNo, cost_minor: 450, promised_at };
    return { type: 'oms.shipment.label_created.v1', data };
  }

  #pickUp(request: OpRequest<'pickup'>): 'done' {
    if (!this.carriers.pickUp(request.tracking_no)) return 'done';
    const units = this.provider.capturedFor(request.order_id);
    if (units === 0) this.violations.push(`M7 ${request.order_id}: handed to a carrier before it was paid for`);
    travel(this.#road, request);
    return 'done';
  }
}
