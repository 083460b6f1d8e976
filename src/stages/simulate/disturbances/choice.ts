import { chance, randomOf, STREAM, wholeBetween } from '../../workload/random.ts';
import { BAD_EVENTS, BAD_REQUESTS, type BadEvent, type BadRequest } from './bad-input.ts';

/** How an order is sent once more: the request, the request by an impatient program, the event, the event anew. */
export const DUPLICATES = ['same_request', 'retry_storm', 'same_event', 'new_event_id'] as const;
export type Duplicate = (typeof DUPLICATES)[number];

/** What disturbs a run, in percent of its orders. */
export interface Disturbed {
  duplicates: number;
  badInput: number;
  /** Whether events can be sent past the order API. */
  hasHub: boolean;
}

export interface Disturbance {
  duplicate: Duplicate | null;
  bad: { request: BadRequest } | { event: BadEvent } | null;
}

const OVER_HTTP = DUPLICATES.slice(0, 2);

const drawn = <Value>(random: () => number, values: readonly Value[]): Value =>
  values[wholeBetween(random, 0, values.length - 1)]!;

/** What is done beside order n; depends on seed, n and the shares alone. */
export function disturbanceOf(seed: number, n: number, { duplicates, badInput, hasHub }: Disturbed): Disturbance {
  const random = randomOf(seed, STREAM.disturbance, n);
  const duplicate = chance(random, duplicates / 100) ? drawn(random, hasHub ? DUPLICATES : OVER_HTTP) : null;
  if (!chance(random, badInput / 100)) return { duplicate, bad: null };
  const kinds = [
    ...BAD_REQUESTS.map((request) => ({ request })),
    ...(hasHub ? BAD_EVENTS.map((event) => ({ event })) : []),
  ];
  return { duplicate, bad: drawn(random, kinds) };
}
