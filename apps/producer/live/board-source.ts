import type { Pool } from '../../../lib/database/connect.ts';
import { listOrders } from '../../../lib/database/list-orders.ts';
import {
  type DeadLettersWaiting,
  type PartitionPlace,
  type RatePoint,
  readOpenOrders,
  readPlaces,
  readRates,
  readWaiting,
} from '../../../lib/database/read-live.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import { CORE_CONSUMER_GROUP } from '../../../lib/streaming/hub-names.ts';
import type { LiveBoard } from './board-schema.ts';
import type { HubPlaces } from './hub-places.ts';
import { Paced } from './paced.ts';

/** Waiting for a connection included; a board that is late is left out for a second. */
const DEADLINE_MS = 1_800;
const NEWEST = 15;
const RATES = { slices: 30, sliceSeconds: 2 };

/** Counting open orders looks at each of them; 5 % of the time is for that. */
const COUNT_PACE = { everyMs: 1_000, ratio: 20 };

/** Where the board comes from; one is read at a time. */
export type BoardSource = () => Promise<LiveBoard>;

interface Found {
  open: Record<string, number>;
  rates: RatePoint[];
  newest: Awaited<ReturnType<typeof listOrders>>;
  places: PartitionPlace[];
  waiting: DeadLettersWaiting;
}

const sum = (points: readonly RatePoint[], what: 'placed' | 'confirmed' | 'failed'): number =>
  points.reduce((total, point) => total + point[what], 0);

type Partitions = Omit<LiveBoard['partitions'][number], 'behind_since'>[];

function toPartitions(places: readonly PartitionPlace[], hub: HubPlaces | undefined): Partitions {
  return places.map(({ partition, stored, storedAt, owner, hubCreatedAt }) => {
    const isSame = hub?.createdAt.getTime() === hubCreatedAt.getTime();
    const newest = isSame ? (hub?.newest.get(partition) ?? null) : null;
    return {
      ...{ partition, stored, owner, newest, stored_at: storedAt.toISOString() },
      behind: newest === null ? null : Math.max(0, newest - stored),
    };
  });
}

/** Since when partitions are behind: the hub's own end is some seconds old, so that one look alone says little. */
class Lags {
  readonly #since = new Map<number, string>();

  see(partitions: Partitions, now: Date): LiveBoard['partitions'] {
    return partitions.map((one) => {
      if (!one.behind) this.#since.delete(one.partition);
      else if (!this.#since.has(one.partition)) this.#since.set(one.partition, now.toISOString());
      return { ...one, behind_since: this.#since.get(one.partition) ?? null };
    });
  }
}

function toBoard({ open, rates, newest, waiting }: Found, partitions: LiveBoard['partitions'], now: Date): LiveBoard {
  const behind = partitions.map((partition) => partition.behind);
  return {
    at: now.toISOString(),
    open_orders: open,
    placed_per_minute: sum(rates, 'placed'),
    confirmed_per_minute: sum(rates, 'confirmed'),
    failed_per_minute: sum(rates, 'failed'),
    rates: rates.map((point) => ({ ...point, at: point.at.toISOString() })),
    newest: newest.map(({ order_id, status, reporting_status, placed_at, total_minor, currency }) => ({
      ...{ order_id, status, reporting_status, total_minor, currency },
      placed_at: placed_at.toISOString(),
    })),
    partitions,
    behind:
      behind.length > 0 && behind.every((one) => one !== null) ? behind.reduce((total, one) => total + one, 0) : null,
    dead_letters: waiting,
  };
}

/**
 * Reads the board from the database, and how far the hub is from the hub.
 * @param hubPlaces asked each time; rejects while the hub is away, which leaves its part out
 */
export function databaseBoard(pool: Pool, hub: string, hubPlaces: () => Promise<HubPlaces>): BoardSource {
  const ask = <T>(read: Parameters<typeof withConnection<T>>[2]) => withConnection(pool, DEADLINE_MS, read);
  const open = new Paced(() => ask(readOpenOrders), COUNT_PACE);
  const rates = new Paced(() => ask((connection) => readRates(connection, Date.now(), RATES)), COUNT_PACE);
  const lags = new Lags();
  const waiting = new Paced(() => ask(readWaiting), COUNT_PACE);
  return async () => {
    const found: Found = {
      open: await open.get(),
      rates: await rates.get(),
      waiting: await waiting.get(),
      newest: await ask((connection) => listOrders(connection, { limit: NEWEST })),
      places: await ask((connection) => readPlaces(connection, hub, CORE_CONSUMER_GROUP)),
    };
    const partitions = toPartitions(found.places, await hubPlaces().catch(() => undefined));
    const now = new Date();
    return toBoard(found, lags.see(partitions, now), now);
  };
}
