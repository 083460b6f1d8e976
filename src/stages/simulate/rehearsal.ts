import type { LoadRequest } from './plan.ts';

/** Percent of the orders of a rehearsal that are sent once more, and unusable requests and events for a hundred. */
const DUPLICATES = 1;
const BAD_EVENTS = 1;

type Trouble = Pick<LoadRequest, 'shape' | 'mix' | 'duplicates' | 'badEvents'>;

/**
 * A rate that changes rehearses a day of the shop: its orders live their lives and everything goes wrong that can,
 * unless something else is asked for. A steady rate measures, and `--mix none` means to.
 */
export function withRehearsal<Request extends Trouble>(request: Request): Request {
  const { shape = 'steady', mix, duplicates, badEvents } = request;
  if (shape === 'steady' || mix === 'none') return request;
  return {
    ...request,
    mix: mix ?? 'default',
    duplicates: duplicates ?? DUPLICATES,
    badEvents: badEvents ?? BAD_EVENTS,
  };
}
