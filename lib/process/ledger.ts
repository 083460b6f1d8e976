import type { LedgerEntry } from './effects.ts';
import type { Turn } from './turn.ts';

/**
 * Books an amount on both of its sides.
 * @param txn the key under which the provider has it in its own book; a chargeback has the id of its event
 */
export function book(
  { effects }: Turn,
  txn: string,
  debited: LedgerEntry['account'],
  credited: LedgerEntry['account'],
  amount: number,
): void {
  effects.ledger.push({ txn, account: debited, debit: amount, credit: 0 });
  effects.ledger.push({ txn, account: credited, debit: 0, credit: amount });
}
