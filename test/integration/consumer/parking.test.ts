import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { connect } from '../../../lib/database/connect.ts';
import { startConsumerWorker } from '../../helpers/consumer-worker.ts';
import { fact, goodAnswer, scan } from '../../helpers/order-facts.ts';
import { placedEvent } from '../../helpers/orders.ts';

const placed = placedEvent({ key: 'k1' });
const { order_id } = placed.data;
const cancel = fact('oms.order.cancel_requested.v1', { order_id });

const STATUS = 'SELECT status, reason_code AS reason FROM orders';
const PARKED = 'SELECT sequence_number AS n, reason FROM parked_events ORDER BY 1';
const LETTERS = 'SELECT sequence_number AS n, reason, state FROM dead_letters ORDER BY 1';
const VERDICTS = 'SELECT verdict, COUNT(*) AS n FROM inbox GROUP BY verdict ORDER BY verdict';

suite('events out of their order', () => {
  test('what comes before its order waits for it, and is applied in the same transaction', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t);
    await deliver(cancel);
    assert.deepEqual(await rows(PARKED), [{ n: 0, reason: 'early' }]);
    await deliver(placed);
    assert.deepEqual(await rows(STATUS), [{ status: 'closing', reason: 'customer' }]);
    assert.deepEqual(await rows(PARKED), []);
    assert.deepEqual(await rows(VERDICTS), [{ verdict: 'applied', n: 1 }]);
  });

  test('scans that overtook each other are applied as soon as they can be', async (t) => {
    const { deliver, asked, rows } = await startConsumerWorker(t);
    await deliver(placed, scan('delivered', order_id), scan('picked_up', order_id));
    assert.deepEqual(await rows(PARKED), [
      { n: 1, reason: 'early' },
      { n: 2, reason: 'early' },
    ]);
    while (asked.length > 0) {
      const answers = asked.splice(0).filter(({ op }) => op.kind !== 'pickup');
      await deliver(...answers.flatMap((one) => goodAnswer(one) ?? []));
    }
    assert.deepEqual(await rows(STATUS), [{ status: 'delivered', reason: null }]);
    assert.deepEqual(await rows(PARKED), []);
  });

  test('what was waited for in vain is a dead letter after its time', async (t) => {
    const { deliver, worker, setClock, rows } = await startConsumerWorker(t);
    await deliver(cancel);
    await worker.expireParked();
    assert.deepEqual(await rows(LETTERS), []);
    setClock(Date.now() + 25 * 3_600_000);
    await worker.expireParked();
    assert.deepEqual(await rows(PARKED), []);
    assert.deepEqual(await rows('SELECT reason, event_type AS type, LOWER(HEX(order_id)) AS id FROM dead_letters'), [
      { reason: 'parked_expired', type: 'oms.order.cancel_requested.v1', id: order_id.replaceAll('-', '') },
    ]);
    await deliver(placed);
    assert.deepEqual(await rows(STATUS), [{ status: 'reserved', reason: null }]);
  });

  test('nothing was waited for in vain while the hub holds events that are not stored', async (t) => {
    const { deliver, worker, setClock, rows } = await startConsumerWorker(t);
    await deliver(cancel);
    setClock(Date.now() + 25 * 3_600_000);
    await worker.process([], 1);
    await worker.expireParked();
    assert.deepEqual(await rows(PARKED), [{ n: 0, reason: 'early' }]);
    await deliver(placed);
    await worker.expireParked();
    assert.deepEqual(await rows(STATUS), [{ status: 'closing', reason: 'customer' }]);
    assert.deepEqual(await rows(LETTERS), []);
  });

  test('what comes early to an order with a fast clock waits for a minute all the same', async (t) => {
    const { deliver, worker, setClock, rows } = await startConsumerWorker(t);
    const fast = { ...placed, synthetic: true, data: { ...placed.data, simulation: { time_scale: 1_000_000 } } };
    await deliver(fast, scan('delivered', order_id));
    setClock(Date.now() + 50_000);
    await worker.expireParked();
    assert.deepEqual(await rows(PARKED), [{ n: 1, reason: 'early' }]);
    setClock(Date.now() + 70_000);
    await worker.expireParked();
    assert.deepEqual(await rows(LETTERS), [{ n: 1, reason: 'parked_expired', state: 'open' }]);
  });

  test('the same event changes nothing the second time, in one batch or later', async (t) => {
    const { deliver, rows, metric } = await startConsumerWorker(t);
    await deliver(placed, cancel, cancel);
    await deliver(cancel);
    assert.deepEqual(await rows(VERDICTS), [{ verdict: 'applied', n: 1 }]);
    const duplicates = (await metric('oms_order_events_total')).find(({ labels }) => labels.verdict === 'duplicate');
    assert.equal(duplicates?.value, 2);
  });

  test('late and refused events change nothing and are recorded with the reason', async (t) => {
    const { deliver, answerAll, rows } = await startConsumerWorker(t);
    await deliver(placed);
    await answerAll();
    await deliver(cancel, fact('oms.order.timed_out.v1', { order_id, from: 'reserved', version: 2 }));
    assert.deepEqual(await rows(STATUS), [{ status: 'shipped', reason: null }]);
    const recorded = await rows(
      "SELECT verdict, detail IS NOT NULL AS explained FROM inbox WHERE verdict <> 'applied' ORDER BY verdict",
    );
    assert.deepEqual(recorded, [
      { verdict: 'late', explained: 1 },
      { verdict: 'refused', explained: 1 },
    ]);
  });
});

/** An authorisation that fits its schema and not its column, and what follows it. */
async function startBlocked(t: TestContext) {
  const shop = await startConsumerWorker(t);
  await shop.deliver(placed);
  const answer = goodAnswer(shop.asked.shift()!)!;
  const guilty = { ...answer, data: { ...answer.data, provider_ref: 'référence' } };
  await shop.deliver(guilty, cancel, placedEvent({ key: 'other' }));
  const letter = (await shop.rows('SELECT dead_letter_id AS id FROM dead_letters'))[0]!.id as number;
  /** The fault is mended: the column takes what it refused. */
  const mend = async () => {
    const admin = await connect(shop.database.url);
    await admin.query('ALTER TABLE payments MODIFY COLUMN provider_ref VARCHAR(64) NULL');
    await admin.end();
  };
  return { ...shop, guilty, letter, mend };
}

suite('an order with an event that cannot be handled', () => {
  test('waits, while others go on', async (t) => {
    const { rows, deliver } = await startBlocked(t);
    assert.deepEqual(await rows(LETTERS), [{ n: 1, reason: 'handler_error', state: 'open' }]);
    assert.deepEqual(await rows(PARKED), [{ n: 2, reason: 'blocked' }]);
    assert.deepEqual(await rows('SELECT idempotency_key AS k, status FROM orders ORDER BY 1'), [
      { k: 'k1', status: 'reserved' },
      { k: 'other', status: 'reserved' },
    ]);
    await deliver(scan('delivered', order_id));
    assert.deepEqual(await rows(PARKED), [
      { n: 2, reason: 'blocked' },
      { n: 4, reason: 'blocked' },
    ]);
  });

  test('sent again in vain, its event stays the one open letter', async (t) => {
    const { rows, deliverWith, guilty, letter } = await startBlocked(t);
    await deliverWith(guilty, { 'oms-retry': letter });
    assert.deepEqual(await rows(LETTERS), [{ n: 1, reason: 'handler_error', state: 'open' }]);
    assert.deepEqual(await rows(PARKED), [{ n: 2, reason: 'blocked' }]);
  });

  test('sent again once it can be handled, it is applied, and then what waited, in order', async (t) => {
    const { rows, deliverWith, guilty, letter, mend } = await startBlocked(t);
    await mend();
    await deliverWith(guilty, { 'oms-retry': String(letter) });
    assert.deepEqual(await rows(LETTERS), [{ n: 1, reason: 'handler_error', state: 'retried' }]);
    assert.deepEqual(await rows(PARKED), []);
    assert.deepEqual(
      await rows(
        `SELECT trigger_name AS trig FROM order_history h JOIN orders o ON o.order_seq = h.order_seq
         WHERE o.idempotency_key = 'k1' AND h.version > 2 ORDER BY h.version`,
      ),
      [{ trig: 'payment.authorized' }, { trig: 'order.cancel_requested' }],
    );
  });

  test('dropped, it is left out, and what waited goes on', async (t) => {
    const { rows, deliverWith, pool, letter } = await startBlocked(t);
    await pool.query("UPDATE dead_letters SET state = 'dropped' WHERE dead_letter_id = ?", [letter]);
    await deliverWith(cancel, { 'oms-release': 2 });
    assert.deepEqual(await rows(PARKED), []);
    assert.deepEqual(await rows("SELECT status FROM orders WHERE idempotency_key = 'k1'"), [{ status: 'closing' }]);
    assert.deepEqual(await rows(VERDICTS), [{ verdict: 'applied', n: 1 }]);
  });

  test('an event that waited and fails as well becomes a letter of its own, at its own place', async (t) => {
    const { rows, deliver, deliverWith, pool, guilty, letter } = await startBlocked(t);
    const worse = { ...guilty, id: '00000000-0000-4000-8000-00000000000a' };
    await deliver(worse);
    await pool.query("UPDATE dead_letters SET state = 'dropped' WHERE dead_letter_id = ?", [letter]);
    await deliverWith(worse, { 'oms-release': 4 });
    assert.deepEqual(await rows(LETTERS), [
      { n: 1, reason: 'handler_error', state: 'dropped' },
      { n: 4, reason: 'handler_error', state: 'open' },
    ]);
    assert.deepEqual(await rows(PARKED), []);
    assert.deepEqual(await rows("SELECT status FROM orders WHERE idempotency_key = 'k1'"), [{ status: 'closing' }]);
  });

  test('an event that the code stumbles over is taken out of its batch alone', async (t) => {
    const { deliver, asked, rows, pool } = await startConsumerWorker(t);
    await deliver(placed);
    await deliver(goodAnswer(asked.shift()!)!);
    // A parcel without the lines that are in it is what no version has ever written.
    await pool.query('DELETE FROM order_items');
    const refusal = { order_id, parcel_no: 1, carrier: 'swiftpost', op_key: `${order_id}:label:1`, code: 'busy' };
    const failed = fact('oms.shipment.label_failed.v1', refusal);
    await deliver(placedEvent({ key: 'a' }), failed, placedEvent({ key: 'b' }));
    assert.deepEqual(await rows(LETTERS), [{ n: 3, reason: 'handler_error', state: 'open' }]);
    assert.match((await rows('SELECT detail FROM dead_letters'))[0]!.detail, /^TypeError: /);
    assert.deepEqual(await rows('SELECT idempotency_key AS k, status FROM orders ORDER BY 1'), [
      { k: 'a', status: 'reserved' },
      { k: 'b', status: 'reserved' },
      { k: 'k1', status: 'confirmed' },
    ]);
  });
});
