import { nextOrderSequence, SEED_LANE } from '../../../lib/domain/order-sequence.ts';
import { randomOf, STREAM } from '../workload/random.ts';
import type { SoldProduct } from './catalogue.ts';
import { type Crowd, gatherCrowd } from './customers.ts';
import { type Demand, demandBetween } from './demand.ts';

const DAY_MS = 24 * 3_600_000;

/** Orders and customers of one chunk, which is written in one transaction. */
const CHUNK_SIZE = 2_000;

/** Neighbours looked at to find an order's number: more than this never fall into the same milliseconds. */
const NEIGHBOURS = 64;

/** What a history is made of; the same values give the same rows. */
export interface HistorySettings {
  seed: number;
  orders: number;
  customers: number;
  days: number;
  timeZone: string;
  /** The end of the history, in milliseconds since 1970. */
  until: number;
  currency: string;
}

/** The whole history as functions of numbers: any part of it can be made without the others. */
export interface History {
  settings: HistorySettings;
  products: readonly SoldProduct[];
  crowd: Crowd;
  chunks: number;
  timeOf(order: number): number;
  /** order_seq of the orders from `first` on; ascending. */
  sequences(first: number, count: number): number[];
}

export const historyStart = (settings: { until: number; days: number }): number =>
  settings.until - settings.days * DAY_MS;

function timesOf(settings: HistorySettings, demand: Demand): (order: number) => number {
  const { seed, orders } = settings;
  return (order) => demand.timeAt((order + randomOf(seed, STREAM.time, order)()) / orders);
}

export function planHistory(settings: HistorySettings, products: readonly SoldProduct[]): History {
  const { seed, orders, customers, until, timeZone } = settings;
  const demand = demandBetween(historyStart(settings), until, timeZone, seed);
  const timeOf = timesOf(settings, demand);
  return {
    settings,
    products,
    crowd: gatherCrowd({ seed, customers, orders, timeOf, demand }),
    chunks: Math.ceil(Math.max(orders, customers) / CHUNK_SIZE),
    timeOf,
    sequences(first, count) {
      const from = Math.max(0, first - NEIGHBOURS);
      const numbers: number[] = [];
      let last = 0;
      for (let order = from; order < first + count; order++) {
        last = nextOrderSequence(SEED_LANE, timeOf(order), last);
        if (order >= first) numbers.push(last);
      }
      return numbers;
    },
  };
}
