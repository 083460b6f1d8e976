import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAllProducts } from '../../../lib/database/catalogue.ts';
import { connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { readScarce } from '../../../lib/database/shelf.ts';
import { generateCatalogue } from '../../../src/stages/seed/generated-catalogue.ts';
import { insertProducts } from '../../../src/stages/seed/products-table.ts';
import { startTestDatabase } from '../../helpers/database.ts';

test('a catalogue of several slices is read whole, and what is scarce of it is found in each', async (t) => {
  const database = await startTestDatabase(t);
  const connection = await connect(database.url);
  t.after(() => connection.end());
  const catalogue = await generateCatalogue({ products: 5_200, units: 200, currency: 'USD', seed: 7 });
  await insertProducts(connection, catalogue, new Date());
  // Numbers have gaps, as they get after years.
  await connection.query('DELETE FROM stock WHERE product_id BETWEEN 100 AND 4000');
  await connection.query('DELETE FROM products WHERE product_id BETWEEN 100 AND 4000');
  await connection.query('UPDATE stock SET on_hand = 100, reserved = 0');
  const products = await readAllProducts(connection);
  assert.equal(products.length, 5_200 - 3_901);
  assert.deepEqual(products.map(({ productId }) => productId).slice(98, 100), [99, 4_001]);
  const [one, two, three] = [products[3]!, products.at(-2)!, products.at(-1)!];
  await connection.query('UPDATE stock SET reserved = on_hand WHERE product_id = ?', [one.productId]);
  await connection.query('UPDATE stock SET reserved = on_hand - 1 WHERE product_id = ?', [two.productId]);
  await connection.query('DELETE FROM stock WHERE product_id = ?', [three.productId]);
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM stock WHERE product_id = ?', [
    two.productId,
  ]);
  assert.deepEqual(
    await readScarce(connection, 5),
    new Map([
      [one.sku, 0],
      [two.sku, row!.n],
      [three.sku, 0],
    ]),
  );
});
