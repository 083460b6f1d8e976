import { chance, logNormal, pick, randomOf, STREAM, wholeBetween } from '../workload/random.ts';
import type { Demand } from './demand.ts';
import { PLACES, type Place, SEGMENTS } from './vocabulary.ts';

/** Of the customers registered, those that ever buy; at most. */
const BUYER_SHARE = 0.85;

/** Of the orders, those by somebody who has not bought before. */
const NEW_SHARE = 0.3;

/** Median time between signing up and the first order, in ms; half an hour. */
const MEDIAN_HESITATION_MS = 1_800_000;
const LONGEST_HESITATION_MS = 90 * 24 * 3_600_000;

/** The few that buy often: the greater, the more the returning orders gather on them. */
const LOYALTY = 1.4;

export interface Customer {
  ref: string;
  segment: string;
  place: Place;
}

/** As many customers as `orders` orders have when 70 % come from people who have bought before. */
export const usualCustomers = (orders: number): number => Math.ceil((orders * NEW_SHARE) / BUYER_SHARE);

/**
 * Who is a customer, since when, and who places which order. Everything is a function of the seed and a number, so
 * that any part of the history can be made without the rest.
 */
export interface Crowd {
  readonly size: number;
  customer(index: number): Customer;
  signedUpAt(index: number): number;
  /** The customer of the n-th order, and whether it is their first. */
  buyer(order: number): { index: number; isNew: boolean };
}

/**
 * Orders are cut into as many runs as there are buyers; somewhere in run i customer i buys for the first time, and the
 * other orders of the run come from customers before i.
 */
export function gatherCrowd(options: {
  seed: number;
  customers: number;
  orders: number;
  timeOf: (order: number) => number;
  demand: Demand;
}): Crowd {
  const { seed, customers, orders, timeOf, demand } = options;
  const buyers = Math.min(orders, Math.max(1, Math.floor(customers * BUYER_SHARE)));
  const firstOf = (run: number) => Math.ceil((run * orders) / buyers);
  const firstOrder = (buyer: number) => {
    const from = firstOf(buyer);
    // The very first order has nobody before it to come back.
    return buyer === 0 ? 0 : wholeBetween(randomOf(seed, STREAM.buyer, buyer), from, firstOf(buyer + 1) - 1);
  };
  return {
    size: customers,
    customer(index) {
      const random = randomOf(seed, STREAM.customer, index);
      return {
        ref: `c-${String(index + 1).padStart(6, '0')}`,
        segment: pick(random, SEGMENTS),
        place: pick(random, PLACES),
      };
    },
    signedUpAt(index) {
      const random = randomOf(seed, STREAM.time, -1 - index);
      if (index >= buyers) return demand.timeAt(random());
      const hesitation = Math.min(LONGEST_HESITATION_MS, logNormal(random, MEDIAN_HESITATION_MS, 2.5));
      return Math.floor(timeOf(firstOrder(index)) - 60_000 - hesitation);
    },
    buyer(order) {
      const run = Math.floor((order * buyers) / orders);
      if (firstOrder(run) === order) return { index: run, isNew: true };
      const random = randomOf(seed, STREAM.buyer, -1 - order);
      // Before the first order of its run, customer `run` is not there yet.
      const known = firstOrder(run) < order ? run + 1 : run;
      const recent = chance(random, 0.5);
      const position = recent ? 1 - random() ** 2 * 0.2 : random() ** LOYALTY;
      return { index: Math.min(known - 1, Math.floor(position * known)), isNew: false };
    },
  };
}
