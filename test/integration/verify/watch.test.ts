import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Books } from '../../helpers/books.ts';
import { runCli } from '../../helpers/run-cli.ts';

suite('oms verify --every', () => {
  const books = new Books();
  before(() => books.open());
  after(() => books.close());

  const rounds = (...args: string[]) =>
    runCli(['verify', '--every', '1s', '--for', '1s', ...args], { env: { OMS_DATABASE_URL: books.appUrl } });

  test('prints a line a round, and names what it cannot check while the pipeline works', async () => {
    await books.reset();
    const { code, stdout, stderr } = await rounds();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^\d\d:\d\d:\d\d {2}round 1 {2}\d+ checks hold, left out I1 N3 M6 N4, [\d.]+ m?s\n/);
  });

  test('ends with 1 when any round found something, and forgives what is under way', async () => {
    await books.reset();
    const { seq } = books.orders[0]!;
    // A step of this moment may still be in the outbox, and an event may wait; dated ahead, so that it stays one on a
    // machine that takes its time.
    await books.sql('UPDATE order_history SET at = NOW(6) + INTERVAL 10 MINUTE WHERE order_seq = ?', [seq]);
    await books.sql('INSERT INTO outbox VALUES (3, ?, 1, 2)', [seq]);
    assert.equal((await rounds('--json')).code, 0);
    await books.sql('UPDATE stock SET reserved = reserved + 1 WHERE product_id = 1');
    const { code, stdout } = await rounds('--json');
    assert.equal(code, 1);
    const { ok, violations } = JSON.parse(stdout).result;
    assert.deepEqual([ok, violations.map(({ name }: { name: string }) => name)], [false, ['S2']]);
  });
});
