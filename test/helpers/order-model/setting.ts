import { hash } from 'node:crypto';
import type { DataOf, OrderEvent, OrderEventType } from '../../../lib/domain/event-types.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import { ORDER_PLACED, type OrderPlacedEvent, orderEvent } from '../../../lib/domain/order-events.ts';
import type { handleEvent } from '../../../lib/process/handle-event.ts';
import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** How often what goes wrong; each schedule draws its own. */
export interface Faults {
  inbox: boolean;
  duplicateSameId: number;
  duplicateNewId: number;
  crashBeforeCommit: number;
  crashAfterCommit: number;
  timeoutAfterExecution: number;
  timeoutBefore: number;
  lateAnswer: number;
  labelRefused: number;
}

/** Where a planted bug may sit; the real thing in every other run. */
export interface Parts {
  handle: typeof handleEvent;
  /** Whether a warehouse has what is wanted. */
  hasEnough(available: number, wanted: number): boolean;
  /** The key that a request is sent with, the first time or again. */
  keyOf(key: string, sending: number): string;
}

/** What every actor of a schedule is given. */
export interface Setting {
  clock: Clock;
  chance: Chance;
  faults: Faults;
  parts: Parts;
  /** Sends an event to the partition, with whatever goes wrong on the way. */
  publish(event: OrderEvent | OrderPlacedEvent, delay: number): void;
}

export const derivedId = (...parts: (string | number)[]): string =>
  uuidFromBytes(hash('sha1', parts.join('|'), 'buffer'));

export function eventFor<Type extends OrderEventType>(
  type: Type,
  data: DataOf<Type> & { order_id: string },
  now: number,
  id: string,
): OrderEvent {
  const time = new Date(now).toISOString();
  return orderEvent(type, data, { id, source: '/model', time, synthetic: true }) as OrderEvent;
}

export const isPlaced = (event: OrderEvent | OrderPlacedEvent): event is OrderPlacedEvent =>
  event.type === ORDER_PLACED;

/** How much faster the clocks of an order run. */
export const scaleOf = ({ simulation }: { simulation?: { time_scale?: number } | null }): number =>
  simulation?.time_scale ?? 1;
