import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readOrderState } from '../../../lib/database/order-state.ts';
import { startConsumerWorker } from '../../helpers/consumer-worker.ts';
import { fact, scan } from '../../helpers/order-facts.ts';
import { placedEvent } from '../../helpers/orders.ts';

const placed = placedEvent({ key: 'k1', items: [{ sku: 'A', quantity: 2 }] });
const { order_id, total_minor } = placed.data;

const STATUS = 'SELECT status, reason_code AS reason FROM orders';
const HISTORY = 'SELECT to_status AS s FROM order_history ORDER BY version';

suite('the life of an order', () => {
  test('from its placement to the end of the return window', async (t) => {
    const { deliver, answerAll, rows, pool } = await startConsumerWorker(t);
    await deliver(placed);
    await answerAll();
    for (const kind of ['in_transit', 'out_for_delivery', 'delivered'] as const) await deliver(scan(kind, order_id));
    const { version } = (await readOrderState(pool, order_id))!;
    await deliver(fact('oms.return_window.closed.v1', { order_id, version }));

    assert.deepEqual(
      (await rows(HISTORY)).map(({ s }) => s),
      ['received', 'reserved', 'confirmed', 'fulfilling', 'shipped', 'delivered', 'completed'],
    );
    assert.deepEqual(await rows('SELECT on_hand, reserved FROM stock WHERE product_id = 1'), [
      { on_hand: 98, reserved: 0 },
    ]);
    assert.deepEqual(await rows('SELECT quantity, reason FROM stock_moves'), [{ quantity: -2, reason: 'sold' }]);
    assert.deepEqual(await rows('SELECT status, captured_minor AS captured FROM payments'), [
      { status: 'captured', captured: total_minor },
    ]);
    assert.deepEqual(
      await rows('SELECT account, debit_minor AS debit, credit_minor AS credit FROM ledger_entries ORDER BY 1'),
      [
        { account: 'provider', debit: total_minor, credit: 0 },
        { account: 'sales', debit: 0, credit: total_minor },
      ],
    );
    assert.deepEqual(await rows('SELECT kind FROM external_ops WHERE due_at IS NOT NULL'), []);
    assert.deepEqual(await rows('SELECT status, shipped_at IS NULL AS unsent FROM shipments'), [
      { status: 'delivered', unsent: 0 },
    ]);
    assert.deepEqual(await rows('SELECT status FROM tracking_events ORDER BY status'), [
      { status: 'delivered' },
      { status: 'in_transit' },
      { status: 'out_for_delivery' },
      { status: 'picked_up' },
    ]);
    assert.deepEqual(await rows("SELECT COUNT(*) AS n FROM inbox WHERE verdict = 'applied'"), [{ n: 8 }]);
    assert.deepEqual(await rows('SELECT kind, doc_no AS no FROM documents ORDER BY 1'), [
      { kind: 'invoice', no: 1 },
      { kind: 'label', no: 1 },
    ]);
  });

  test('one by one or all in one batch: the same comes of it', async (t) => {
    const apart = await startConsumerWorker(t);
    await apart.deliver(placed);
    await apart.answerAll();
    await apart.deliver(scan('delivered', order_id));
    const together = await startConsumerWorker(t);
    await together.deliver(...apart.delivered);

    const tables = [
      'SELECT status, reporting_status, version, total_minor FROM orders',
      'SELECT version, trigger_name, from_status, to_status FROM order_history ORDER BY version',
      'SELECT line_no, quantity, shipped_quantity FROM order_items',
      'SELECT product_id, quantity, state FROM reservations',
      'SELECT product_id, on_hand, reserved FROM stock ORDER BY product_id',
      'SELECT attempt, status, authorized_minor, captured_minor FROM payments',
      'SELECT parcel_no, carrier, tracking_no, status FROM shipments',
      'SELECT parcel_no, line_no, quantity FROM shipment_items',
      'SELECT kind, op_no, due_at IS NULL AS done, request FROM external_ops ORDER BY kind, op_no',
      'SELECT txn, account, debit_minor, credit_minor FROM ledger_entries ORDER BY txn, account',
      'SELECT message_key, template FROM notifications ORDER BY message_key',
    ];
    for (const table of tables) assert.deepEqual(await together.rows(table), await apart.rows(table), table);
  });

  test('cancelled while it is paid for: the amount is let go, the stock released', async (t) => {
    const { deliver, answerAll, rows } = await startConsumerWorker(t);
    await deliver(placed);
    await deliver(fact('oms.order.cancel_requested.v1', { order_id }));
    await answerAll();
    assert.deepEqual(await rows(STATUS), [{ status: 'cancelled', reason: 'customer' }]);
    assert.deepEqual(await rows('SELECT on_hand, reserved FROM stock WHERE product_id = 1'), [
      { on_hand: 100, reserved: 0 },
    ]);
    assert.deepEqual(await rows('SELECT state FROM reservations'), [{ state: 'released' }]);
    assert.deepEqual(await rows('SELECT status FROM payments'), [{ status: 'voided' }]);
  });

  test('returned in part: the units that came back are refunded and restocked', async (t) => {
    const { deliver, answerAll, rows } = await startConsumerWorker(t);
    await deliver(placed);
    await answerAll();
    const return_id = '00000000-0000-4000-8000-000000000001';
    await deliver(scan('delivered', order_id));
    await deliver(
      fact('oms.return.requested.v1', {
        order_id,
        return_id,
        reason: 'changed_mind',
        lines: [{ line: 1, quantity: 1 }],
      }),
    );
    const at = new Date().toISOString();
    await deliver(
      fact('oms.return.received.v1', {
        order_id,
        return_id,
        at,
        lines: [{ line: 1, quantity: 1, resalable: true }],
      }),
    );
    await answerAll();
    assert.deepEqual(await rows('SELECT status FROM returns'), [{ status: 'refunded' }]);
    assert.deepEqual(await rows('SELECT received_quantity AS n FROM return_items'), [{ n: 1 }]);
    assert.deepEqual(
      await rows(
        `SELECT r.status, r.amount_minor = p.refunded_minor AS all_of_it
         FROM refunds r JOIN payments p ON p.order_seq = r.order_seq`,
      ),
      [{ status: 'refunded', all_of_it: 1 }],
    );
    assert.deepEqual(await rows('SELECT quantity, reason FROM stock_moves ORDER BY move_id'), [
      { quantity: -2, reason: 'sold' },
      { quantity: 1, reason: 'returned' },
    ]);
    assert.deepEqual(await rows('SELECT returned_quantity AS n FROM order_items'), [{ n: 1 }]);
  });

  test('a token is kept for the next order once it has paid', async (t) => {
    const payment = { method: 'card' as const, token: 'tok_ok', brand: 'visa', last4: '4242', one_click: true };
    const { deliver, answerAll, rows } = await startConsumerWorker(t);
    await deliver(placedEvent({ key: 'k1', data: { payment } }));
    assert.deepEqual(await rows('SELECT token FROM payment_tokens'), []);
    await answerAll();
    assert.deepEqual(await rows('SELECT customer_ref AS customer, token, last4 FROM payment_tokens'), [
      { customer: 'c-1', token: 'tok_ok', last4: '4242' },
    ]);
  });
});
