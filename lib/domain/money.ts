/** Amounts are integers in the currency's minor unit (cents, yen); no amount is ever a float. */
export type Minor = number;

/** Making a format costs fifty times as much as using it. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, currencyDisplay: 'symbol' | 'code' = 'symbol'): Intl.NumberFormat {
  const key = currency + currencyDisplay;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay });
  formats.set(key, made);
  return made;
}

/** ISO 4217 says how many digits a currency has after the point (JPY 0, USD 2, KWD 3). */
export function minorDigits(currency: string): number {
  return formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

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

const toMajor = (amount: Minor, digits: number): number => Number((amount / 10 ** digits).toFixed(digits));

/** 4990 BRL -> "R$49.90" in English notation. */
export function formatMinor(amount: Minor, currency: string): string {
  return formatOf(currency).format(toMajor(amount, minorDigits(currency)));
}

/** 4990 BRL -> "BRL 49.90", where a symbol could not be shown. */
export function formatMinorWithCode(amount: Minor, currency: string): string {
  const formatted = formatOf(currency, 'code').format(toMajor(amount, minorDigits(currency)));
  return formatted.replace('\u00a0', ' ');
}

/** `rate` in basis points of `amount`, rounded half up to a whole minor unit: 1999 at 1900 bp -> 380. */
export function shareOf(amount: Minor, basisPoints: number): Minor {
  return Math.floor((amount * basisPoints + 5_000) / 10_000);
}
