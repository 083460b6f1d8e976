import { isAboutStock, type OrderEvent, type StockEvent } from '../../lib/domain/event-types.ts';
import { ORDER_PLACED, type OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import { nextOrderSequence } from '../../lib/domain/order-sequence.ts';
import { noEffects, type Verdict } from '../../lib/process/effects.ts';
import { type FollowUp, handleEvent } from '../../lib/process/handle-event.ts';
import { placeOrder } from '../../lib/process/place-order.ts';
import { momentAfter } from '../../lib/process/timers.ts';
import type { FindProduct, World } from '../../lib/process/world.ts';
import { assessRisk } from '../../lib/risk/assess.ts';
import type { RiskModel } from '../../lib/risk/model.ts';
import { Backlog, type ParkReason } from './backlog.ts';
import type { PartitionKey } from './batch.ts';
import type { DeadLetter, DeadLetterReason, Decoded, ParkedKey, Sourced } from './decode.ts';
import type { Known, StoredOrder } from './known.ts';
import { type OrderWork, placedWork, record, storedWork } from './order-work.ts';
import { BatchStock } from './stock-desk.ts';
import { StockBooks } from './stock-events.ts';

/** How long an event that came too early may wait for what has to come first: a fast clock makes no hub and no answer faster. */
const EARLY = { after: 24 * 3_600_000, atLeast: 60_000 };

/** An event that its order's machines stumbled over; the event is told apart from those it shares a batch with. */
export class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure';
  readonly source: Sourced<OrderEvent>;

  constructor(source: Sourced<OrderEvent>, cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause });
    this.source = source;
  }
}

export function toDeadLetter(
  source: Sourced<OrderEvent | StockEvent>,
  reason: DeadLetterReason,
  detail: string,
): DeadLetter {
  const { event, ...origin } = source;
  return {
    ...origin,
    reason,
    detail,
    eventId: event.id,
    eventType: event.type,
    orderId: isAboutStock(event) ? null : event.data.order_id,
  };
}

/** What a batch is decided with. */
export interface PlanOptions {
  key: PartitionKey;
  known: Known;
  find: FindProduct;
  /** Carriers by preference. */
  carriers: readonly string[];
  riskModel: RiskModel;
  now: number;
  /** How many events are applied at most, those that waited included; to find the one that the tables refuse. */
  limit: number;
}

/**
 * Decides a batch: applies its events, in their order, to the orders as they were read. Nothing is written here; what
 * has to be is kept until the batch is written as a whole.
 */
export class BatchPlan {
  readonly works = new Map<string, OrderWork>();
  readonly dead: DeadLetter[] = [];
  readonly stock: BatchStock;
  readonly books: StockBooks;
  readonly backlog: Backlog;
  readonly now: number;
  /** Events that may have changed something. */
  readonly applied: Sourced<OrderEvent>[] = [];
  /** Whether the limit was reached: what the batch has left undone is done by taking it again. */
  pending = false;
  /** Orders that came again. */
  repeated = 0;
  lastOrderSeq: number;
  readonly verdicts = new Map<Verdict, number>();
  readonly #key: PartitionKey;
  readonly #known: Known;
  readonly #find: FindProduct;
  readonly #world: World;
  readonly #limit: number;
  readonly #riskModel: RiskModel;

  constructor({ key, known, find, carriers, riskModel, now, limit }: PlanOptions) {
    this.#riskModel = riskModel;
    this.#limit = limit;
    this.#key = key;
    this.#known = known;
    this.#find = find;
    this.now = now;
    this.stock = new BatchStock(known.stock);
    this.books = new StockBooks(this.stock, find, known.seen.get(0) ?? new Set());
    this.backlog = new Backlog(known);
    this.lastOrderSeq = known.position.lastOrderSeq;
    this.#world = { now, stock: this.stock, carriers };
  }

  /** @throws {HandlerFailure} naming the event to be taken out of the batch */
  take(item: Decoded): void {
    if ('dead' in item) this.dead.push(item.dead);
    else if ('stock' in item) {
      this.backlog.resolve(item.stock.retryOf, null);
      this.books.take(item.stock);
    } else if ('order' in item) this.#takeOrderEvent(item.order);
  }

  #takeOrderEvent(source: Sourced<OrderEvent>): void {
    const orderId = source.event.data.order_id;
    const resent = this.backlog.resolve(source.retryOf, orderId) !== undefined;
    if (!resent) this.#release(orderId);
    // A copy has said all it has to say: the event itself is, or was, where it was parked.
    if (this.pending || source.releaseOf !== undefined) return;
    if (!resent && this.#keepBack(source)) return;
    this.#apply(source);
    if (resent) this.#release(orderId);
  }

  /** Whether the event has to wait, or waits already. */
  #keepBack(source: Sourced<OrderEvent>): boolean {
    // Who says it again because nothing was heard, as the clock and providers do, makes the backlog no longer.
    if (this.backlog.holds(source)) {
      this.#count('duplicate');
      return true;
    }
    if (!this.backlog.isBlocked(source.event.data.order_id)) return false;
    this.#park(source, 'blocked', 'an earlier event of the order could not be handled', null);
    return true;
  }

  /** What is no longer held back goes first. */
  #release(orderId: string): void {
    for (let next = this.backlog.nextReleased(orderId); next; next = this.backlog.nextReleased(orderId)) {
      if (this.#isFull()) return;
      this.#apply({ ...next.source, parked: next.key });
    }
  }

  #isFull(): boolean {
    this.pending ||= this.applied.length >= this.#limit;
    return this.pending;
  }

  #apply(source: Sourced<OrderEvent>): void {
    const { event } = source;
    if (event.type === ORDER_PLACED) this.#place(source, event as OrderPlacedEvent);
    else this.#follow(source, event as FollowUp);
  }

  #place(source: Sourced<OrderEvent>, event: OrderPlacedEvent): void {
    const { order_id, request_hash } = event.data;
    if (source.parked) this.backlog.unpark(order_id, source.parked);
    const before = this.#known.stored.get(order_id);
    if (before) {
      this.#takeAgain(source, before);
      const work = this.#workOf(order_id);
      if (work) this.#retryEarly(order_id, work);
      return;
    }
    this.applied.push(source);
    const seq = nextOrderSequence(this.#key.partitionId, this.now, this.lastOrderSeq);
    const risk = assessRisk(event.data, this.#known.velocity.next(event.data), this.#riskModel);
    const effects = noEffects();
    const order = this.#guarded(source, () => placeOrder(event, seq, this.#find, this.#world, risk, effects));
    this.lastOrderSeq = seq;
    this.#known.stored.set(order_id, { seq, requestHash: request_hash });
    const work = placedWork(order, event, risk, effects);
    this.works.set(order_id, work);
    this.#bookStock(work, 0);
    this.#retryEarly(order_id, work);
  }

  #takeAgain(source: Sourced<OrderEvent>, before: StoredOrder): void {
    const { data } = source.event as OrderPlacedEvent;
    if (before.requestHash === data.request_hash) this.repeated += 1;
    else {
      const detail = `order ${data.order_id} was placed before with another content under the same Idempotency-Key`;
      this.dead.push(toDeadLetter(source, 'idempotency_conflict', detail));
    }
  }

  #follow(source: Sourced<OrderEvent>, event: FollowUp): void {
    const orderId = event.data.order_id;
    const work = this.#workOf(orderId);
    if (!work) this.#park(source, 'early', 'the order is not known yet', this.now + EARLY.after);
    else {
      const verdict = this.#applyTo(work, source, event);
      if (verdict === 'applied' || verdict === 'duplicate') this.#retryEarly(orderId, work);
    }
  }

  #applyTo(work: OrderWork, source: Sourced<OrderEvent>, event: FollowUp): Verdict {
    const orderId = work.order.orderId;
    if (work.seen.has(event.id)) {
      if (source.parked) this.backlog.unpark(orderId, source.parked);
      this.#count('duplicate');
      return 'duplicate';
    }
    this.applied.push(source);
    const booked = work.effects.stock.length;
    const { verdict, detail } = this.#guarded(source, () => handleEvent(work.order, event, this.#world, work.effects));
    if (verdict === 'early') {
      this.applied.pop();
      this.#park(source, 'early', detail, momentAfter(work.order, EARLY, this.now));
      return verdict;
    }
    record(work, event, verdict, detail);
    this.#count(verdict);
    this.#bookStock(work, booked);
    if (source.parked) this.backlog.unpark(orderId, source.parked);
    return verdict;
  }

  /** Each event that was applied may be what an earlier one waited for. */
  #retryEarly(orderId: string, work: OrderWork): void {
    for (let applied = true; applied; ) {
      applied = false;
      for (const { source, key } of this.backlog.early(orderId)) {
        if (this.#isFull()) return;
        const verdict = this.#applyTo(work, { ...source, parked: key }, source.event as FollowUp);
        applied ||= verdict === 'applied';
      }
    }
  }

  #workOf(orderId: string): OrderWork | undefined {
    const known = this.works.get(orderId);
    if (known) return known;
    const order = this.#known.states.get(orderId);
    if (!order) return undefined;
    const work = storedWork(order, this.#known.seen.get(order.seq) ?? new Set());
    this.works.set(orderId, work);
    return work;
  }

  #park(source: Sourced<OrderEvent>, reason: ParkReason, detail: string | null, expiresAt: number | null): void {
    const key: ParkedKey = source.parked ?? {
      hubCreatedAt: this.#key.hubCreatedAt.getTime(),
      partitionId: this.#key.partitionId,
      sequenceNumber: source.delivery.sequenceNumber,
    };
    this.backlog.park(source, key, { reason, detail, expiresAt });
    this.#count('early');
  }

  #bookStock({ effects }: OrderWork, from: number): void {
    for (const change of effects.stock.slice(from)) this.stock.book(change);
  }

  #guarded<Result>(source: Sourced<OrderEvent>, work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw new HandlerFailure(source, error);
    }
  }

  #count(verdict: Verdict): void {
    this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? 0) + 1);
  }
}
