import { type Static, Type } from 'typebox';
import { UUID_PATTERN } from './ids.ts';

/** The building blocks of requests and events: one place for the shape of each kind of value. */

export const Uuid = Type.String({ pattern: UUID_PATTERN });

/** Stock keeping unit: no blanks, so that byte-wise comparison means the same on every database. */
export const Sku = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });

/** The shop's own name for a customer; never a name, an address or an e-mail. */
export const CustomerRef = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$' });

/** Printable ASCII without quotes or blanks, as a header can carry it unescaped. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9._:~+/=-]{1,128}$/;

export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$' });

/** No amount of an event is larger, in minor units. */
export const MAX_AMOUNT_MINOR = 1_000_000_000_000;
export const MinorAmount = Type.Integer({ minimum: 0, maximum: MAX_AMOUNT_MINOR });

/** How many pieces one line may have. */
export const MAX_QUANTITY = 999;
export const Quantity = Type.Integer({ minimum: 1, maximum: MAX_QUANTITY });

/** How many lines one order may have. */
export const MAX_LINES = 100;

export const Channel = Type.Enum(['web', 'mobile', 'store', 'marketplace']);

export const PAYMENT_METHODS = [
  'card',
  'wallet',
  'upi',
  'bnpl',
  'paypal',
  'apple_pay',
  'google_pay',
  'bank_transfer',
] as const;
export const PaymentMethod = Type.Enum([...PAYMENT_METHODS]);

/** A token of the payment provider; digits alone are refused elsewhere, as they may be a card number. */
export const PaymentToken = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** How a customer pays: the token stands for a card or an account at the provider; only its last digits are known here. */
export const PaymentChoice = Type.Object(
  {
    method: PaymentMethod,
    token: Type.Optional(PaymentToken),
    brand: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,24}$' })),
    last4: Type.Optional(Type.String({ pattern: '^[0-9]{4}$' })),
    /** Keep the token for orders with one click. */
    one_click: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type PaymentChoice = Static<typeof PaymentChoice>;

const signalHash = Type.String({ pattern: '^[0-9a-f]{8,32}$' });

/** What a shop knows of the buyer's circumstances, as hashes and ages: nothing that names a person. */
export const RiskSignals = Type.Object(
  {
    ip_hash: Type.Optional(signalHash),
    device_hash: Type.Optional(signalHash),
    address_hash: Type.Optional(signalHash),
    account_age_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
    device_age_days: Type.Optional(Type.Integer({ minimum: 0, maximum: 36_500 })),
    billing_country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
    email_domain: Type.Optional(Type.String({ pattern: '^[a-z0-9.-]{1,80}$' })),
  },
  { additionalProperties: false },
);
export type RiskSignals = Static<typeof RiskSignals>;

/** What the stand-in carrier does with the parcels of a synthetic order. */
export const PARCEL_FATES = ['delivered', 'failed_once', 'lost', 'returned_to_sender'] as const;

/** For synthetic orders only: how much faster their clocks run, and what becomes of their parcels. */
export const SimulationHints = Type.Object(
  {
    time_scale: Type.Optional(Type.Number({ minimum: 1, maximum: 10_000_000 })),
    parcel: Type.Optional(Type.Enum([...PARCEL_FATES])),
  },
  { additionalProperties: false },
);
export type SimulationHints = Static<typeof SimulationHints>;

export const CouponCode = Type.String({ pattern: '^[A-Z0-9]{2,32}$' });

export const ShippingMethod = Type.Enum(['standard', 'express']);

export const StockPolicy = Type.Enum(['amend', 'cancel']);

/** Text a person typed: control characters are refused, everything else is kept byte for byte. */
export const plainText = (maxLength: number) =>
  Type.String({ maxLength, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' });

/** ISO 3166-1 alpha-2, the officially assigned codes. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';
export const Country = Type.Enum(COUNTRIES.split(' '));
