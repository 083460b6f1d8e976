import { between, chance, logNormal, pick, type Random } from '../workload/random.ts';
import type { Beginning, Parcel, Story } from './story.ts';
import { type Carrier, carriersIn } from './vocabulary.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Orders of three or more lines that go in two parcels. */
const SPLIT_SHARE = 0.25;
const FEWEST_LINES_TO_SPLIT = 3;

/** What is promised from the moment a parcel leaves: days by shipping method. */
const PROMISE_DAYS = { standard: 4, express: 2 } as const;
const LONGEST_ROAD_MS = 14 * DAY_MS;

interface Route {
  readyAt: number;
  shippedAt: number;
  outAt: number;
  deliveredAt: number;
  promisedAt: number;
}

function planRoute(random: Random, carrier: Carrier, beginning: Beginning, labelAt: number): Route {
  const readyAt = labelAt + between(random, 1, 26) * HOUR_MS;
  const shippedAt = readyAt + between(random, 2, 20) * HOUR_MS;
  const promise = PROMISE_DAYS[beginning.shipping] * DAY_MS;
  const road = Math.min(LONGEST_ROAD_MS, logNormal(random, promise * carrier.pace, 0.32));
  const deliveredAt = shippedAt + road;
  const outAt = deliveredAt - Math.min(road / 2, between(random, 1, 8) * HOUR_MS);
  return { readyAt, shippedAt, outAt, deliveredAt, promisedAt: shippedAt + promise };
}

function toParcel(random: Random, carrier: Carrier, route: Route, until: number): Parcel {
  const passed = (at: number) => (at <= until ? at : null);
  const [shippedAt, outAt, deliveredAt] = [passed(route.shippedAt), passed(route.outAt), passed(route.deliveredAt)];
  const waiting = route.readyAt <= until ? 'ready' : 'label_created';
  return {
    carrier: carrier.name,
    status: deliveredAt ? 'delivered' : outAt ? 'out_for_delivery' : shippedAt ? 'in_transit' : waiting,
    costMinor: Math.round(logNormal(random, carrier.medianCost, 0.25)),
    readyAt: route.readyAt,
    promisedAt: route.promisedAt,
    shippedAt,
    outAt,
    deliveredAt,
  };
}

/** The steps of parcels that leave one after the other. */
function walk(story: Story, routes: readonly Route[]): number | undefined {
  const { journey } = story;
  const pickups = routes.map((route) => route.shippedAt).sort((a, b) => a - b);
  for (const [index, at] of pickups.entries()) {
    const when = index === pickups.length - 1 ? 'all_parcels' : 'some_parcels';
    if (!journey.go(at, 'shipment.picked_up', when)) return undefined;
  }
  const deliveredAt = Math.max(...routes.map((route) => route.deliveredAt));
  return journey.go(deliveredAt, 'shipment.delivered', 'all_final') ? deliveredAt : undefined;
}

/**
 * Packs a paid order and sends it, in one parcel or two of the same carrier.
 * @returns when the last parcel was delivered; undefined while one is still on its way
 */
export function fulfil(random: Random, story: Story, beginning: Beginning, paidAt: number): number | undefined {
  const labelAt = paidAt + between(random, 2, 22) * HOUR_MS;
  if (!story.journey.go(labelAt, 'shipment.label_created', 'first_label')) return undefined;
  const carrier = pick(random, carriersIn(beginning.country));
  const isSplit = beginning.quote.lines.length >= FEWEST_LINES_TO_SPLIT && chance(random, SPLIT_SHARE);
  const routes = (isSplit ? [0, 1] : [0]).map(() => planRoute(random, carrier, beginning, labelAt));
  if (isSplit) delayAfter(random, routes[0]!, routes[1]!);
  story.parcels.push(...routes.map((route) => toParcel(random, carrier, route, beginning.until)));
  return walk(story, routes);
}

/** The second parcel leaves after the first had gone, and is that much later all the way. */
function delayAfter(random: Random, first: Route, second: Route): void {
  const delay = Math.max(0, first.shippedAt - second.shippedAt) + between(random, 2, 30) * HOUR_MS;
  second.shippedAt += delay;
  second.outAt += delay;
  second.deliveredAt += delay;
  second.promisedAt += delay;
}
