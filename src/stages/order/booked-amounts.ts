import { answerEventId } from '../../../lib/domain/ids.ts';
import type { LedgerEntry } from '../../../lib/process/effects.ts';

const hexOf = (id: string): string => id.replaceAll('-', '').toUpperCase();

/** The event that made a booking: an answer is named after its request, a chargeback after itself. */
function eventOf({ txn, account, debit }: LedgerEntry): string | undefined {
  if (account === 'sales') return answerEventId(txn, 'oms.payment.captured.v1');
  if (account === 'refunds') return answerEventId(txn, 'oms.payment.refunded.v1');
  return account === 'chargebacks' && debit > 0 ? txn : undefined;
}

/** How much money each event moved, in minor units, by the event's id in upper-case hexadecimal. */
export function bookedAmounts(ledger: readonly LedgerEntry[]): Map<string, number> {
  return new Map(
    ledger.flatMap((entry): [string, number][] => {
      const event = eventOf(entry);
      return event === undefined ? [] : [[hexOf(event), entry.debit || entry.credit]];
    }),
  );
}
