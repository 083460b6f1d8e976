import { type Static, Type } from 'typebox';
import type { Workload } from '../environment.ts';
import { MB, ORDER_EVENTS, THROUGHPUT_UNIT } from './limits.ts';

const Amount = Type.Number({ minimum: 0 });

/** What comes in a second, and how many consumer groups read all of it. */
export const Load = Type.Object({
  eventsPerOrder: Type.Integer({ minimum: 1 }),
  bytesPerOrder: Amount,
  eventsPerSecond: Amount,
  bytesPerSecond: Amount,
  consumers: Type.Integer({ minimum: 1 }),
});
export type Load = Static<typeof Load>;

export const DemandName = Type.Enum(['events in', 'data in', 'events out', 'data out']);

export const Demand = Type.Object({
  what: DemandName,
  amount: Type.Number({ description: 'events or bytes a second' }),
  limit: Type.Number({ description: 'what one throughput unit carries of it' }),
  units: Type.Number({ description: 'throughput units it asks for, before headroom and rounding' }),
});
export type Demand = Static<typeof Demand>;

/** Bytes of the first so many events of an order: it is placed, then changes its status. */
const lifeBytes = (events: number): number => ORDER_EVENTS.placedBytes + (events - 1) * ORDER_EVENTS.statusBytes;

/** Mean bytes of one event, rounded up, where nobody said. */
export const meanEventBytes = (eventsPerOrder: number): number => Math.ceil(lifeBytes(eventsPerOrder) / eventsPerOrder);

/** What was said of a workload, with what our own events have where nothing was said. */
export function workloadOf(said: { [Name in keyof Workload]?: number | undefined } & { rate: number }): Workload {
  const { rate, eventsPerOrder = 1, consumers = 1, eventBytes = meanEventBytes(eventsPerOrder) } = said;
  return { rate, eventBytes, eventsPerOrder, consumers };
}

const loadOf = (
  { rate, consumers }: Pick<Workload, 'rate' | 'consumers'>,
  eventsPerOrder: number,
  bytesPerOrder: number,
): Load => ({
  eventsPerOrder,
  bytesPerOrder,
  eventsPerSecond: rate * eventsPerOrder,
  bytesPerSecond: rate * bytesPerOrder,
  consumers,
});

/** The load that was asked for. */
export const askedLoad = (workload: Workload): Load =>
  loadOf(workload, workload.eventsPerOrder, workload.eventsPerOrder * workload.eventBytes);

/**
 * The load when orders live their whole life. Events that have the usual mean are counted with their usual sizes from
 * placing on; events of a size of their own keep it.
 */
export function lifeLoad(workload: Workload): Load {
  const events = Math.max(ORDER_EVENTS.perLife, workload.eventsPerOrder);
  const usual = workload.eventBytes === meanEventBytes(workload.eventsPerOrder);
  return loadOf(workload, events, usual ? lifeBytes(events) : events * workload.eventBytes);
}

/** What a load asks of throughput units, in the order of their limits. */
export function demandsOf({ eventsPerSecond, bytesPerSecond, consumers }: Load): Demand[] {
  const demand = (what: Demand['what'], amount: number, limit: number) => ({
    what,
    amount,
    limit,
    units: amount / limit,
  });
  return [
    demand('events in', eventsPerSecond, THROUGHPUT_UNIT.eventsIn),
    demand('data in', bytesPerSecond, THROUGHPUT_UNIT.bytesIn),
    demand('events out', consumers * eventsPerSecond, THROUGHPUT_UNIT.eventsOut),
    demand('data out', consumers * bytesPerSecond, THROUGHPUT_UNIT.bytesOut),
  ];
}

/** The demand that asks for most units; of equals the first. */
export const bindingOf = (demands: readonly Demand[]): Demand =>
  demands.reduce((greatest, demand) => (demand.units > greatest.units ? demand : greatest));

/** Bytes in Azure's megabytes: "4.88 MB", rounded up. */
export const megabytes = (bytes: number): string => `${upward(bytes / MB)} MB`;

/** With two decimals, rounded up: what is shown never promises more room than there is. */
export const upward = (value: number): string =>
  (Math.ceil(value * 100 - 1e-7) / 100).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
