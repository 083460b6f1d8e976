import { Type } from 'typebox';
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
