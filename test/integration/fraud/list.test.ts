import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { connect } from '../../../lib/database/connect.ts';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import { listReview } from '../../../src/stages/fraud/list.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { quietContext } from '../../helpers/quiet-context.ts';

const id = (n: number) => `5a1c2a52-37c8-8f5e-9a8e-0b4c1f0d7e2${n}`;

const ORDER = `INSERT INTO orders (order_seq, order_id, customer_ref, idempotency_key, request_hash, status,
    reporting_status, version, status_since, due_at, channel, currency, subtotal_minor, discount_minor, tax_minor,
    shipping_minor, total_minor, payment_method, stock_policy, shipping_method, ship_country, ship_city,
    ship_postcode_prefix, placed_at, stored_at)
  VALUES (?, ?, 'c-1', 'k', REPEAT('0', 16), ?, 'pending_payment', 2, '2026-11-20', ?, 'web', 'USD', 1000, 0, 0, 0, 1000,
    'card', 'cancel', 'standard', 'DE', 'Berlin', '10', '2026-11-20', '2026-11-20')`;

suite('oms fraud list', () => {
  test('names the orders in review, the most urgent first, with score and reasons', async (t) => {
    const database = await startTestDatabase(t);
    const connection = await connect(database.url);
    for (const [n, status, due] of [
      [1, 'review', '2026-11-23'],
      [2, 'reserved', '2026-11-21'],
      [3, 'review', '2026-11-22'],
    ] as const) {
      await connection.query(ORDER, [n, uuidToBytes(id(n)), status, due]);
    }
    await connection.query(
      `INSERT INTO risk_assessments (order_seq, score, decision, model_version, reasons, at)
       VALUES (1, 0.6123, 'review', 'logistic-1', 'device_velocity,express', '2026-11-20')`,
    );
    await connection.end();

    const context = quietContext('.');
    const { total, orders } = await listReview({ limit: 10, databaseUrl: database.appUrl }, context);
    assert.equal(total, 2);
    assert.deepEqual(
      orders.map(({ order_id, score, reasons }) => ({ order_id, score, reasons })),
      [
        { order_id: id(3), score: null, reasons: [] },
        { order_id: id(1), score: 0.6123, reasons: ['device_velocity', 'express'] },
      ],
    );
    assert.equal(orders[0]!.due_at?.toISOString(), '2026-11-22T00:00:00.000Z');
    const first = await listReview({ limit: 1, databaseUrl: database.appUrl }, context);
    assert.deepEqual([first.total, first.orders.length], [2, 1]);
  });
});
