import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { requestHash } from '../../../../../lib/domain/canonical.ts';
import { IDEMPOTENCY_KEY } from '../../../../../lib/domain/fields.ts';
import { orderIdFor } from '../../../../../lib/domain/ids.ts';
import { OrderRequest } from '../../../../../lib/domain/order-request.ts';
import { createWorkload } from '../../../../../src/stages/simulate/workload.ts';

const RUN = '20261121T101500-ab12';
const COUNT = 5_000;
const catalogue = Array.from({ length: 50 }, (_, i) => ({ sku: `S-${i}`, currency: i < 40 ? 'USD' : 'EUR' }));
const currencies = new Map(catalogue.map(({ sku, currency }) => [sku, currency]));
const workload = (seed: number, run = RUN) => createWorkload({ catalogue, run, seed, zipf: 1 });
const source = workload(42);
const requests = Array.from({ length: COUNT }, (_, n) => JSON.parse(source.order(n).body) as OrderRequest);

const share = (of: (request: OrderRequest) => boolean) => requests.filter(of).length / COUNT;
const near = (actual: number, expected: number, tolerance = 0.03) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);

test('every order is one that the order API takes', () => {
  const validator = Compile(OrderRequest);
  for (const request of requests) {
    assert.ok(validator.Check(request));
    assert.equal(new Set(request.items.map((item) => item.sku)).size, request.items.length, 'SKUs are distinct');
    assert.ok(request.items.every((item) => currencies.get(item.sku) === request.currency));
    assert.equal(request.synthetic, true);
  }
});

test('an order carries its run, and is named and hashed as the order API does', () => {
  const order = source.order(17);
  const request = JSON.parse(order.body) as OrderRequest;
  assert.equal(order.key, `sim-${RUN}-17`);
  assert.match(order.key, IDEMPOTENCY_KEY);
  assert.equal(order.customer, request.customer);
  assert.equal(order.orderId, orderIdFor(request.customer, order.key));
  assert.equal(order.hash, requestHash(request));
});

test('the seed alone decides what is ordered; the run only names it', () => {
  assert.equal(workload(42, '20270101T000000-zzzz').order(5).body, source.order(5).body);
  assert.notEqual(workload(43).order(5).body, source.order(5).body);
  assert.deepEqual(source.order(5), workload(42).order(5), 'whichever orders were made before');
});

test('the mix is the one asked for', () => {
  near(
    share((r) => r.payment.method === 'card'),
    0.55,
  );
  near(
    share((r) => r.payment.method === 'wallet'),
    0.2,
  );
  near(
    share((r) => r.payment.method === 'upi'),
    0.15,
  );
  near(
    share((r) => r.payment.method === 'bnpl'),
    0.1,
  );
  near(
    share((r) => r.customer.startsWith('sim-customer-')),
    0.7,
  );
  const items = requests.flatMap((r) => r.items);
  near(items.length / COUNT, 2.2, 0.1);
  near(items.filter((item) => item.quantity === 1).length / items.length, 0.8);
});

test('the first product of the catalogue is the most popular', () => {
  const counts = Map.groupBy(
    requests.flatMap((r) => r.items),
    (item) => item.sku,
  );
  const top = [...counts].sort((a, b) => b[1].length - a[1].length)[0]?.[0];
  assert.equal(top, 'S-0');
});

test('a catalogue of one product still gives orders', () => {
  const single = createWorkload({ catalogue: catalogue.slice(0, 1), run: RUN, seed: 1, zipf: 1 });
  for (let n = 0; n < 50; n++) assert.equal(JSON.parse(single.order(n).body).items.length, 1);
});
