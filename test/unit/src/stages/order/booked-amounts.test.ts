import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerEventId } from '../../../../../lib/domain/ids.ts';
import { bookedAmounts } from '../../../../../src/stages/order/booked-amounts.ts';

const CHARGEBACK = '00000000-0000-4000-8000-00000000000c';
const hex = (id: string) => id.replaceAll('-', '').toUpperCase();

test('each event that moved money is found by its booking, once', () => {
  const amounts = bookedAmounts([
    { txn: 'o:authorize:1', account: 'provider', debit: 500, credit: 0 },
    { txn: 'o:authorize:1', account: 'sales', debit: 0, credit: 500 },
    { txn: 'o:refund:1', account: 'refunds', debit: 120, credit: 0 },
    { txn: 'o:refund:1', account: 'provider', debit: 0, credit: 120 },
    { txn: CHARGEBACK, account: 'chargebacks', debit: 380, credit: 0 },
    { txn: CHARGEBACK, account: 'provider', debit: 0, credit: 380 },
  ]);
  assert.deepEqual(
    [...amounts],
    [
      [hex(answerEventId('o:authorize:1', 'oms.payment.captured.v1')), 500],
      [hex(answerEventId('o:refund:1', 'oms.payment.refunded.v1')), 120],
      [hex(CHARGEBACK), 380],
    ],
  );
});
