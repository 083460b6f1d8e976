import type { OrderEvent } from '../../../lib/domain/event-types.ts';
import type { OrderPlacedEvent } from '../../../lib/domain/order-events.ts';
import type { DocumentRequest, LedgerEntry, NotificationRequest, Step, Verdict } from '../../../lib/process/effects.ts';
import { type Effects, noEffects } from '../../../lib/process/effects.ts';
import type { ExternalOp } from '../../../lib/process/external-op.ts';
import type { FollowUp } from '../../../lib/process/handle-event.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { placeOrder } from '../../../lib/process/place-order.ts';
import type { FindProduct, RiskVerdict, World } from '../../../lib/process/world.ts';
import { isPlaced, type Setting } from './setting.ts';
import { type StockRow, Warehouse } from './warehouse.ts';

type Delivery = OrderEvent | OrderPlacedEvent;

/** An order as the database has it. */
export interface Stored {
  order: OrderState;
  steps: Step[];
  ledger: LedgerEntry[];
  notifications: NotificationRequest[];
  documents: DocumentRequest[];
  inbox: Map<string, Verdict>;
}

/** What a commit tells the others: the order as it is now, its new requests. */
export interface Committed {
  stored: Stored;
  newOps: ExternalOp[];
}

export interface Catalogue {
  find: FindProduct;
  assess(event: OrderPlacedEvent): RiskVerdict['decision'];
  carriers: readonly string[];
}

/** One partition and its consumer: batches in one transaction each, events delivered again after a crash. */
export class Shop {
  readonly orders = new Map<string, Stored>();
  readonly stock: Warehouse;
  readonly violations: string[] = [];
  deliveries = 0;
  readonly #setting: Setting;
  readonly #catalogue: Catalogue;
  readonly #log: Delivery[] = [];
  readonly #early = new Map<string, FollowUp[]>();
  readonly #onCommit: (committed: Committed) => void;
  #position = 0;
  #isAwake = false;

  constructor(setting: Setting, catalogue: Catalogue, stock: StockRow[], onCommit: (committed: Committed) => void) {
    this.#setting = setting;
    this.#catalogue = catalogue;
    this.#onCommit = onCommit;
    this.stock = new Warehouse(stock, setting.parts.hasEnough);
  }

  /** Events that nothing waits for any more, kept for orders that never came. */
  get waiting(): number {
    let count = 0;
    for (const events of this.#early.values()) count += events.length;
    return count;
  }

  append(event: Delivery): void {
    this.#log.push(event);
    this.#wake(5);
  }

  #wake(delay: number): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    const { clock } = this.#setting;
    clock.at(clock.now + delay, () => {
      this.#isAwake = false;
      this.#work();
    });
  }

  #work(): void {
    const { chance, faults } = this.#setting;
    const batch = this.#log.slice(this.#position, this.#position + chance.between(1, 8));
    if (batch.length === 0) return;
    const crashes = chance.happens(faults.crashBeforeCommit);
    if (crashes) this.#rolledBack(() => this.#apply(batch));
    else {
      const committed = this.#apply(batch);
      this.#position += batch.length;
      this.#checkStock();
      for (const one of committed) this.#onCommit(one);
    }
    if (this.#position < this.#log.length) this.#wake(crashes ? 1_000 : 5);
  }

  /** Does the work on copies and forgets them, as a transaction that is never committed. */
  #rolledBack(work: () => void): void {
    const kept = [new Map(this.orders), new Map(this.#early)] as const;
    const copies = structuredClone([this.orders, this.#early] as const);
    this.stock.begin();
    this.#replace(...copies);
    work();
    this.#replace(...kept);
    this.stock.rollback();
  }

  #replace(orders: Map<string, Stored>, early: Map<string, FollowUp[]>): void {
    this.orders.clear();
    this.#early.clear();
    for (const [id, stored] of orders) this.orders.set(id, stored);
    for (const [id, events] of early) this.#early.set(id, events);
  }

  #checkStock(): void {
    for (const { productId, warehouse, reserved, onHand } of this.stock.rows) {
      if (reserved >= 0 && reserved <= onHand) continue;
      this.violations.push(`S1 product ${productId} in ${warehouse}: ${reserved} reserved of ${onHand}`);
    }
  }

  #apply(batch: readonly Delivery[]): Committed[] {
    const touched = new Map<string, Committed>();
    for (const event of batch) {
      this.deliveries += 1;
      const { order_id } = event.data;
      const stored = isPlaced(event) ? this.#place(event, touched) : this.#follow(event as FollowUp, touched);
      if (stored) this.#drain(stored, touched);
      else if (!isPlaced(event) && !this.orders.has(order_id)) this.#park(event as FollowUp);
    }
    return [...touched.values()];
  }

  get #world(): World {
    return { now: this.#setting.clock.now, stock: this.stock, carriers: this.#catalogue.carriers };
  }

  #place(event: OrderPlacedEvent, touched: Map<string, Committed>): Stored | undefined {
    const { order_id } = event.data;
    if (this.orders.has(order_id)) return undefined;
    const effects = noEffects();
    const risk = { decision: this.#catalogue.assess(event), score: 0, reasons: [], model: 'none' };
    const order = placeOrder(event, this.orders.size + 1, this.#catalogue.find, this.#world, risk, effects);
    const stored: Stored = {
      order,
      steps: [],
      ledger: [],
      notifications: [],
      documents: [],
      inbox: new Map(),
    };
    this.orders.set(order_id, stored);
    this.#write(stored, effects, touched);
    return stored;
  }

  /** @returns the order when it has changed, so that what waits for that can be tried again */
  #follow(event: FollowUp, touched: Map<string, Committed>): Stored | undefined {
    const stored = this.orders.get(event.data.order_id);
    if (!stored) return undefined;
    if (this.#setting.faults.inbox && stored.inbox.has(event.id)) return undefined;
    const verdict = this.#handle(stored, event, touched);
    if (verdict === 'early') this.#park(event);
    else stored.inbox.set(event.id, verdict);
    return verdict === 'applied' ? stored : undefined;
  }

  #handle(stored: Stored, event: FollowUp, touched: Map<string, Committed>): Verdict {
    const { order } = stored;
    const before = isOver(order) ? JSON.stringify(fixed(order)) : undefined;
    const effects = noEffects();
    const { verdict } = this.#setting.parts.handle(order, event, this.#world, effects);
    if (before !== undefined && before !== JSON.stringify(fixed(order))) {
      this.violations.push(`P5 ${order.orderId}: ${event.type} changed an order that was over`);
    }
    this.#write(stored, effects, touched);
    return verdict;
  }

  #park(event: FollowUp): void {
    const parked = this.#early.get(event.data.order_id) ?? [];
    if (!parked.some(({ id }) => id === event.id)) parked.push(event);
    this.#early.set(event.data.order_id, parked);
  }

  /** What came too early is tried again, in its order, for as long as anything of it can be applied. */
  #drain(stored: Stored, touched: Map<string, Committed>): void {
    for (;;) {
      const parked = this.#early.get(stored.order.orderId);
      if (!parked) return;
      this.#early.delete(stored.order.orderId);
      let applied = false;
      for (const event of parked) if (this.#follow(event, touched)) applied = true;
      if (!applied) return;
    }
  }

  /** What the database would refuse to write. */
  #checkAmounts({ orderId, payments }: OrderState): void {
    for (const { authorized, captured, refundWanted, refunded } of payments) {
      if (authorized >= captured && captured >= refundWanted && refundWanted >= refunded) continue;
      this.violations.push(`M2 ${orderId}: ${authorized} >= ${captured} >= ${refundWanted} >= ${refunded}`);
    }
  }

  #write(stored: Stored, effects: Effects, touched: Map<string, Committed>): void {
    this.#checkAmounts(stored.order);
    for (const change of effects.stock) this.stock.apply(change);
    stored.steps.push(...effects.steps);
    stored.ledger.push(...effects.ledger);
    stored.notifications.push(...effects.notifications);
    stored.documents.push(...effects.documents);
    const { orderId } = stored.order;
    const committed = touched.get(orderId) ?? { stored, newOps: [] };
    committed.newOps.push(...effects.newOps);
    touched.set(orderId, committed);
  }
}

const isOver = ({ status }: OrderState): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'returned' || status === 'rejected';

/** What of an order that is over never changes. */
const fixed = ({ status, reason, version, statusSince, dueAt, total }: OrderState) => ({
  status,
  reason,
  version,
  statusSince,
  dueAt,
  total,
});
