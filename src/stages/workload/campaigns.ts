import { type Buyer, drawHash, type FraudPattern } from './buyer.ts';
import { FRAUDS } from './fraud-patterns.ts';
import { LOOKALIKES } from './lookalikes.ts';
import { type Random, randomOf, STREAM, wholeBetween } from './random.ts';

/** Something that several orders of one stretch have in common. */
export interface Campaign {
  seed: number;
  /** Tells campaigns of one seed apart. */
  name: string;
  ip: string;
  device: string;
  address: string;
  /** What the campaign decides once for all its orders: the same stream for each of them. */
  plan: () => Random;
}

/** One kind of campaign. */
export interface CampaignKind {
  fraud: FraudPattern | null;
  /** Campaigns in 1,000 orders, on average. */
  perThousand: number;
  /** Orders of one campaign: from, to. */
  orders: readonly [from: number, to: number];
  /** The order number `member` (from 0) of a campaign. */
  buyer: (random: Random, campaign: Campaign, member: number) => Buyer;
}

/** Campaigns begin and end within a stretch of so many orders. */
export const STRETCH = 2_000;

/** Share of fraud that the numbers of campaigns are made for. */
export const USUAL_FRAUD_SHARE = 0.015;

interface Slot {
  kind: CampaignKind;
  campaign: Campaign;
  member: number;
}

/** `mean` on average, as a whole number. */
const drawCount = (random: Random, mean: number): number => Math.floor(mean + random());

function drawCampaign(random: Random, seed: number, name: string): Campaign {
  const planSeed = Math.floor(random() * 2 ** 31);
  return {
    seed,
    name,
    ip: drawHash(random),
    device: drawHash(random),
    address: drawHash(random),
    plan: () => randomOf(planSeed, STREAM.campaigns),
  };
}

/** Free places of the stretch in ascending order; fewer when it is full. */
function drawPlaces(random: Random, taken: ReadonlyMap<number, Slot>, wanted: number): number[] {
  const places = new Set<number>();
  for (let tries = 0; places.size < wanted && tries < wanted * 20; tries++) {
    const place = wholeBetween(random, 0, STRETCH - 1);
    if (!taken.has(place)) places.add(place);
  }
  return [...places].sort((a, b) => a - b);
}

/** Which orders of a stretch belong to campaigns. */
function planStretch(seed: number, stretch: number, fraudShare: number): Map<number, Slot> {
  const random = randomOf(seed, STREAM.campaigns, stretch);
  const slots = new Map<number, Slot>();
  for (const [index, kind] of [...FRAUDS, ...LOOKALIKES].entries()) {
    const scale = kind.fraud === null ? 1 : fraudShare / USUAL_FRAUD_SHARE;
    const count = drawCount(random, (kind.perThousand * scale * STRETCH) / 1_000);
    for (let which = 0; which < count; which++) {
      const campaign = drawCampaign(random, seed, `${seed}-${stretch}-${index}-${which}`);
      const size = wholeBetween(random, ...kind.orders);
      for (const [member, place] of drawPlaces(random, slots, size).entries()) {
        slots.set(place, { kind, campaign, member });
      }
    }
  }
  return slots;
}

/** Orders are asked for one after the other, so that the plans of the last stretches are all that is worth keeping. */
const KEPT_PLANS = 16;
const plans = new Map<string, Map<number, Slot>>();

function stretchPlan(seed: number, stretch: number, fraudShare: number): Map<number, Slot> {
  const key = `${seed}/${stretch}/${fraudShare}`;
  let plan = plans.get(key);
  if (!plan) {
    plan = planStretch(seed, stretch, fraudShare);
    if (plans.size >= KEPT_PLANS) plans.delete(plans.keys().next().value!);
    plans.set(key, plan);
  }
  return plan;
}

/** The n-th order when it belongs to a campaign. */
export function campaignBuyer(seed: number, n: number, fraudShare: number): Buyer | undefined {
  const stretch = Math.floor(n / STRETCH);
  const slot = stretchPlan(seed, stretch, fraudShare).get(n - stretch * STRETCH);
  return slot?.kind.buyer(randomOf(seed, STREAM.buyers, n), slot.campaign, slot.member);
}
