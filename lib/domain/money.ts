/** Amounts are integers in the currency's minor unit (cents, yen); no amount is ever a float. */
export type Minor = number;

interface Notation {
  format: Intl.NumberFormat;
  digits: number;
}

/** Twice as many currencies as there are; codes that somebody has made up must not fill the memory. */
const MAX_NOTATIONS = 400;

/** By currency and how it is shown: making a format costs fifty times as much as using it. */
const notations = new Map<string, Notation>();

function notationOf(currency: string, currencyDisplay: 'symbol' | 'code' = 'symbol'): Notation {
  const key = currency + currencyDisplay;
  const known = notations.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay });
  const made = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 2 };
  if (notations.size >= MAX_NOTATIONS) notations.clear();
  notations.set(key, made);
  return made;
}

/** ISO 4217 says how many digits a currency has after the point (JPY 0, USD 2, KWD 3). */
export const minorDigits = (currency: string): number => notationOf(currency).digits;

const DECIMAL = /^(\d{1,12})(?:\.(\d+))?$/;

/**
 * "49.9" BRL -> 4990. Done on the digits, not through a float.
 * @returns undefined when the text is no plain decimal or has more digits than the currency knows
 */
export function parseMinor(text: string, currency: string): Minor | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const digits = minorDigits(currency);
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  return Number(match[1] + fraction.padEnd(digits, '0'));
}

const write = (amount: Minor, { format, digits }: Notation): string =>
  format.format(Number((amount / 10 ** digits).toFixed(digits)));

/** 4990 BRL -> "R$49.90" in English notation. */
export const formatMinor = (amount: Minor, currency: string): string => write(amount, notationOf(currency));

/** 4990 BRL -> "BRL 49.90", where a symbol could not be shown. */
export const formatMinorWithCode = (amount: Minor, currency: string): string =>
  write(amount, notationOf(currency, 'code')).replace('\u00a0', ' ');

/** `rate` in basis points of `amount`, rounded half up to a whole minor unit: 1999 at 1900 bp -> 380. */
export function shareOf(amount: Minor, basisPoints: number): Minor {
  return Math.floor((amount * basisPoints + 5_000) / 10_000);
}
