import { formatMinor } from '../../../lib/domain/money.ts';

/** 4990 USD -> "$49.90". A currency that nobody knows is written out rather than breaking the page. */
export function money(amountMinor: number, currency: string): string {
  try {
    return formatMinor(amountMinor, currency);
  } catch {
    return `${amountMinor} (1/100 ${currency})`;
  }
}
