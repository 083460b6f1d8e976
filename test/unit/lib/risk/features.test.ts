import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FEATURE_CODES, type FeatureCode, featuresOf } from '../../../../lib/risk/features.ts';
import { NO_VELOCITY, orderWith, REGULAR, SUSPECT } from '../../../helpers/risk.ts';

const named = (values: Float64Array) =>
  Object.fromEntries(FEATURE_CODES.map((code, index) => [code, values[index]])) as Record<FeatureCode, number>;

suite('featuresOf', () => {
  test('what the shop does not know is no number', () => {
    const { account_age, new_device, billed_abroad, disposable_mail, total } = named(
      featuresOf(orderWith(undefined), NO_VELOCITY),
    );
    for (const unknown of [account_age, new_device, billed_abroad, disposable_mail]) assert.ok(Number.isNaN(unknown));
    assert.ok(total > 0);
  });

  test('everything known is a number', () => {
    assert.ok(featuresOf(orderWith(SUSPECT), NO_VELOCITY).every(Number.isFinite));
  });

  test('tells a regular from a suspect', () => {
    const regular = named(featuresOf(orderWith(REGULAR), NO_VELOCITY));
    const suspect = named(featuresOf(orderWith(SUSPECT), NO_VELOCITY));
    for (const code of ['billed_abroad', 'new_device', 'young_account', 'disposable_mail'] as const) {
      assert.deepEqual([regular[code], suspect[code]], [0, 1], code);
    }
  });

  test('one circumstance that does not hold decides a product, also when another is not known', () => {
    const { billing_country: _, ...unknown } = REGULAR;
    assert.equal(named(featuresOf(orderWith(unknown), NO_VELOCITY)).billed_abroad_young_account, 0);
  });

  test('the same worth is the same amount in any currency', () => {
    const dollars = named(featuresOf(orderWith(REGULAR, { total_minor: 10_000 }), NO_VELOCITY));
    const yen = named(featuresOf(orderWith(REGULAR, { currency: 'JPY', total_minor: 14_925 }), NO_VELOCITY));
    assert.ok(Math.abs(dollars.total - yen.total) < 0.01);
  });

  test('does not look at the payment token, which tells the stand-in provider what to do', () => {
    const other = orderWith(REGULAR, { payment: { method: 'card', token: 'tok_decline_stolen' } });
    assert.deepEqual(featuresOf(other, NO_VELOCITY), featuresOf(orderWith(REGULAR), NO_VELOCITY));
  });
});
