import assert from 'node:assert/strict';
import type { DataOf, OrderEvent } from '../../lib/domain/event-types.ts';
import type { OrderPlacedData } from '../../lib/domain/order-events.ts';
import { type Effects, type Handled, noEffects } from '../../lib/process/effects.ts';
import { type ExternalOp, type OpKind, opKey } from '../../lib/process/external-op.ts';
import { type FollowUp, type FollowUpType, handleEvent } from '../../lib/process/handle-event.ts';
import type { OrderState, ReservationState } from '../../lib/process/order-state.ts';
import { placeOrder } from '../../lib/process/place-order.ts';
import type { RiskVerdict, World } from '../../lib/process/world.ts';
import { derivedId, eventFor } from './order-model/setting.ts';
import { type OrderSketch, placedEvent } from './orders.ts';

const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Product A lies in the east, B in the west. */
const PLACES: Record<string, { productId: number; warehouse: string }> = {
  A: { productId: 1, warehouse: 'east' },
  B: { productId: 2, warehouse: 'west' },
};

export interface StoryOptions extends Partial<OrderSketch> {
  payment?: OrderPlacedData['payment'];
  risk?: RiskVerdict['decision'];
  synthetic?: boolean;
}

/** One order, told event by event: what was said to whom is in `effects`, from the beginning. */
export class Story {
  readonly order: OrderState;
  readonly effects: Effects = noEffects();
  /** Units of each product that can be promised. */
  readonly available: Map<number, number>;
  now = START;
  #told = 0;

  constructor({ payment, risk = 'allow', synthetic = true, ...sketch }: StoryOptions = {}, available = 100) {
    this.available = new Map([1, 2].map((productId) => [productId, available]));
    const event = placedEvent({ key: 'story', ...sketch, data: { ...sketch.data, ...(payment && { payment }) } });
    const find = (sku: string) => {
      const place = PLACES[sku];
      return place && { productId: place.productId, currency: 'USD', price_minor: 1_000 };
    };
    const verdict = { decision: risk, score: 0, reasons: [], model: 'none' };
    this.order = placeOrder({ ...event, synthetic }, 1, find, this.#world, verdict, this.effects);
  }

  get #world(): World {
    return { now: this.now, carriers: ['swift', 'parcel'], stock: { reserve: (wanted) => this.#reserve(wanted) } };
  }

  #reserve(wanted: readonly { productId: number; quantity: number }[]): ReservationState[] | undefined {
    if (wanted.some(({ productId, quantity }) => this.available.get(productId)! < quantity)) return undefined;
    return wanted.map(({ productId, quantity }) => {
      this.available.set(productId, this.available.get(productId)! - quantity);
      const { warehouse } = Object.values(PLACES).find((place) => place.productId === productId)!;
      return { productId, warehouse, quantity, state: 'held' };
    });
  }

  passes(ms: number): this {
    this.now += ms;
    return this;
  }

  /** An event as it comes, whatever becomes of it. */
  hears<Type extends FollowUpType>(type: Type, data: Omit<DataOf<Type>, 'order_id'>): Handled {
    this.#told += 1;
    const full = { order_id: this.order.orderId, ...data } as unknown as DataOf<Type> & { order_id: string };
    const event: OrderEvent = eventFor(type, full, this.now, derivedId('told', this.#told));
    return handleEvent(this.order, event as FollowUp, this.#world, this.effects);
  }

  /** An event that is to be applied. */
  comes<Type extends FollowUpType>(type: Type, data: Omit<DataOf<Type>, 'order_id'>): this {
    const { verdict, detail } = this.hears(type, data);
    assert.equal(verdict, 'applied', `${type}: ${detail}`);
    return this;
  }

  /** Requests that nobody has answered, by kind. */
  waiting<Kind extends OpKind>(kind: Kind): ExternalOp<Kind>[] {
    return this.order.ops.filter((op) => op.kind === kind && op.state === 'waiting') as ExternalOp<Kind>[];
  }

  /** What a provider says of a request: the last one of its kind. */
  wordOn<Extra extends object>(kind: 'authorize' | 'capture' | 'void' | 'refund', extra: Extra = {} as Extra) {
    const op = this.order.ops.findLast((one) => one.kind === kind)! as ExternalOp<'capture'>;
    return {
      attempt: op.request.attempt,
      op_key: opKey(this.order.orderId, kind, op.no),
      provider: 'story',
      provider_ref: 'pay_1',
      amount_minor: op.request.amount_minor,
      currency: 'USD',
      ...extra,
    };
  }

  authorized(): this {
    return this.comes('oms.payment.authorized.v1', this.wordOn('authorize'));
  }

  captured(by: 'capture' | 'authorize' = 'capture'): this {
    return this.comes('oms.payment.captured.v1', this.wordOn(by));
  }

  declined(code: string, soft = false): this {
    return this.comes('oms.payment.declined.v1', this.wordOn('authorize', { code, soft }));
  }

  voided(): this {
    return this.comes('oms.payment.voided.v1', this.wordOn('void'));
  }

  refunded(): this {
    return this.comes('oms.payment.refunded.v1', this.wordOn('refund'));
  }

  /** The carrier makes every label that it was asked for. */
  labelled(): this {
    for (const op of this.waiting('label')) this.comes('oms.shipment.label_created.v1', this.labelOf(op));
    return this;
  }

  labelOf({ no, request }: ExternalOp<'label'>, tracking_no = `T${request.parcel_no}`) {
    return {
      parcel_no: request.parcel_no,
      carrier: request.carrier,
      op_key: opKey(this.order.orderId, 'label', no),
      tracking_no,
      cost_minor: 450,
      promised_at: new Date(this.now + 3 * DAY).toISOString(),
    };
  }

  labelRefused(): this {
    const [op] = this.waiting('label');
    const { parcel_no, carrier } = op!.request;
    const op_key = opKey(this.order.orderId, 'label', op!.no);
    return this.comes('oms.shipment.label_failed.v1', { parcel_no, carrier, op_key, code: 'unavailable' });
  }

  scan(parcelNo = 1) {
    const { carrier, trackingNo } = this.order.parcels[parcelNo - 1]!;
    const at = new Date(this.now).toISOString();
    return {
      parcel_no: parcelNo,
      carrier,
      tracking_no: trackingNo ?? 'none',
      carrier_event_id: `scan-${this.#told}`,
      at,
    };
  }

  scanned(what: 'picked_up' | 'in_transit' | 'delivered' | 'lost' | 'returned_to_sender', parcelNo = 1): this {
    return this.comes(`oms.shipment.${what}.v1`, this.scan(parcelNo));
  }

  /** From the placed card order to the customer's door. */
  delivered(): this {
    this.authorized().labelled().captured();
    for (const { parcelNo } of this.order.parcels) this.scanned('picked_up', parcelNo);
    for (const { parcelNo } of this.order.parcels) this.passes(DAY).scanned('delivered', parcelNo);
    assert.equal(this.order.status, 'delivered');
    return this;
  }

  /** The clock's word on the order as it is. */
  timedOut(): this {
    const { status: from, version, dueAt } = this.order;
    this.now = Math.max(this.now, dueAt ?? 0);
    return this.comes('oms.order.timed_out.v1', { from, version });
  }

  /** The statuses that it went through, with the reason where there is one. */
  get path(): string[] {
    return this.effects.steps.map(({ to, reason }) => (reason === null ? to : `${to}(${reason})`));
  }

  get told(): string[] {
    return this.effects.notifications.map(({ template }) => template);
  }

  get papers(): string[] {
    return this.effects.documents.map(({ kind, no }) => `${kind} ${no}`);
  }

  /** Units added to reserved and to on hand since the order was placed, over all its rows. */
  get stock(): { reserved: number; onHand: number } {
    const sum = { reserved: 0, onHand: 0 };
    for (const { reserved, onHand } of this.effects.stock) {
      sum.reserved += reserved;
      sum.onHand += onHand;
    }
    return sum;
  }

  /** What the provider holds for us by the ledger. */
  get kept(): number {
    return this.effects.ledger.reduce(
      (sum, { account, debit, credit }) => (account === 'provider' ? sum + debit - credit : sum),
      0,
    );
  }
}
