import { type Buyer, drawHash } from './buyer.ts';
import type { Campaign, CampaignKind } from './campaigns.ts';
import { ordinaryOrder } from './honest-buyers.ts';
import { drawNewcomer, drawPerson, drawRegular } from './people.ts';
import { PLACES, placeAbroad } from './places.ts';
import { chance, pick, type Random } from './random.ts';

/** Colleagues order to their office, over its line. */
function office(random: Random, campaign: Campaign, member: number): Buyer {
  const place = pick(campaign.plan(), PLACES);
  const person = drawPerson(random, campaign.seed, -1 - member);
  const customer = person.customer.startsWith('sim-new') ? `sim-new-${campaign.name}-${member}` : person.customer;
  const order = ordinaryOrder(random, { ...person, customer, home: place, billingCountry: place.country });
  return { ...order, risk_signals: { ...order.risk_signals, ip_hash: campaign.ip, address_hash: campaign.address } };
}

/** One customer sends presents to the whole family, one order each. */
function giftSpree(random: Random, campaign: Campaign): Buyer {
  const person = drawRegular(campaign.plan(), campaign.seed);
  const order = ordinaryOrder(random, person);
  return {
    ...order,
    ship_to: chance(random, 0.15) ? placeAbroad(random, person.home) : person.home,
    risk_signals: { ...order.risk_signals, address_hash: drawHash(random) },
    taste: chance(random, 0.3) ? 'dear' : 'any',
  };
}

/** Customers from abroad who use a parcel forwarder: their own accounts and devices, one doorstep. */
function forwarder(random: Random, campaign: Campaign, member: number): Buyer {
  const place = pick(campaign.plan(), PLACES);
  const known = chance(random, 0.8);
  const person = known
    ? drawRegular(random, campaign.seed)
    : drawNewcomer(random, `sim-new-${campaign.name}-${member}`);
  const order = ordinaryOrder(random, person);
  return {
    ...order,
    ship_to: place,
    risk_signals: { ...order.risk_signals, address_hash: campaign.address },
    taste: chance(random, 0.35) ? 'dear' : 'any',
  };
}

/** Students of one hall: new accounts, one line, one door, small sums. */
function hall(random: Random, campaign: Campaign, member: number): Buyer {
  const place = pick(campaign.plan(), PLACES);
  const person = drawNewcomer(random, `sim-new-${campaign.name}-${member}`);
  const order = ordinaryOrder(random, { ...person, home: place, billingCountry: place.country });
  return {
    ...order,
    risk_signals: { ...order.risk_signals, ip_hash: campaign.ip, address_hash: campaign.address },
    taste: chance(random, 0.5) ? 'cheap' : 'any',
  };
}

/** A tablet on the counter of a club or a shop: one device, customer after customer. */
function sharedTablet(random: Random, campaign: Campaign, member: number): Buyer {
  const place = pick(campaign.plan(), PLACES);
  const person = drawPerson(random, campaign.seed, -1 - member);
  const customer = person.customer.startsWith('sim-new') ? `sim-new-${campaign.name}-${member}` : person.customer;
  const order = ordinaryOrder(random, { ...person, customer, home: place, billingCountry: place.country });
  const signals = { ip_hash: campaign.ip, device_hash: campaign.device, device_age_days: 200 };
  return { ...order, risk_signals: { ...order.risk_signals, ...signals } };
}

/** Somebody abroad orders for the first time, and has it sent to a friend or a hotel. */
function newAbroad(random: Random, campaign: Campaign): Buyer {
  const person = drawNewcomer(random, `sim-new-${campaign.name}`);
  const order = ordinaryOrder(random, person);
  return {
    ...order,
    ship_to: placeAbroad(random, person.home),
    shipping: chance(random, 0.2) ? 'express' : 'standard',
    taste: chance(random, 0.15) ? 'dear' : 'any',
  };
}

/** Honest orders that look like frauds in one respect or another; about 12 of 1,000. */
export const LOOKALIKES: readonly CampaignKind[] = [
  { fraud: null, perThousand: 0.5, orders: [3, 6], buyer: office },
  { fraud: null, perThousand: 0.6, orders: [3, 7], buyer: giftSpree },
  { fraud: null, perThousand: 0.35, orders: [3, 6], buyer: forwarder },
  { fraud: null, perThousand: 0.3, orders: [3, 8], buyer: hall },
  { fraud: null, perThousand: 0.15, orders: [4, 9], buyer: sharedTablet },
  { fraud: null, perThousand: 0.7, orders: [1, 1], buyer: newAbroad },
];
