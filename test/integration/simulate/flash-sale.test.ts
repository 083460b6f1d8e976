import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openPool } from '../../../lib/database/connect.ts';
import { simulate } from '../../../src/stages/simulate/simulate.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { accept, type FakeAnswer, type Posted, startFakeProducer } from '../../helpers/fake-producer.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { insertProducts, storeOrder } from '../../helpers/stored-orders.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const TOKEN = 'token-of-the-staff';

/** Runs a small flash sale against a shop that sells one unit too many for each of `oversold` orders. */
async function runSale(t: TestContext, { oversold = 0, adminToken }: { oversold?: number; adminToken?: string } = {}) {
  const database = await startTestDatabase();
  const pool = openPool(database.url);
  t.after(() => pool.end());
  const products = await insertProducts(pool, 5);
  let left = oversold;
  const answer = async (posted: Posted): Promise<FakeAnswer> => {
    if (posted.path === '/api/admin/stock/adjusted') {
      assert.equal(posted.authorization, `Bearer ${TOKEN}`);
      const { sku, warehouse, quantity } = posted.request as unknown as Record<string, unknown>;
      await pool.query(
        `UPDATE stock s JOIN products p ON p.product_id = s.product_id SET on_hand = on_hand + ?
          WHERE sku = ? AND warehouse = ?`,
        [quantity, sku, warehouse],
      );
      return { status: 202 };
    }
    const { seq, totalMinor } = await storeOrder(pool, products, posted.request, posted.key);
    if (left-- > 0) {
      await pool.query('UPDATE reservations SET quantity = quantity + 1 WHERE order_seq = ? AND product_id = 5', [seq]);
    }
    return { status: 202, body: { ...(accept(posted).body as object), total_minor: totalMinor } };
  };
  const producer = await startFakeProducer(t, answer);
  const context = quietContext(tempFolder(t));
  const targets = { url: producer.url, databaseUrl: database.appUrl };
  const load = { rate: 100, durationMs: undefined, orders: 40, seed: 7, zipf: 1, arrivals: undefined } as const;
  const result = await simulate(
    { ...load, ...targets, shape: 'flash-sale', mix: 'none', from: undefined, speed: undefined },
    { ...context, settings: { ...context.settings, adminToken } },
  );
  const sale = result.thresholds.find(({ name }) => name.startsWith('units of'));
  return { sale, ...result.flash_sale! };
}

test('the staff puts 1,000 units on sale, and what is sold is what was wanted', async (t) => {
  const { sku, units, wanted, sold, sale } = await runSale(t, { adminToken: TOKEN });
  assert.deepEqual([sku, units], ['P-5', 1_000]);
  assert.ok(wanted > 20 && wanted < 40, `${wanted} of 40`);
  assert.deepEqual([sold, sale?.ok], [wanted, true]);
});

test('without the staff the sale takes the stock as it is; a unit too many shows', async (t) => {
  const { units, wanted, sold, sale } = await runSale(t, { oversold: 40 });
  assert.equal(units, 1_000_000);
  assert.deepEqual([sold, sale?.ok], [2 * wanted, false]);
});
