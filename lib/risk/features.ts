import { minorDigits } from '../domain/money.ts';
import type { OrderPlacedData } from '../domain/order-events.ts';
import type { Velocity } from './velocity.ts';

/** What an order shows of its buyer, before it becomes numbers; undefined where the shop does not know. */
interface Circumstances {
  velocity: Velocity;
  accountAge: number | undefined;
  deviceAge: number | undefined;
  /** Billed in another country than delivered to. */
  abroad: boolean | undefined;
  mail: 'own' | 'free' | 'disposable' | undefined;
  /** Roughly in US dollars. */
  total: number;
  dearest: number;
  pieces: number;
  express: boolean;
}

const FREE_MAIL = new Set(['gmail.com', 'outlook.com', 'yahoo.com', 'gmx.de', 'icloud.com', 'proton.me', 'mail.ru']);
const DISPOSABLE_MAIL = new Set([
  'mailinator.com',
  'guerrillamail.com',
  '10minutemail.com',
  'tempmail.dev',
  'yopmail.com',
  'trashmail.com',
  'sharklasers.com',
]);

/** Rough worth in US dollars where a unit is far from one; the logarithm of an amount needs no more. */
const DOLLARS: Record<string, number> = { INR: 0.012, JPY: 0.0067, KRW: 0.00072, BRL: 0.18, MXN: 0.055, CNY: 0.14 };

const scales = new Map<string, number>();

function dollarsPerMinor(currency: string): number {
  let scale = scales.get(currency);
  if (scale === undefined) {
    scale = (DOLLARS[currency] ?? 1) / 10 ** minorDigits(currency);
    scales.set(currency, scale);
  }
  return scale;
}

function mailKind(domain: string | undefined): Circumstances['mail'] {
  if (domain === undefined) return undefined;
  if (DISPOSABLE_MAIL.has(domain)) return 'disposable';
  return FREE_MAIL.has(domain) ? 'free' : 'own';
}

function circumstancesOf(data: OrderPlacedData, velocity: Velocity): Circumstances {
  const { account_age_days, device_age_days, billing_country, email_domain } = data.risk_signals ?? {};
  const scale = dollarsPerMinor(data.currency);
  let dearest = 0;
  let pieces = 0;
  for (const { unit_minor, quantity } of data.lines) {
    dearest = Math.max(dearest, unit_minor);
    pieces += quantity;
  }
  return {
    velocity,
    accountAge: account_age_days,
    deviceAge: device_age_days,
    abroad: billing_country === undefined ? undefined : billing_country !== data.shipping.country,
    mail: mailKind(email_domain),
    total: data.total_minor * scale,
    dearest: dearest * scale,
    pieces,
    express: data.shipping.method === 'express',
  };
}

const flag = (value: boolean | undefined): number => (value === undefined ? Number.NaN : value ? 1 : 0);
const both = (...values: (boolean | undefined)[]): number =>
  values.includes(false) ? 0 : flag(values.includes(undefined) ? undefined : true);
const log = (value: number | undefined): number => (value === undefined ? Number.NaN : Math.log1p(value));

/** An order of less, in US dollars, is worth trying a stolen card with. */
const TRIFLE = 25;
/** An account or a device counts as new for so many days, an account as young for so many. */
const NEW_DAYS = 1;
const YOUNG_DAYS = 30;

/** How far the price of a piece is above this one, as a logarithm: worth stealing rather than worth testing a card on. */
const USUAL_PIECE = 50;
const dearness = ({ dearest }: Circumstances): number => Math.max(0, Math.log(dearest / USUAL_PIECE));

const isYoung = ({ accountAge }: Circumstances) => (accountAge === undefined ? undefined : accountAge <= YOUNG_DAYS);
const isKnown = ({ accountAge }: Circumstances) => (accountAge === undefined ? undefined : accountAge > YOUNG_DAYS);
const onNewDevice = ({ deviceAge }: Circumstances) => (deviceAge === undefined ? undefined : deviceAge <= NEW_DAYS);

const isDisposable = ({ mail }: Circumstances) => flag(mail === undefined ? undefined : mail === 'disposable');

/** A stranger's device in a good account. */
const takeover = (c: Circumstances) => both(isKnown(c), onNewDevice(c));
/** A card from elsewhere in an account without a past. */
const strangeCard = (c: Circumstances) => both(isYoung(c), c.abroad);

/**
 * What the model weighs, in the order of its weights. A value that is not known is NaN and weighs nothing. Products of
 * circumstances are features of their own: each is common among honest buyers, together they are not.
 */
const FEATURES = {
  customer_velocity: ({ velocity }) => log(velocity.customer),
  ip_velocity: ({ velocity }) => log(velocity.ip),
  device_velocity: ({ velocity }) => log(velocity.device),
  address_velocity: ({ velocity }) => log(velocity.address),
  young_customer_velocity: (c) => flag(isYoung(c)) * log(c.velocity.customer),
  young_device_velocity: (c) => flag(isYoung(c)) * log(c.velocity.device),
  young_ip_velocity: (c) => flag(isYoung(c)) * log(c.velocity.ip),
  disposable_ip_velocity: (c) => isDisposable(c) * log(c.velocity.ip),
  new_device_velocity: (c) => flag(onNewDevice(c)) * log(c.velocity.device),
  young_address_velocity: (c) => flag(isYoung(c)) * log(c.velocity.address),
  strangers_to_one_address: ({ velocity }) => log(Math.max(0, velocity.address - velocity.ip - velocity.customer)),
  dear_shared_address: (c) => dearness(c) * log(c.velocity.address),
  billed_abroad_shared_address: (c) => flag(c.abroad) * log(c.velocity.address),
  account_age: ({ accountAge }) => log(accountAge),
  device_age: ({ deviceAge }) => log(deviceAge),
  young_account: (c) => flag(isYoung(c)),
  new_device: (c) => flag(onNewDevice(c)),
  known_account_new_device: takeover,
  known_account_new_device_abroad: (c) => both(isKnown(c), onNewDevice(c), c.abroad),
  known_account_new_device_express: (c) => takeover(c) * flag(c.express),
  known_account_new_device_velocity: (c) => takeover(c) * log(c.velocity.device),
  known_account_new_device_ip: (c) => takeover(c) * log(c.velocity.ip),
  known_account_new_device_dear: (c) => takeover(c) * dearness(c),
  billed_abroad: ({ abroad }) => flag(abroad),
  billed_abroad_young_account: strangeCard,
  billed_abroad_young_account_new_device: (c) => both(isYoung(c), onNewDevice(c), c.abroad),
  billed_abroad_young_account_express: (c) => strangeCard(c) * flag(c.express),
  billed_abroad_young_account_dear: (c) => strangeCard(c) * dearness(c),
  young_account_free_mail: (c) => both(isYoung(c), c.mail === undefined ? undefined : c.mail !== 'own'),
  disposable_mail: isDisposable,
  dear: dearness,
  dear_young_account: (c) => flag(isYoung(c)) * dearness(c),
  dear_new_device: (c) => flag(onNewDevice(c)) * dearness(c),
  total: ({ total }) => log(total),
  pieces: ({ pieces }) => log(pieces),
  trifle_young_account: (c) => flag(isYoung(c)) * flag(c.total <= TRIFLE),
  trifle_busy_device: ({ total, velocity }) => flag(total <= TRIFLE) * log(velocity.device),
  express: ({ express }) => flag(express),
} satisfies Record<string, (circumstances: Circumstances) => number>;

export type FeatureCode = keyof typeof FEATURES;
export const FEATURE_CODES = Object.keys(FEATURES) as FeatureCode[];
const READERS = Object.values(FEATURES) as ((circumstances: Circumstances) => number)[];

/** One number for each of FEATURE_CODES; NaN for what is not known. */
export function featuresOf(data: OrderPlacedData, velocity: Velocity): Float64Array {
  const circumstances = circumstancesOf(data, velocity);
  const values = new Float64Array(READERS.length);
  for (let index = 0; index < READERS.length; index++) values[index] = READERS[index]!(circumstances);
  return values;
}
