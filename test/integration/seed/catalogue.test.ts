import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { startTestDatabase } from '../../helpers/database.ts';
import { checksums, rowsOf, runSeed } from '../../helpers/seeding.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const HEADER = 'sku,name,category,brand,price,cost,currency,stock';

/** A database and a way to seed it with the catalogue of some rows. */
async function openShop(t: TestContext) {
  const { url } = await startTestDatabase(t);
  const folder = tempFolder(t);
  const file = join(folder, 'catalogue.csv');
  const bringIn = async (rows: string[], request: Parameters<typeof runSeed>[1] = {}) => {
    await writeFile(file, [HEADER, ...rows].join('\n'));
    return runSeed(url, { ...request, catalogueFile: file });
  };
  const products = () => rowsOf(url, 'SELECT sku, name, price_minor, version FROM products ORDER BY product_id');
  const stock = () =>
    rowsOf(
      url,
      `SELECT sku, on_hand, (SELECT CAST(SUM(quantity) AS SIGNED) FROM stock_moves m WHERE m.product_id = p.product_id) AS moved
       FROM stock s JOIN products p USING (product_id) ORDER BY product_id`,
    );
  return { url, bringIn, products, stock };
}

suite('a catalogue from a file', () => {
  test('is there as it is written, without any invented customer or order', async (t) => {
    const shop = await openShop(t);
    const result = await shop.bringIn(['B,Cup,Kitchen,,49.9,30,BRL,7', 'A,Mug,Kitchen,Casa,7,5,BRL,0']);
    assert.deepEqual([result.state, result.currency, result.orders, result.history_until], ['seeded', 'BRL', 0, null]);
    assert.deepEqual(await shop.products(), [
      { sku: 'B', name: 'Cup', price_minor: 4_990, version: 1 },
      { sku: 'A', name: 'Mug', price_minor: 700, version: 1 },
    ]);
    assert.deepEqual(await shop.stock(), [
      { sku: 'B', on_hand: 7, moved: 7 },
      { sku: 'A', on_hand: 0, moved: null },
    ]);
    const [others] = await rowsOf(
      shop.url,
      'SELECT (SELECT COUNT(*) FROM customers) + (SELECT COUNT(*) FROM orders) + (SELECT COUNT(*) FROM coupons) AS n',
    );
    assert.equal(others!.n, 0);
  });

  test('changes nothing the second time', async (t) => {
    const shop = await openShop(t);
    const rows = ['B,Cup,Kitchen,,49.9,30,BRL,7', 'A,Mug,Kitchen,Casa,7,5,BRL,0'];
    await shop.bringIn(rows);
    const before = await checksums(shop.url);
    const again = await shop.bringIn(rows);
    assert.equal(again.state, 'already_seeded');
    assert.deepEqual(again.imported, { added: 0, changed: 0, unchanged: 2, restocked: 0 });
    assert.deepEqual(await checksums(shop.url), before);
  });

  test('adds to what is there by sku: the next version of what changed, stock as the file has it now', async (t) => {
    const shop = await openShop(t);
    await shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,10', 'B,Cup,Kitchen,,9,5,BRL,10']);
    const result = await shop.bringIn([
      'A,Mug,Kitchen,,8,5,BRL,10',
      'C,Jar,Kitchen,,3,2,BRL,1',
      'B,Cup,Kitchen,,9,5,BRL,4',
    ]);
    assert.deepEqual(result.imported, { added: 1, changed: 1, unchanged: 1, restocked: 1 });
    assert.deepEqual(await shop.products(), [
      { sku: 'A', name: 'Mug', price_minor: 800, version: 2 },
      { sku: 'B', name: 'Cup', price_minor: 900, version: 1 },
      { sku: 'C', name: 'Jar', price_minor: 300, version: 1 },
    ]);
    assert.deepEqual(await shop.stock(), [
      { sku: 'A', on_hand: 10, moved: 10 },
      { sku: 'B', on_hand: 4, moved: 4 },
      { sku: 'C', on_hand: 1, moved: 1 },
    ]);
  });

  test('what was sold since stays sold, and what orders hold cannot be taken away', async (t) => {
    const shop = await openShop(t);
    await shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,10']);
    await rowsOf(
      shop.url,
      "INSERT INTO stock_moves (product_id, warehouse, quantity, reason, moved_at) VALUES (1, 'East', -3, 'shipped', NOW())",
    );
    await rowsOf(shop.url, 'UPDATE stock SET on_hand = 7, reserved = 5');
    await shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,12']);
    assert.deepEqual(await shop.stock(), [{ sku: 'A', on_hand: 9, moved: 9 }]);
    await assert.rejects(shop.bringIn(['A,Mug,Kitchen,,8,5,BRL,2']), {
      code: 'refused',
      message: 'the stock of A cannot be lowered by 10',
    });
    assert.deepEqual(await shop.products(), [{ sku: 'A', name: 'Mug', price_minor: 700, version: 1 }]);
  });

  test('gets a history when one is asked for, in its own currency and places', async (t) => {
    const shop = await openShop(t);
    const rows = ['A,Mug,Kitchen,,7,5,BRL,10', 'B,Cup,Kitchen,,9,5,BRL,10'];
    const result = await shop.bringIn(rows, { orders: 300, days: 30 });
    assert.equal(result.written.orders, 300);
    assert.deepEqual(await rowsOf(shop.url, 'SELECT DISTINCT currency FROM orders'), [{ currency: 'BRL' }]);
    const again = await shop.bringIn(rows, { orders: 300, days: 30 });
    assert.equal(again.state, 'already_seeded');
    const available = await rowsOf(shop.url, 'SELECT CAST(on_hand - reserved AS SIGNED) AS n FROM stock');
    assert.deepEqual(available, [{ n: 10 }, { n: 10 }]);
  });

  test('is refused in another currency than that of the products or orders that are there', async (t) => {
    const shop = await openShop(t);
    await runSeed(shop.url, { orders: 20, products: 5 });
    const before = await checksums(shop.url);
    await assert.rejects(shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,10']), {
      code: 'refused',
      message: 'the catalogue is in BRL, the orders in the database are in USD',
    });
    assert.deepEqual(await checksums(shop.url), before);
    await runSeed(shop.url, { orders: 0, products: 5, reset: true, yes: true });
    await assert.rejects(shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,10']), {
      message: 'the catalogue is in BRL, the products in the database are in USD',
    });
  });

  test('with a problem writes nothing', async (t) => {
    const shop = await openShop(t);
    await assert.rejects(shop.bringIn(['A,Mug,Kitchen,,7,5,BRL,10', 'B,Cup,Kitchen,,x,5,BRL,10']), {
      code: 'input_file',
      why: /^catalogue\.csv:3: price "x"/,
    });
    assert.deepEqual(await shop.products(), []);
  });
});
