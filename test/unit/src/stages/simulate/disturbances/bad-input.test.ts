import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { EVENT_TYPES } from '../../../../../../lib/domain/event-types.ts';
import { ORDER_PLACED, type OrderPlacedData } from '../../../../../../lib/domain/order-events.ts';
import { OrderRequest } from '../../../../../../lib/domain/order-request.ts';
import {
  BAD_EVENTS,
  BAD_REQUESTS,
  describeExpected,
} from '../../../../../../src/stages/simulate/disturbances/bad-input.ts';
import { disturbanceOf } from '../../../../../../src/stages/simulate/disturbances/choice.ts';
import { placedEvent } from '../../../../../../src/stages/simulate/disturbances/placed-event.ts';

const request: OrderRequest = {
  customer: 'c-1',
  channel: 'web',
  currency: 'USD',
  items: [
    { sku: 'A-1', quantity: 2 },
    { sku: 'B-2', quantity: 1 },
  ],
  ship_to: { country: 'US', city: 'New York' },
  payment: { method: 'card', token: 'tok_1_ok' },
  synthetic: true,
};
const event = placedEvent(request, 'bad-run-1', (sku) => ({ sku, name: sku, price_minor: 1_999 }));
const placed = Compile(EVENT_TYPES[ORDER_PLACED].data);
const requests = Compile(OrderRequest);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

test('the event of a request is one that the consumer takes', () => {
  assert.ok(placed.Check(event.data));
  const { subtotal_minor, tax_minor, shipping, total_minor } = event.data;
  assert.equal(total_minor, subtotal_minor + tax_minor + shipping.amount_minor);
});

for (const { kind, expected, spoil } of BAD_REQUESTS) {
  test(`a request with ${kind} is spoilt, and nothing but a store by the schema`, () => {
    const body = spoil(request);
    assert.notEqual(body, JSON.stringify(request));
    const isWellFormed = requests.Check(parse(body));
    const passesSchema = 'stored' in expected || /unknown_sku|raw_card/.test(describeExpected(expected));
    assert.equal(isWellFormed, passesSchema);
  });
}

for (const { kind, expected, spoil } of BAD_EVENTS) {
  test(`an event with ${kind} is spoilt as it says, and still names its order near its beginning`, () => {
    const body = spoil(event);
    assert.notEqual(body, JSON.stringify(event));
    assert.ok(body.slice(0, 6_000).includes('"bad-run-1"'));
    const data = (parse(body) as { data?: OrderPlacedData } | undefined)?.data;
    const isDataSound = data !== undefined && placed.Check(data);
    const reason = describeExpected(expected);
    assert.equal(isDataSound, !/schema|json_syntax/.test(reason), reason);
  });
}

test('an undersold order adds up, only its price is not the catalogue’s', () => {
  const { spoil } = BAD_EVENTS.find(({ kind }) => kind === 'price_tampering')!;
  const { data } = JSON.parse(spoil(event)) as { data: OrderPlacedData };
  const subtotal = data.lines.reduce((sum, line) => sum + line.quantity * line.unit_minor, 0);
  assert.equal(data.lines[0]!.unit_minor, 1);
  assert.equal(data.subtotal_minor, subtotal);
  assert.equal(data.total_minor, subtotal - data.discount_minor + data.tax_minor + data.shipping.amount_minor);
});

test('what disturbs order n depends on seed and n, in the shares asked for', () => {
  const disturbed = { duplicates: 10, badInput: 5, hasHub: true };
  const all = Array.from({ length: 10_000 }, (_, n) => disturbanceOf(7, n, disturbed));
  assert.deepEqual(all[17], disturbanceOf(7, 17, disturbed));
  const share = (count: number) => (count * 100) / all.length;
  assert.ok(Math.abs(share(all.filter(({ duplicate }) => duplicate).length) - 10) < 1.5);
  assert.ok(Math.abs(share(all.filter(({ bad }) => bad).length) - 5) < 1.2);
  assert.equal(new Set(all.map(({ duplicate }) => duplicate)).size, 5);
});

test('without a hub nothing is sent past the order API', () => {
  for (let n = 0; n < 500; n++) {
    const { duplicate, bad } = disturbanceOf(1, n, { duplicates: 100, badInput: 100, hasHub: false });
    assert.ok(duplicate === 'same_request' || duplicate === 'retry_storm');
    assert.ok(bad && 'request' in bad);
  }
});
