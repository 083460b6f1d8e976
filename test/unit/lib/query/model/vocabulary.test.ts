import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Catalogue } from '../../../../../lib/query/catalogue.ts';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { DIMENSION_WORDS, FIXED_VALUES, VALUE_WORDS } from '../../../../../lib/query/model/index.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';

const file = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'ask', 'vocab.json');
const VOCABULARY = JSON.parse(readFileSync(file, 'utf8'));
const VALUES: Record<string, string[] | Record<string, string>> = VOCABULARY.values;
const namesOf = (field: string): string[] =>
  Array.isArray(VALUES[field]) ? VALUES[field] : Object.keys(VALUES[field]!);

const CATALOGUE: Catalogue = {
  values: {
    ...FIXED_VALUES,
    ...Object.fromEntries(
      ['category', 'brand', 'city', 'country', 'carrier', 'warehouse', 'coupon'].map((field) => [
        field,
        namesOf(field),
      ]),
    ),
    product: ['Trail Runner 2'],
  },
  currencies: ['USD'],
};
const CLOCK = { now: Date.parse(VOCABULARY.clock.now), zone: VOCABULARY.clock.tz };
const lexicon = buildLexicon(CATALOGUE);
const planOf = (question: string): Plan => {
  try {
    return plan(question, lexicon, CLOCK).plan;
  } catch (error) {
    throw new Error(`${question}: ${(error as Error).message}`);
  }
};
const filtersOf = (question: string) =>
  planOf(question).filters.map(({ field, value }) => `${field}=${[value].flat().join('/')}`);

/** Metrics that no one asks for by name. */
const ASKED: Record<string, string> = {
  customers_total: 'how many registered customers do we have',
  last_order_at: 'customers who have not ordered in 90 days',
  orders_in_status: 'how many orders are in status packed',
  status_age_hours: 'orders stuck in packed',
  placed_at: 'latest orders',
};
/** Stock has no past. */
const NOW = new Set(['on_hand', 'available', 'days_of_cover', 'inventory_value']);

/** What each dimension is asked with: something that it splits. */
const SPLIT: Record<string, string> = {
  failure_code: 'payment failures',
  refund_reason: 'refunds',
  warehouse: 'stock on hand',
  order_status: 'number of orders',
  shipment: 'overdue shipments',
  coupon: 'orders with a coupon',
  carrier: 'shipments',
  payment_method: 'payments',
};
const LISTED: Record<string, string> = { order: 'biggest orders last week' };

/** A sentence round a value. */
const SAID: Record<string, (value: string) => string> = {
  category: (value) => `revenue from ${value} last week`,
  brand: (value) => `revenue from ${value} last week`,
  segment: (value) => `revenue from ${value} customers`,
  channel: (value) => `revenue on ${value} last week`,
  city: (value) => `revenue in ${value}`,
  country: (value) => `revenue in ${value}`,
  order_status: (value) => `how many orders are in status ${value}`,
  payment_method: (value) => `payments by ${value} that failed`,
  failure_code: (value) => `failed payments because of ${value}`,
  refund_reason: (value) => `refunds because of ${value}`,
  carrier: (value) => `parcels shipped with ${value}`,
  warehouse: (value) => `stock on hand in the ${value} warehouse`,
  coupon: (value) => `revenue with coupon ${value}`,
  customer_type: (value) => `revenue from ${value}`,
};
const SPOKEN: Record<string, (value: string) => string> = {
  ...SAID,
  order_status: (value) => `how many orders are ${value}`,
};

const FILTERED: Record<string, string> = {
  product: 'revenue of Trail Runner 2 = product=Trail Runner 2',
  order_value: 'orders over $500 last week = order_value=500',
  fraud_score: 'orders with a fraud score above 80 = fraud_score=80',
  status_age_hours: 'orders stuck in packed = order_status=packed,status_age_hours=24',
  status_since:
    'how many orders are in status packed since monday = order_status=packed,status_since=2026-11-16T05:00:00.000Z',
  placed_not_shipped: 'orders placed more than 3 days ago that have not shipped = placed_not_shipped=72',
  open_order: 'how many open orders do we have = open_order=true',
  has_sale_order: 'how many customers never ordered = has_sale_order=false',
  last_order_before: "customers who haven't ordered since june = last_order_before=2026-06-01T04:00:00.000Z",
  low_stock: 'products low on stock = low_stock=true',
  out_of_stock: 'products out of stock = out_of_stock=true',
  fraud_flag: 'average order value of flagged orders = fraud_flag=true',
  top: 'days of stock left for our top 10 sellers = ',
  customer_type: 'revenue from returning customers = customer_type=returning',
};

suite('the vocabulary and the planner read alike', () => {
  test('every metric', () => {
    for (const name of Object.keys(VOCABULARY.metrics)) {
      const question = ASKED[name] ?? `${name.replaceAll('_', ' ')}${NOW.has(name) ? '' : ' last month'}`;
      assert.ok(
        planOf(question).metrics.includes(name as Plan['metrics'][number]),
        `${question}: ${planOf(question).metrics}`,
      );
    }
  });

  test('every dimension, by every word for it', () => {
    for (const name of VOCABULARY.dimensions as (keyof typeof DIMENSION_WORDS)[]) {
      const phrases = name in LISTED ? [''] : DIMENSION_WORDS[name].split('|');
      for (const phrase of phrases) {
        const isAdverb = /ly$|^annual$|^an? |^(\w+) by \1$/.test(phrase) && !phrase.includes('hour of');
        const question = LISTED[name] ?? (isAdverb ? `${phrase} revenue` : `${SPLIT[name] ?? 'revenue'} by ${phrase}`);
        assert.ok(planOf(question).dimensions.includes(name), `${question}: ${planOf(question).dimensions}`);
      }
    }
  });

  test('every value, as it is stored and as it is written', () => {
    for (const [field, say] of Object.entries(SAID)) {
      if (!VALUES[field]) continue;
      for (const value of namesOf(field)) {
        const written = Array.isArray(VALUES[field]) ? value.replaceAll('_', ' ') : VALUES[field]![value]!;
        for (const text of [value, written]) {
          assert.ok(filtersOf(say(text)).includes(`${field}=${value}`), `${say(text)}: ${filtersOf(say(text))}`);
        }
      }
    }
  });

  test('every other word for a value', () => {
    for (const [field, words] of Object.entries(VALUE_WORDS)) {
      for (const [value, phrases] of Object.entries(words)) {
        for (const question of phrases.split('|').map(SPOKEN[field]!)) {
          assert.ok(filtersOf(question).includes(`${field}=${value}`), `${question}: ${filtersOf(question)}`);
        }
      }
    }
  });

  test('every filter field', () => {
    for (const field of VOCABULARY.filter_fields as string[]) {
      if (field in SAID && !(field in FILTERED)) continue;
      if (field.startsWith('having:')) continue;
      const [question, expected] = FILTERED[field]!.split(' = ') as [string, string];
      assert.deepEqual([question, filtersOf(question).join(',')], [question, expected]);
    }
  });

  test('conditions on totals, changes and ratios', () => {
    const having = (question: string) =>
      planOf(question).having.map(({ column, op, value }) => `${column} ${op} ${value}`);
    assert.deepEqual(having('customers with more than 3 orders'), ['orders_count > 3']);
    assert.deepEqual(having('categories whose revenue fell by more than 10% last month')[0], 'delta_pct < -0.1');
    assert.deepEqual(having('products with a refund rate above 10%'), ['refund_rate > 0.1']);
  });
});
