import { type Buyer, drawHash, drawLast4 } from './buyer.ts';
import { PLACES, type ShipTo } from './places.ts';
import { between, chance, pick, type Random, randomOf, STREAM, type Weighted } from './random.ts';

/** Somebody who has an account, and what stays the same from order to order. */
export interface Person {
  customer: string;
  home: ShipTo;
  billingCountry: string;
  accountAge: number;
  deviceAge: number;
  ip: string;
  device: string;
  address: string;
  mail: string;
  payment: Buyer['payment'];
}

/** So many that the same one seldom comes twice by chance, however many orders there are in an hour. */
const PEOPLE = 2_000_000;
const SHARE_OF_NEW = 0.3;
/** Of the people with an account, those who live somewhere else than their card is from. */
const SHARE_OF_EXPATRIATES = 0.005;
const SHARE_OF_HOUSEHOLDS = 0.3;
const OLDEST_ACCOUNT_DAYS = 2_500;

export const FREE_MAIL: Weighted<string> = [
  ['gmail.com', 60],
  ['outlook.com', 18],
  ['yahoo.com', 14],
  ['proton.me', 8],
];
export const DISPOSABLE_MAIL: Weighted<string> = [
  ['mailinator.com', 40],
  ['yopmail.com', 35],
  ['tempmail.dev', 25],
];
const OWN_MAIL: Weighted<string> = [
  ['example.com', 40],
  ['example.org', 30],
  ['example.net', 30],
];

const METHODS: Weighted<'card' | 'wallet' | 'upi' | 'bnpl'> = [
  ['card', 55],
  ['wallet', 20],
  ['upi', 15],
  ['bnpl', 10],
];
const BRANDS: Weighted<string> = [
  ['visa', 55],
  ['mastercard', 35],
  ['amex', 10],
];

/** An account at least a day old; as many are younger than a month as are older than three years. */
const drawAccountAge = (random: Random): number => Math.floor(between(random, 1, OLDEST_ACCOUNT_DAYS ** 0.5) ** 2);

export const drawCard = (random: Random): Buyer['payment'] => ({
  method: 'card',
  token: `tok_${drawHash(random)}`,
  brand: pick(random, BRANDS),
  last4: drawLast4(random),
});

function drawPayment(random: Random): Buyer['payment'] {
  const method = pick(random, METHODS);
  return method === 'card' ? drawCard(random) : { method, token: `tok_${drawHash(random)}` };
}

const drawMail = (random: Random, shareOfDisposable: number): string => {
  if (chance(random, shareOfDisposable)) return pick(random, DISPOSABLE_MAIL);
  return pick(random, chance(random, 0.75) ? FREE_MAIL : OWN_MAIL);
};

/** Two accounts of one household share the line and the door; so do `member` 0 and 1 of the same number. */
function doorOf(seed: number, index: number) {
  const own = randomOf(seed, STREAM.people, -1 - index);
  const shares = chance(randomOf(seed, STREAM.people, -1 - (index >> 1) - PEOPLE), SHARE_OF_HOUSEHOLDS);
  const door = shares ? randomOf(seed, STREAM.people, -1 - (index >> 1) - 2 * PEOPLE) : own;
  return { home: pick(door, PLACES), ip: drawHash(door), address: drawHash(door) };
}

/** The customer with a number, the same for all orders of a seed. */
export function personOf(seed: number, index: number): Person {
  const random = randomOf(seed, STREAM.people, index);
  const door = doorOf(seed, index);
  const accountAge = drawAccountAge(random);
  const expatriate = chance(random, SHARE_OF_EXPATRIATES);
  return {
    ...door,
    customer: `sim-customer-${index}`,
    billingCountry: expatriate ? pick(random, PLACES).country : door.home.country,
    accountAge,
    deviceAge: Math.floor(accountAge * random()),
    device: drawHash(random),
    mail: drawMail(random, 0.002),
    payment: drawPayment(random),
  };
}

/** Somebody who has never bought here; some have looked around before. */
export function drawNewcomer(random: Random, name: string): Person {
  const home = pick(random, PLACES);
  const accountAge = chance(random, 0.8) ? 0 : Math.floor(between(random, 1, 20));
  return {
    customer: name,
    home,
    billingCountry: chance(random, SHARE_OF_EXPATRIATES) ? pick(random, PLACES).country : home.country,
    accountAge,
    deviceAge: chance(random, 0.6) ? 0 : Math.floor(between(random, 1, 60)),
    ip: drawHash(random),
    device: drawHash(random),
    address: drawHash(random),
    mail: drawMail(random, 0.01),
    payment: drawPayment(random),
  };
}

/** Any customer: three in ten are new. */
export const drawPerson = (random: Random, seed: number, n: number): Person =>
  chance(random, SHARE_OF_NEW) ? drawNewcomer(random, `sim-new-${seed}-${n}`) : drawRegular(random, seed);

/** Somebody who has bought before. */
export const drawRegular = (random: Random, seed: number): Person => personOf(seed, Math.floor(random() * PEOPLE));

/** The other account of a household, or somebody else when there is none. */
export function housemateOf(seed: number, { customer }: Person): Person | undefined {
  const index = /^sim-customer-(\d+)$/.exec(customer)?.[1];
  return index === undefined ? undefined : personOf(seed, Number(index) ^ 1);
}
