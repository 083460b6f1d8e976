import { type Buyer, drawHash, type FraudPattern } from './buyer.ts';
import type { Campaign, CampaignKind } from './campaigns.ts';
import { ordinaryOrder } from './honest-buyers.ts';
import { DISPOSABLE_MAIL, drawCard, drawNewcomer, drawRegular, FREE_MAIL, type Person } from './people.ts';
import { placeAbroad } from './places.ts';
import { between, chance, pick, type Random, wholeBetween } from './random.ts';

/** A stolen card is from where its owner lives. */
const billedElsewhere = (random: Random, person: Person, probability: number): string =>
  chance(random, probability) ? placeAbroad(random, person.home).country : person.home.country;

const drawMail = (random: Random, shareOfDisposable: number): string =>
  pick(random, chance(random, shareOfDisposable) ? DISPOSABLE_MAIL : FREE_MAIL);

/** An account opened for the purpose, some of them weeks before. */
const drawBurnerAge = (random: Random): number => (chance(random, 0.7) ? 0 : wholeBetween(random, 1, 25));

/** An order with a stolen card on an account of the fraud's own. */
function stolenCardOrder(
  random: Random,
  fraud: FraudPattern,
  options: { name: string; abroad: number; disposable: number; dear: number; express: number },
): Buyer {
  const person = drawNewcomer(random, options.name);
  const order = ordinaryOrder(random, person);
  return {
    ...order,
    channel: chance(random, 0.8) ? 'web' : 'mobile',
    shipping: chance(random, options.express) ? 'express' : 'standard',
    payment: drawCard(random),
    risk_signals: {
      ...order.risk_signals,
      account_age_days: drawBurnerAge(random),
      device_age_days: chance(random, 0.75) ? 0 : wholeBetween(random, 1, 30),
      billing_country: billedElsewhere(random, person, options.abroad),
      email_domain: drawMail(random, options.disposable),
    },
    taste: chance(random, options.dear) ? 'dear' : 'any',
    fraud,
  };
}

/** A robot tries stolen cards on something cheap: account after account on one device, through a few proxies. */
function cardTesting(random: Random, campaign: Campaign, member: number): Buyer {
  const options = { abroad: 0.5, disposable: 0.4, dear: 0, express: 0.1 };
  const order = stolenCardOrder(random, 'card_testing', { name: `sim-new-${campaign.name}-${member}`, ...options });
  const proxy = chance(random, 0.6) ? { ip_hash: campaign.ip } : {};
  const device = chance(random, 0.92) ? { device_hash: campaign.device } : {};
  return { ...order, risk_signals: { ...order.risk_signals, ...proxy, ...device }, taste: 'cheap' };
}

/** Somebody tries leaked passwords, signs in to good accounts from devices of theirs, and sends dear goods to a drop. */
function accountTakeover(random: Random, campaign: Campaign): Buyer {
  const victim = drawRegular(random, campaign.seed);
  const order = ordinaryOrder(random, victim);
  const drop = chance(random, 0.75) && { address_hash: campaign.address };
  return {
    ...order,
    ship_to: chance(random, 0.45) ? placeAbroad(campaign.plan(), victim.home) : victim.home,
    shipping: chance(random, 0.6) ? 'express' : 'standard',
    risk_signals: {
      ...order.risk_signals,
      ip_hash: chance(random, 0.7) ? campaign.ip : drawHash(random),
      device_hash: chance(random, 0.9) ? campaign.device : drawHash(random),
      device_age_days: 0,
      ...drop,
    },
    taste: chance(random, 0.85) ? 'dear' : 'any',
    fraud: 'account_takeover',
  };
}

/** One account buys as fast as it can before the card is blocked. */
function velocity(random: Random, campaign: Campaign): Buyer {
  const plan = campaign.plan();
  const name = `sim-new-${campaign.name}`;
  const first = stolenCardOrder(plan, 'velocity', { name, abroad: 0.45, disposable: 0.2, dear: 0, express: 0.4 });
  const person = { ...first.risk_signals, ip_hash: campaign.ip, device_hash: campaign.device };
  const moves = chance(random, 0.2) && { ip_hash: drawHash(random) };
  return {
    ...first,
    payment: chance(random, 0.4) ? drawCard(random) : first.payment,
    risk_signals: { ...person, ...moves },
    taste: chance(random, 0.6) ? 'dear' : 'any',
  };
}

/** One dear order with a stolen card, delivered far from where the card is from. */
function addressMismatch(random: Random, campaign: Campaign): Buyer {
  const options = { abroad: 0.95, disposable: 0.3, dear: 0.9, express: 0.6 };
  return stolenCardOrder(random, 'address_mismatch', { name: `sim-new-${campaign.name}`, ...options });
}

/** Stolen cards from everywhere, one doorstep from which the goods go on. */
function reshipper(random: Random, campaign: Campaign, member: number): Buyer {
  const doorstep = drawNewcomer(campaign.plan(), '').home;
  const options = { abroad: 0.85, disposable: 0.2, dear: 0.85, express: 0.4 };
  const order = stolenCardOrder(random, 'reshipper', { name: `sim-new-${campaign.name}-${member}`, ...options });
  const address_hash = chance(random, 0.92) ? campaign.address : drawHash(random);
  const accountAge = Math.floor(between(random, 0, 12));
  return {
    ...order,
    ship_to: doorstep,
    risk_signals: { ...order.risk_signals, address_hash, account_age_days: accountAge },
  };
}

/** Together 15 orders of 1,000, about three of each pattern. */
export const FRAUDS: readonly CampaignKind[] = [
  { fraud: 'card_testing', perThousand: 3 / 25, orders: [10, 40], buyer: cardTesting },
  { fraud: 'account_takeover', perThousand: 3 / 5.5, orders: [2, 9], buyer: accountTakeover },
  { fraud: 'velocity', perThousand: 3 / 10, orders: [5, 15], buyer: velocity },
  { fraud: 'address_mismatch', perThousand: 3, orders: [1, 1], buyer: addressMismatch },
  { fraud: 'reshipper', perThousand: 3 / 9, orders: [5, 13], buyer: reshipper },
];
