import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { orderIdFor, placedEventId } from '../../../lib/domain/ids.ts';
import { Books, entryOf, type Fault, PREFIX, plantAndVerify, violations } from '../../helpers/books.ts';
import type { StoredOrder } from '../../helpers/stored-orders.ts';
import { notify } from '../../helpers/whole-orders.ts';

const named = ({ orderId, key }: StoredOrder) => `order ${orderId} (${key})`;
const hex = ({ orderId }: StoredOrder) => `order ${orderId.replaceAll('-', '')}`;

const removeOrder = async (books: Books, { seq }: StoredOrder) => {
  await books.sql(
    'UPDATE stock s JOIN reservations r USING (product_id, warehouse) SET reserved = reserved - r.quantity WHERE order_seq = ?',
    [seq],
  );
  for (const table of ['notifications', 'reservations', 'order_history', 'order_items', 'orders']) {
    await books.sql(`DELETE FROM ${table} WHERE order_seq = ?`, [seq]);
  }
};

const deadLetter = (reason: string, eventId: string | null) => ({
  hub: 'orders',
  hub_created_at: new Date(),
  partition_id: 3,
  sequence_number: 77,
  reason,
  detail: 'price of P-1',
  event_id: eventId,
  body: '{}',
  failed_at: new Date(),
});

const MANIFEST_FAULTS: Fault[] = [
  {
    fault: 'an accepted order is not stored',
    plant: (books) => removeOrder(books, books.orders[2]!),
    noticed: ({ orders }) => ({ lost: `${named(orders[2]!)}: neither stored nor a dead letter` }),
  },
  {
    fault: 'an accepted order became a dead letter',
    async plant(books) {
      const order = books.orders[1]!;
      await removeOrder(books, order);
      const row = deadLetter('handler_error', placedEventId(order.orderId, order.hash));
      await books.sql('INSERT INTO dead_letters SET ?', [row]);
    },
    noticed: ({ orders }) => ({ lost: `${named(orders[1]!)}: dead letter, handler_error: price of P-1` }),
  },
  {
    fault: 'an order is stored twice',
    async plant(books) {
      const { seq } = books.orders[0]!;
      for (const table of ['orders', 'order_items', 'order_history', 'reservations', 'notifications']) {
        await books.sql(`CREATE TEMPORARY TABLE copy AS SELECT * FROM ${table} WHERE order_seq = ?`, [seq]);
        await books.sql('UPDATE copy SET order_seq = order_seq + 1000000');
        await books.sql(`INSERT INTO ${table} SELECT * FROM copy`);
        await books.sql('DROP TEMPORARY TABLE copy');
      }
      await books.sql(
        'UPDATE stock s JOIN reservations r USING (product_id, warehouse) SET reserved = reserved + r.quantity WHERE order_seq = ?',
        [seq],
      );
    },
    noticed: ({ orders }) => ({
      duplicated: `${named(orders[0]!)}: stored 2 times`,
      I4: `${hex(orders[0]!)}: stored 2 times`,
    }),
  },
  {
    fault: 'what is stored is not what was asked for',
    plant: ({ pool, orders }) =>
      pool.query('UPDATE orders SET request_hash = ? WHERE order_seq = ?', [Buffer.alloc(16), orders[3]!.seq]),
    noticed: ({ orders }) => ({ altered: `${named(orders[3]!)}: its request hash is another` }),
  },
  {
    fault: 'another total was quoted',
    async plant({ manifest }) {
      manifest[1]!.total_minor! += 1;
    },
    noticed: ({ orders }) => ({
      altered: new RegExp(`\\(${orders[1]!.key}\\): total ${orders[1]!.totalMinor}, quoted`),
    }),
  },
  {
    fault: 'an order that was refused is stored',
    async plant({ manifest }) {
      Object.assign(manifest[0]!, { outcome: 'failed', total_minor: null, reason: '422 unknown_sku' });
    },
    noticed: ({ orders }) => ({ refused: `${named(orders[0]!)}: refused as 422 unknown_sku` }),
  },
  {
    fault: 'an order is stored under a key that the run never sent',
    async plant({ manifest }) {
      manifest.splice(2, 1);
    },
    noticed: ({ orders }) => ({ invented: `${hex(orders[2]!)}: its key is ${orders[2]!.key}` }),
  },
];

const DATABASE_FAULTS: Fault[] = [
  {
    fault: 'an order has the id of another customer or key',
    plant: (books) =>
      books.sql('UPDATE orders SET customer_ref = ? WHERE order_seq = ?', ['c-other', books.orders[0]!.seq]),
    noticed: ({ orders }) => ({ I4: `${hex(orders[0]!)}: its id is not that of c-other and ${PREFIX}0` }),
  },
  {
    fault: 'items belong to no order',
    plant: (books) =>
      books.sql(
        'INSERT INTO order_items (order_seq, line_no, product_id, quantity, unit_minor, discount_minor, tax_minor) VALUES (99, 1, 1, 1, 1, 0, 0)',
      ),
    noticed: () => ({ O1: 'order_items of order_seq 99: there is no such order' }),
  },
  {
    fault: 'history belongs to no order',
    plant: (books) =>
      books.sql("INSERT INTO order_history VALUES (4092, 1, 'order.placed', NULL, 'received', NULL, '', NOW())"),
    noticed: () => ({ O1: 'order_history of order_seq 4092: there is no such order' }),
  },
  {
    fault: 'a reservation belongs to no order',
    plant: (books) => books.sql("INSERT INTO reservations VALUES (99, 1, 'East', 5, 'released')"),
    noticed: () => ({ O1: 'reservations of order_seq 99: there is no such order' }),
  },
  {
    fault: 'a step was taken that the order machine does not have',
    async plant({ pool, orders }) {
      const { seq } = orders[1]!;
      await pool.query("UPDATE order_history SET to_status = 'shipped' WHERE order_seq = ? AND version = 2", [seq]);
      await pool.query("UPDATE orders SET status = 'shipped' WHERE order_seq = ?", [seq]);
      await notify(pool, seq, 2, 'order_shipped');
    },
    noticed: ({ orders }) => ({ P1: `order_seq ${orders[1]!.seq}: received -> shipped by decide` }),
  },
  {
    fault: 'a version is missing',
    async plant({ pool, orders }) {
      const { seq } = orders[2]!;
      await pool.query('DELETE FROM order_history WHERE order_seq = ? AND version = 1', [seq]);
      await pool.query('DELETE FROM notifications WHERE order_seq = ?', [seq]);
    },
    noticed: ({ orders }) => ({ P2: `order_seq ${orders[2]!.seq}: version 2 follows none that led to received` }),
  },
  {
    fault: 'a step begins where the last one did not lead',
    plant: (books) =>
      books.sql(
        "UPDATE order_history SET trigger_name = 'review.approved', from_status = 'review' WHERE order_seq = ? AND version = 2",
        [books.orders[2]!.seq],
      ),
    noticed: ({ orders }) => ({ P2: `order_seq ${orders[2]!.seq}: version 2 follows none that led to review` }),
  },
  {
    fault: 'the status is not that of the last step',
    plant: (books) => books.sql("UPDATE orders SET status = 'confirmed' WHERE order_seq = ?", [books.orders[3]!.seq]),
    noticed: ({ orders }) => ({ P3: `${hex(orders[3]!)}: confirmed at version 2, history says reserved` }),
  },
  {
    fault: 'the history goes on after the status',
    async plant({ pool, orders }) {
      const { seq } = orders[3]!;
      await pool.query(
        "INSERT INTO order_history VALUES (?, 3, 'payment.authorized', 'reserved', 'confirmed', NULL, '', NOW())",
        [seq],
      );
      await notify(pool, seq, 3, 'order_confirmed');
    },
    noticed: ({ orders }) => ({ P3: `${hex(orders[3]!)}: reserved at version 2, history says reserved and goes on` }),
  },
  {
    fault: 'more is reserved than is there',
    async plant({ pool }) {
      await pool.query('UPDATE stock SET on_hand = 1 WHERE product_id = 4');
      await pool.query('UPDATE stock SET reserved = 2 WHERE product_id = 4');
    },
    noticed: () => ({ S1: 'product 4 in East: reserved 2 of 1', S2: /reserved 2/, S3: /on_hand 1/ }),
  },
  {
    fault: 'more is reserved than orders hold',
    plant: (books) => books.sql('UPDATE stock SET reserved = reserved + 1 WHERE product_id = 1'),
    noticed: () => ({ S2: 'product 1 in East: reserved 9, orders hold 8' }),
  },
  {
    fault: 'stock is held where there is none',
    plant: (books) =>
      books.sql("UPDATE reservations SET warehouse = 'Moon' WHERE order_seq = ? AND product_id = 1", [
        books.orders[0]!.seq,
      ]),
    noticed: () => ({ S2: /^product 1 in East: reserved 8, orders hold 6 \(2 in all\)$/ }),
  },
  {
    fault: 'stock appeared without a move',
    plant: (books) => books.sql('UPDATE stock SET on_hand = on_hand + 1 WHERE product_id = 4'),
    noticed: () => ({ S3: 'product 4 in East: on_hand 1000001, moves say 1000000' }),
  },
  {
    fault: 'an order that is over still holds stock',
    async plant({ pool, orders }) {
      const { seq } = orders[0]!;
      await pool.query("UPDATE order_history SET to_status = 'closing' WHERE order_seq = ? AND version = 2", [seq]);
      await pool.query(
        "INSERT INTO order_history VALUES (?, 3, 'settled', 'closing', 'cancelled', 'out_of_stock', '', NOW())",
        [seq],
      );
      await pool.query("UPDATE orders SET status = 'cancelled', version = 3 WHERE order_seq = ?", [seq]);
      await notify(pool, seq, 3, 'cancelled_out_of_stock');
    },
    noticed: ({ orders }) => ({ S5: new RegExp(`^${hex(orders[0]!)}: cancelled, holds 2 of product 1`) }),
  },
  {
    fault: 'a reserved order holds less than it asks for',
    async plant({ pool, orders }) {
      const { seq } = orders[1]!;
      await pool.query("UPDATE reservations SET state = 'released' WHERE order_seq = ? AND product_id = 1", [seq]);
      await pool.query('UPDATE stock SET reserved = reserved - 2 WHERE product_id = 1');
    },
    noticed: ({ orders }) => ({ S6: `${hex(orders[1]!)}: asks for 3, holds 1` }),
  },
  {
    fault: 'a line costs more than the order says',
    plant: (books) =>
      books.sql('UPDATE order_items SET unit_minor = unit_minor + 1 WHERE order_seq = ? AND line_no = 1', [
        books.orders[2]!.seq,
      ]),
    noticed: ({ orders }) => ({ M1: new RegExp(`^${hex(orders[2]!)}: total ${orders[2]!.totalMinor}, lines `) }),
  },
  {
    fault: 'the total does not follow from the amounts',
    async plant({ pool, orders, manifest }) {
      await pool.query('UPDATE orders SET total_minor = total_minor + 5 WHERE order_seq = ?', [orders[2]!.seq]);
      manifest[2]!.total_minor! += 5;
    },
    noticed: ({ orders }) => ({ M1: new RegExp(`^${hex(orders[2]!)}: total ${orders[2]!.totalMinor + 5}, `) }),
  },
  {
    fault: 'an order has no lines',
    async plant({ pool, orders }) {
      await pool.query('DELETE FROM order_items WHERE order_seq = ?', [orders[0]!.seq]);
    },
    noticed: ({ orders }) => ({
      M0: `${hex(orders[0]!)}: has no lines`,
      S6: `${hex(orders[0]!)}: asks for 0, holds 3`,
    }),
  },
  {
    fault: 'a step was not published',
    plant: (books) => books.sql('INSERT INTO outbox VALUES (3, ?, 1, 2)', [books.orders[0]!.seq]),
    noticed: ({ orders }) => ({ N2: `order_seq ${orders[0]!.seq}: versions 1 to 2 wait in the outbox` }),
  },
  {
    fault: 'a dead letter has no reason',
    plant: (books) => books.sql('INSERT INTO dead_letters SET ?', [deadLetter(' ', null)]),
    noticed: () => ({ N5: /^dead letter \d+: partition 3, sequence number 77 of orders, open$/ }),
  },
];

suite('oms verify', () => {
  const books = new Books();
  before(() => books.open());
  after(() => books.close());

  test('finds nothing in clean books', async () => {
    await books.reset();
    const result = await books.verify();
    assert.deepEqual(violations(result), {});
    assert.equal(result.ok, true);
    assert.equal(result.checks.find((check) => check.name === 'lost')?.detail, '6 of 6 accepted orders');
  });

  for (const planted of [...MANIFEST_FAULTS, ...DATABASE_FAULTS]) {
    test(`notices when ${planted.fault}`, async () => {
      await plantAndVerify(books, planted);
    });
  }

  test('an order whose outcome is unknown may be stored or not', async () => {
    await books.reset();
    const { manifest, orders } = books;
    Object.assign(manifest[0]!, { outcome: 'unknown', total_minor: null });
    const order_id = orderIdFor('c-9', `${PREFIX}9`);
    manifest.push({ ...entryOf(orders[0]!, 9), outcome: 'unknown', total_minor: null, order_id, key: `${PREFIX}9` });
    const result = await books.verify();
    assert.deepEqual(violations(result), {});
    assert.equal(
      result.checks.find((check) => check.name === 'lost')?.detail,
      '5 of 5 accepted orders, 1 of 2 with no answer',
    );
  });

  test('a run from before the database was seeded is not compared, and that is said', async () => {
    await books.reset();
    await books.sql(
      "INSERT INTO seed_runs (part, settings, history_until, started_at) VALUES ('history', '{}', NOW(), '2099-01-01')",
      [],
    );
    const { checks, ok } = await books.verify();
    await books.sql('DELETE FROM seed_runs', []);
    const left = checks.filter(({ detail }) => /before the database was seeded, at 2099-01-01/.test(detail));
    assert.deepEqual(
      left.map(({ name, result }) => `${name} ${result}`),
      ['lost', 'duplicated', 'altered', 'refused', 'invented'].map((name) => `${name} skipped`),
    );
    assert.equal(ok, true);
  });

  test('an order that was amended may cost less than was quoted', async () => {
    await books.reset();
    const { seq } = books.orders[0]!;
    books.manifest[0]!.total_minor! += 1_000;
    await books.sql(
      "INSERT INTO order_history VALUES (?, 3, 'payment.action_required', 'reserved', 'action_required', 'stock', '', NOW()), (?, 4, 'order.amended', 'action_required', 'reserved', NULL, '', NOW())",
      [seq, seq],
    );
    await books.sql('UPDATE orders SET version = 4 WHERE order_seq = ?', [seq]);
    await notify(books.pool, seq, 3, 'stock_short');
    assert.deepEqual(violations(await books.verify()), {});
  });

  test('of a run that was cut off nobody can say what it invented', async () => {
    await books.reset();
    books.manifest.pop();
    const result = await books.verify({ finished: false });
    assert.equal(result.ok, true);
    assert.equal(result.checks.find((check) => check.name === 'invented')?.result, 'skipped');
  });

  test('a recorded order stored by an earlier replay was not stored although refused', async () => {
    await books.reset();
    const later = new Date(Date.now() + 60_000).toISOString();
    Object.assign(books.manifest[0]!, { outcome: 'failed', total_minor: null, planned_at: later });
    assert.deepEqual(violations(await books.verify()), {});
  });

  test('many offenders are counted, the first is named', async () => {
    await books.reset();
    const rows = Array.from({ length: 1_200 }, (_, n) => [1, n + 1, 1, 1]);
    await books.sql('INSERT INTO outbox VALUES ?', [rows]);
    const check = (await books.verify()).checks.find(({ name }) => name === 'N2');
    assert.equal(check?.offenders, 1_000);
    assert.match(check?.detail ?? '', /\(more than 1,000 in all\)$/);
  });
});
