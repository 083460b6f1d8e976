import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { type Random, wholeBetween } from './random.ts';

export const FRAUD_PATTERNS = [
  'card_testing',
  'account_takeover',
  'velocity',
  'address_mismatch',
  'reshipper',
] as const;
export type FraudPattern = (typeof FRAUD_PATTERNS)[number];

/** What a buyer is after: `dear` and `cheap` prefer goods of that price, `cheap` takes one piece of one thing. */
export type Taste = 'any' | 'dear' | 'cheap';

/** Who places an order and in which circumstances; the goods are chosen elsewhere, by `taste`. */
export interface Buyer
  extends Required<Pick<OrderRequest, 'customer' | 'channel' | 'ship_to' | 'shipping' | 'payment' | 'risk_signals'>> {
  taste: Taste;
  /** The truth that the risk step does not see. */
  fraud: FraudPattern | null;
}

/** Eight hexadecimal digits that begin with a letter: a longer run of figures may be taken for a card number. */
const drawHalf = (random: Random): string => {
  const digits = Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  return 'abcdef'[Number.parseInt(digits[0]!, 16) % 6] + digits.slice(1);
};

/** A hash of something that stays unnamed: 16 hexadecimal digits. */
export const drawHash = (random: Random): string => drawHalf(random) + drawHalf(random);

export const drawLast4 = (random: Random): string => String(wholeBetween(random, 0, 9_999)).padStart(4, '0');
