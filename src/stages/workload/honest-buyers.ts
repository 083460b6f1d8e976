import { type Buyer, drawHash, type Taste } from './buyer.ts';
import { drawPerson, housemateOf, type Person } from './people.ts';
import { placeAbroad } from './places.ts';
import { chance, pick, type Random, randomOf, STREAM, type Weighted, wholeBetween } from './random.ts';

const CHANNELS: Weighted<Buyer['channel']> = [
  ['web', 50],
  ['mobile', 35],
  ['marketplace', 10],
  ['store', 5],
];
const TASTES: Weighted<Taste> = [
  ['any', 86],
  ['dear', 6],
  ['cheap', 8],
];

/** What honest people do that frauds do as well; shares of all orders. */
const SHARE_OF_SECOND_ORDERS = 0.02;
const SHARE_OF_TRAVELLERS = 0.03;
const SHARE_ON_MOBILE_NETWORKS = 0.15;
const SHARE_OF_NEW_DEVICES = 0.03;
const SHARE_WITHOUT_DEVICE = 0.04;
const SHARE_OF_GIFTS = 0.06;
const SHARE_OF_GIFTS_ABROAD = 0.1;
const SHARE_OF_EXPRESS = 0.15;

/** A second order comes at most so many orders after the first. */
const SECOND_WITHIN = 300;
/** A mobile network sends its customers out through a few addresses, which change after so many orders. */
const GATEWAYS = 8;
const GATEWAYS_CHANGE_AFTER = 500;
/** Guests of one hotel are seen with one address, for so many orders. */
const HOTELS = 40;

/** An order of a person at home, on the device they always use. */
export function ordinaryOrder(random: Random, person: Person): Buyer {
  return {
    customer: person.customer,
    channel: pick(random, CHANNELS),
    ship_to: person.home,
    shipping: chance(random, SHARE_OF_EXPRESS) ? 'express' : 'standard',
    payment: person.payment,
    risk_signals: {
      ip_hash: person.ip,
      device_hash: person.device,
      address_hash: person.address,
      account_age_days: person.accountAge,
      device_age_days: person.deviceAge,
      billing_country: person.billingCountry,
      email_domain: person.mail,
    },
    taste: pick(random, TASTES),
    fraud: null,
  };
}

const sharedIp = (seed: number, kind: number, period: number, which: number): string =>
  drawHash(randomOf(seed, STREAM.buyers, -1 - ((period * 100 + which) * 2 + kind)));

/** The address on the net that an order comes from, where it is not that of the home. */
function awayIp(random: Random, seed: number, n: number): string | undefined {
  const period = Math.floor(n / GATEWAYS_CHANGE_AFTER);
  const luck = random();
  if (luck < SHARE_ON_MOBILE_NETWORKS) return sharedIp(seed, 0, period, wholeBetween(random, 0, GATEWAYS - 1));
  if (luck >= SHARE_ON_MOBILE_NETWORKS + SHARE_OF_TRAVELLERS) return undefined;
  return sharedIp(seed, 1, period, wholeBetween(random, 0, HOTELS - 1));
}

/** A gift goes to somebody else's door, some of them abroad. */
function asGift(random: Random, buyer: Buyer): Buyer {
  const abroad = chance(random, SHARE_OF_GIFTS_ABROAD);
  return {
    ...buyer,
    ship_to: abroad ? placeAbroad(random, buyer.ship_to) : buyer.ship_to,
    shipping: chance(random, 0.35) ? 'express' : 'standard',
    risk_signals: { ...buyer.risk_signals, address_hash: drawHash(random) },
    taste: chance(random, 0.3) ? 'dear' : 'any',
  };
}

function withoutDevice(buyer: Buyer): Buyer {
  const { device_hash: _, device_age_days: __, ...risk_signals } = buyer.risk_signals;
  return { ...buyer, risk_signals };
}

/** What happens to honest orders by chance: a journey, a new telephone, a browser that tells nothing, a gift. */
export function withNoise(random: Random, seed: number, n: number, ordinary: Buyer): Buyer {
  const ip_hash = awayIp(random, seed, n);
  const newDevice = chance(random, SHARE_OF_NEW_DEVICES) && { device_hash: drawHash(random), device_age_days: 0 };
  const risk_signals = { ...ordinary.risk_signals, ...(ip_hash && { ip_hash }), ...newDevice };
  let buyer: Buyer = { ...ordinary, risk_signals };
  if (chance(random, SHARE_WITHOUT_DEVICE)) buyer = withoutDevice(buyer);
  return chance(random, SHARE_OF_GIFTS) ? asGift(random, buyer) : buyer;
}

const personAt = (seed: number, n: number): Person => drawPerson(randomOf(seed, STREAM.buyers, n), seed, n);

/** The n-th order when nobody means harm: some come from the customer of an order shortly before, or from their home. */
export function honestBuyer(seed: number, n: number): Buyer {
  const random = randomOf(seed, STREAM.people, 0x4000_0000 + n);
  const isSecond = n > 0 && chance(random, SHARE_OF_SECOND_ORDERS);
  const first = personAt(seed, isSecond ? Math.max(0, n - wholeBetween(random, 1, SECOND_WITHIN)) : n);
  const person = (isSecond && chance(random, 0.4) && housemateOf(seed, first)) || first;
  return withNoise(random, seed, n, ordinaryOrder(random, person));
}
