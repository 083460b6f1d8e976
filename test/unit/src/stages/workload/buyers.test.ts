import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { OrderRequest } from '../../../../../lib/domain/order-request.ts';
import { type Buyer, FRAUD_PATTERNS } from '../../../../../src/stages/workload/buyer.ts';
import { buyerOf } from '../../../../../src/stages/workload/buyers.ts';

const requests = Compile(OrderRequest);
const MANY = 40_000;
const buyers = Array.from({ length: MANY }, (_, n) => buyerOf(7, n));
const frauds = buyers.filter(({ fraud }) => fraud !== null);

const requestOf = ({ taste: _, fraud: __, ...rest }: Buyer): unknown => ({
  ...rest,
  currency: 'USD',
  items: [{ sku: 'A', quantity: 1 }],
  synthetic: true,
});

/** How many buyers have each value. */
const tally = (values: readonly (string | undefined)[]) => {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};
const most = (values: readonly (string | undefined)[]) => Math.max(...tally(values).values());

suite('buyerOf', () => {
  test('is the same whenever it is asked for, in whatever order', () => {
    fc.assert(
      fc.property(fc.nat({ max: MANY - 1 }), (n) => {
        buyerOf(8, n);
        assert.deepEqual(buyerOf(7, n), buyers[n]);
      }),
    );
  });

  test('another seed is another crowd', () => {
    assert.notDeepEqual(buyerOf(8, 0), buyers[0]);
  });

  test('every buyer fits into a request', () => {
    const wrong = buyers.find((buyer) => !requests.Check(requestOf(buyer)));
    assert.equal(wrong && JSON.stringify(wrong), undefined);
  });

  test('1.5 % are fraud, about a fifth of them each pattern', () => {
    const share = frauds.length / MANY;
    assert.ok(share > 0.012 && share < 0.018, `${share}`);
    for (const pattern of FRAUD_PATTERNS) {
      const part = frauds.filter(({ fraud }) => fraud === pattern).length / frauds.length;
      assert.ok(part > 0.1 && part < 0.3, `${pattern} ${part}`);
    }
  });

  test('the share of fraud can be another one, none included', () => {
    const shareAt = (wanted: number) =>
      Array.from({ length: 20_000 }, (_, n) => buyerOf(7, n, wanted)).filter(({ fraud }) => fraud).length / 20_000;
    assert.equal(shareAt(0), 0);
    const share = shareAt(0.05);
    assert.ok(share > 0.04 && share < 0.06, `${share}`);
  });

  test('campaigns share what gives them away: a device, a doorstep, an account', () => {
    const signals = (pattern: string) => frauds.filter(({ fraud }) => fraud === pattern).map((b) => b.risk_signals);
    assert.ok(most(signals('card_testing').map((s) => s.device_hash)) >= 9);
    assert.ok(most(signals('reshipper').map((s) => s.address_hash)) >= 4);
    assert.ok(most(signals('account_takeover').map((s) => s.device_hash)) >= 2);
    assert.ok(most(frauds.filter(({ fraud }) => fraud === 'velocity').map((b) => b.customer)) >= 5);
  });

  test('honest buyers do what frauds do: new devices, shared lines, gifts abroad, several orders in a row', () => {
    const honest = buyers.filter(({ fraud }) => fraud === null);
    const atLeast = (found: number, wanted: number) => assert.ok(found >= wanted, `${found} of ${wanted}`);
    const signals = honest.map(({ risk_signals }) => risk_signals);
    const abroad = honest.filter(({ ship_to, risk_signals }) => ship_to.country !== risk_signals.billing_country);
    atLeast(abroad.length, frauds.length / 2);
    atLeast(signals.filter((s) => (s.account_age_days ?? 0) > 30 && s.device_age_days === 0).length, frauds.length);
    atLeast(most(signals.map((s) => s.ip_hash)), 6);
    atLeast(most(signals.map((s) => s.device_hash)), 4);
    atLeast(most(signals.map((s) => s.address_hash)), 4);
    atLeast(signals.filter((s) => s.device_hash === undefined).length, 100);
  });

  test('nothing but the truth tells them apart: names of customers do not', () => {
    const named = (all: readonly Buyer[]) => all.filter(({ customer }) => customer.startsWith('sim-new-')).length;
    assert.ok(named(frauds) > 0 && named(frauds) < frauds.length);
    assert.ok(named(buyers) > named(frauds) * 10);
  });
});
