import type { Buyer } from './buyer.ts';
import { campaignBuyer, USUAL_FRAUD_SHARE } from './campaigns.ts';
import { honestBuyer } from './honest-buyers.ts';

/**
 * Who places the n-th order (from 0) of a seed, the same whenever it is asked for. Orders of one campaign lie within
 * 2,000 numbers and share hashes. `fraud` is the truth.
 * @param fraudShare share of all orders that are fraud, on average
 */
export const buyerOf = (seed: number, n: number, fraudShare = USUAL_FRAUD_SHARE): Buyer =>
  campaignBuyer(seed, n, fraudShare) ?? honestBuyer(seed, n);
