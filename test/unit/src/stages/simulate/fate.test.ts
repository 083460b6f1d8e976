import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { OrderRequest } from '../../../../../lib/domain/order-request.ts';
import { type Fate, fateOf } from '../../../../../src/stages/simulate/fate.ts';
import { DEFAULT_MIX } from '../../../../../src/stages/simulate/mix.ts';
import { createWorkload } from '../../../../../src/stages/simulate/workload.ts';

const COUNT = 20_000;
const fates = Array.from({ length: COUNT }, (_, n) => fateOf(42, n, DEFAULT_MIX));
const percent = (of: (fate: Fate) => boolean) => (fates.filter(of).length * 100) / COUNT;

const SHARES: [what: string, of: (fate: Fate) => boolean, expected: number][] = [
  ['declined', ({ payment }) => ['soft', 'softer', 'decline_funds', 'decline_stolen'].includes(payment), 8],
  ['softly', ({ payment }) => ['soft', 'softer'].includes(payment), 4],
  ['mfa', ({ payment }) => payment === 'mfa', 4],
  ['cancelled', ({ cancelAfterMs }) => cancelAfterMs !== null, 6],
  ['returned', ({ returns }) => returns !== null, 12],
  ['lost', ({ parcel }) => parcel === 'lost', 1],
  ['delivered at the second try', ({ parcel }) => parcel === 'failed_once', 6],
  ['silent', ({ answersAfterMs }) => answersAfterMs === null, 10],
];

for (const [what, of, expected] of SHARES) {
  test(`about ${expected} of a hundred orders are ${what}`, () => {
    const deviation = 100 * Math.sqrt((expected / 100) * (1 - expected / 100) * (1 / COUNT));
    assert.ok(Math.abs(percent(of) - expected) < 4 * deviation, `${percent(of)}`);
  });
}

test('a fate depends on seed, number and mix alone', () => {
  assert.deepEqual(fateOf(42, 17, DEFAULT_MIX), fates[17]);
  assert.notDeepEqual(
    fates,
    fates.map((_, n) => fateOf(43, n, DEFAULT_MIX)),
  );
  const plain = fateOf(1, 1, {});
  assert.deepEqual([plain.payment, plain.parcel, plain.cancelAfterMs, plain.returns], ['ok', 'delivered', null, null]);
});

test('cancellations come at all times of an order: before it is stored, and after it has left', () => {
  const moments = fates.flatMap(({ cancelAfterMs }) => (cancelAfterMs === null ? [] : [cancelAfterMs]));
  assert.ok(Math.min(...moments) < 10 && Math.max(...moments) > 8_000);
});

test('orders with a life carry it: a token, a parcel fate, a clock; and are labelled with the truth', () => {
  const catalogue = Array.from({ length: 20 }, (_, n) => ({ sku: `S-${n}`, currency: 'USD' }));
  const options = { catalogue, run: '20261121T101500-ab12', seed: 42, zipf: 1 };
  const workload = createWorkload({ ...options, life: { mix: DEFAULT_MIX, timeScale: 1_000 } });
  const validator = Compile(OrderRequest);
  for (let n = 0; n < 2_000; n++) {
    const { body, labels } = workload.order(n);
    const request: unknown = JSON.parse(body);
    assert.ok(validator.Check(request), body);
    const { payment, parcel } = fates[n]!;
    assert.match(request.payment.token!, new RegExp(`^tok_[0-9a-f]+_${payment}$`));
    if (payment === 'mfa') assert.equal(request.payment.method, 'card');
    assert.deepEqual(request.simulation, { time_scale: 1_000, parcel });
    assert.deepEqual([labels?.payment, labels?.parcel], [payment, parcel]);
  }
  assert.equal(createWorkload(options).order(3).labels, undefined);
  assert.equal(JSON.parse(createWorkload(options).order(3).body).simulation, undefined);
});

test('in a flash sale four buyers of five take one piece of the same product, nobody else has it', () => {
  const catalogue = Array.from({ length: 20 }, (_, n) => ({ sku: `S-${n}`, currency: n < 10 ? 'USD' : 'EUR' }));
  const flash = { sku: 'S-19', currency: 'EUR' };
  const workload = createWorkload({ catalogue, run: 'r', seed: 1, zipf: 1, flash });
  const requests = Array.from({ length: 5_000 }, (_, n) => JSON.parse(workload.order(n).body) as OrderRequest);
  const buyers = requests.filter(({ items }) => items.some(({ sku }) => sku === flash.sku));
  assert.ok(Math.abs(buyers.length / requests.length - 0.8) < 0.03);
  for (const { items, currency } of buyers) {
    assert.deepEqual([items, currency], [[{ sku: 'S-19', quantity: 1 }], 'EUR']);
  }
});
