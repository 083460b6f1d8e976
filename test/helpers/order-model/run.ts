import type { OrderEvent } from '../../../lib/domain/event-types.ts';
import { timerEventId } from '../../../lib/domain/ids.ts';
import type { OrderPlacedEvent } from '../../../lib/domain/order-events.ts';
import type { ExternalOp } from '../../../lib/process/external-op.ts';
import { handleEvent } from '../../../lib/process/handle-event.ts';
import type { OrderState } from '../../../lib/process/order-state.ts';
import { Chance } from './chance.ts';
import { Clock } from './clock.ts';
import { violationsOf } from './invariants.ts';
import { Outside } from './outside.ts';
import { People, PRICE_MINOR } from './people.ts';
import { derivedId, eventFor, type Faults, type Parts, type Setting } from './setting.ts';
import { type Committed, Shop } from './shop.ts';
import type { StockRow } from './warehouse.ts';

const START = Date.UTC(2026, 0, 1);
/** Longer than any chain of waiting times of an order. */
const UNTIL = START + 400 * 86_400_000;

/** Many times what a schedule takes that comes to its end. */
const MOST_STEPS = 3_000;

const REAL_PARTS: Parts = {
  handle: handleEvent,
  hasEnough: (available, wanted) => available >= wanted,
  keyOf: (key) => key,
};

const SKUS = ['A', 'B', 'C'];

function drawFaults(chance: Chance): Faults {
  const share = (most: number) => (chance.happens(0.3) ? 0 : chance.next() * most);
  return {
    inbox: chance.happens(0.5),
    duplicateSameId: share(0.2),
    duplicateNewId: share(0.1),
    crashBeforeCommit: share(0.15),
    crashAfterCommit: share(0.2),
    timeoutAfterExecution: share(0.3),
    timeoutBefore: share(0.3),
    lateAnswer: share(0.2),
    labelRefused: share(0.6),
  };
}

function drawStock(chance: Chance): StockRow[] {
  return SKUS.flatMap((_, index) =>
    ['east', 'west'].map((warehouse) => {
      const initial = chance.between(0, 14);
      return { productId: index + 1, warehouse, initial, onHand: initial, reserved: 0, sold: 0, restocked: 0 };
    }),
  );
}

/** Delivers late, twice, or twice under another id, and keeps the first delivery whatever happens to the others. */
function publisher({ clock, chance, faults }: Omit<Setting, 'publish'>, append: (event: never) => void) {
  let copies = 0;
  return (event: OrderEvent | OrderPlacedEvent, delay: number): void => {
    clock.at(clock.now + delay, () => append(event as never));
    const later = () => clock.now + delay + chance.span(1, 86_400_000);
    if (chance.happens(faults.duplicateSameId)) clock.at(later(), () => append(event as never));
    if (chance.happens(faults.duplicateNewId)) {
      copies += 1;
      const copy = { ...event, id: derivedId('copy', event.id, copies) };
      if (isRepeatable(event.type)) clock.at(later(), () => append(copy as never));
    }
  };
}

/** Under a new id these would be a second request, not a copy: the caller's key is what makes their ids. */
const isRepeatable = (type: string): boolean => type !== 'oms.refund.requested.v1';

/** Sends the clock's word when an order or a return has waited as long as it may, as the database then has it. */
function watchTimers({ clock, publish }: Setting) {
  const watched = new Set<string>();
  const watch = (dueAt: number | null, id: string, isDue: () => boolean, tell: () => OrderEvent) => {
    if (dueAt === null || watched.has(id)) return;
    watched.add(id);
    clock.at(dueAt + 500, () => isDue() && publish(tell(), 10));
  };
  return (order: OrderState): void => {
    const { orderId: order_id, status: from, version, dueAt } = order;
    const type = from === 'delivered' ? 'oms.return_window.closed.v1' : 'oms.order.timed_out.v1';
    const id = timerEventId(type, order_id, version, dueAt ?? 0);
    const isStill = () => order.dueAt === dueAt && order.version === version;
    watch(dueAt, id, isStill, () => eventFor(type, { order_id, from, version }, clock.now, id));
    for (const one of order.returns) {
      const { returnId: return_id, dueAt: returnDueAt } = one;
      const returnTimer = timerEventId('oms.return.timed_out.v1', return_id, 1, returnDueAt ?? 0);
      const tell = () => eventFor('oms.return.timed_out.v1', { order_id, return_id }, clock.now, returnTimer);
      watch(returnDueAt, returnTimer, () => one.dueAt === returnDueAt, tell);
    }
  };
}

export interface Outcome {
  violations: string[];
  /** How the orders ended. */
  ends: Record<string, number>;
  deliveries: number;
}

/**
 * One schedule: a few orders, everything that can go wrong with them, and time until all of them are over.
 * @param seed decides everything
 * @param planted parts in place of the real ones
 */
export function runSchedule(seed: number, orders: number, planted: Partial<Parts> = {}): Outcome {
  const chance = new Chance(seed);
  const clock = new Clock(START);
  const base = { clock, chance, faults: drawFaults(chance), parts: { ...REAL_PARTS, ...planted } };
  const setting: Setting = { ...base, publish: publisher(base, (event) => shop.append(event)) };

  const find = (sku: string) =>
    SKUS.includes(sku) ? { productId: SKUS.indexOf(sku) + 1, currency: 'USD', price_minor: PRICE_MINOR } : undefined;
  const decisions = new Map<string, 'allow' | 'review' | 'block'>();
  const assess = (event: OrderPlacedEvent) => decisions.get(event.data.order_id) ?? 'allow';
  const opOf = (orderId: string, { kind, no }: ExternalOp) =>
    shop.orders.get(orderId)?.order.ops.find((op) => op.kind === kind && op.no === no);
  const people = new People(setting);
  const outside = new Outside(
    setting,
    (orderId, op) => opOf(orderId, op)?.state === 'waiting',
    (orderId, op) => {
      const stored = opOf(orderId, op);
      if (stored) stored.state = 'done';
    },
  );
  const watch = watchTimers(setting);
  const onCommit = ({ stored: { order }, newOps }: Committed) => {
    for (const op of newOps) outside.take(op);
    watch(order);
    people.react(order);
  };
  const shop = new Shop(setting, { find, assess, carriers: ['swift', 'parcel'] }, drawStock(chance), onCommit);

  for (let no = 1; no <= orders; no += 1) {
    const event = people.placeOrder(`k-${no}`, SKUS);
    decisions.set(event.data.order_id, chance.pick(['allow', 'allow', 'allow', 'allow', 'review', 'block']));
    setting.publish(event, chance.span(1, 60_000));
  }
  let left = MOST_STEPS;
  while (left > 0 && clock.step(UNTIL)) left -= 1;
  const unrest = left > 0 ? [] : ['P4 it never came to rest'];
  return { violations: [...unrest, ...violationsOf(shop, outside)], ends: endsOf(shop), deliveries: shop.deliveries };
}

function endsOf(shop: Shop): Record<string, number> {
  const ends: Record<string, number> = {};
  for (const { order } of shop.orders.values()) ends[order.status] = (ends[order.status] ?? 0) + 1;
  return ends;
}
