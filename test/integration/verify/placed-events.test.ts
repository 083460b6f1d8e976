import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPool } from '../../../lib/database/connect.ts';
import { retryLetters } from '../../../src/stages/dlq/resolve.ts';
import { checkPlacedEvents } from '../../../src/stages/verify/placed-events.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { startPipeline } from '../../helpers/pipeline.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { until } from '../../helpers/until.ts';

test('every placed order of the hub is looked for among orders and dead letters', async (t) => {
  const { hub, database, send, startConsumer, count } = await startPipeline(t);
  const pool = openPool(database.url, { connectionLimit: 2 });
  const target = { connectionString: hub.connectionString, hubUrl: `http://127.0.0.1:${hub.httpPort}`, limit: 1_000 };
  const look = () => checkPlacedEvents(pool, target, new AbortController().signal);
  const consumer = await startConsumer();
  const first = placedEvent({ key: 'k-0' });
  // The last one is the first again with other contents: a conflict, and so a dead letter.
  const conflict = placedEvent({ key: 'k-0', items: [{ sku: 'A', quantity: 2 }] });
  await send([first, ...Array.from({ length: 30 }, (_, n) => placedEvent({ key: `k-${n + 1}` })), conflict]);
  await until('all are handled', async () => (await count('SELECT COUNT(*) FROM orders')) === 31);
  await until('the conflict too', async () => (await count('SELECT COUNT(*) FROM dead_letters')) === 1);
  await consumer.stop();
  assert.deepEqual([(await look()).result, (await look()).detail], ['ok', '32 placed among the newest 32 events']);

  const id = first.data.order_id.replaceAll('-', '');
  await pool.query('DELETE FROM orders WHERE order_id = ?', [Buffer.from(id, 'hex')]);
  const { result, detail } = await look();
  assert.equal(result, 'violated');
  assert.match(
    detail,
    new RegExp(`^order ${id}: event \\d+ of partition \\d placed it, and it is neither stored nor a dead letter$`),
  );
  await pool.end();
});

test('an event that was sent again in vain stays the dead letter it was', async (t) => {
  const { hub, database, send, startConsumer, count } = await startPipeline(t);
  await startConsumer();
  const event = placedEvent({ key: 'k-0' });
  await send([{ ...event, data: { ...event.data, total_minor: 1.5 } } as typeof event]);
  await until('it is a dead letter', async () => (await count('SELECT COUNT(*) FROM dead_letters')) === 1);
  const quiet = quietContext('/nowhere');
  const context = { ...quiet, settings: { ...quiet.settings, eventHub: hub.connectionString } };
  const retried = await retryLetters({ ids: [], waitMs: 30_000, databaseUrl: database.appUrl }, context);
  assert.deepEqual(
    retried.letters.map(({ outcome }) => outcome),
    ['failed_again'],
  );
  const pool = openPool(database.url, { connectionLimit: 2 });
  const target = { connectionString: hub.connectionString, hubUrl: `http://127.0.0.1:${hub.httpPort}`, limit: 1_000 };
  const { result, detail } = await checkPlacedEvents(pool, target, new AbortController().signal);
  assert.deepEqual([result, detail], ['ok', '2 placed among the newest 2 events']);
  await pool.end();
});
