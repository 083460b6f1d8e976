import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProducer } from '../../../apps/producer/app.ts';
import { connect } from '../../../lib/database/connect.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { simulate } from '../../../src/stages/simulate/simulate.ts';
import { verify } from '../../../src/stages/verify/verify.ts';
import { startPipeline } from '../../helpers/pipeline.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

test('orders simulated against API, hub and consumer are all stored, and the books balance', async (t) => {
  const pipeline = await startPipeline(t);
  const { hub, database } = pipeline;
  const connection = await connect(database.url);
  await connection.query(`INSERT INTO stock_moves (product_id, warehouse, quantity, reason, moved_at)
    SELECT product_id, warehouse, on_hand, 'initial', UTC_TIMESTAMP(6) FROM stock`);
  await connection.end();
  await pipeline.startConsumer();
  const producer = await startProducer(
    {
      namespace: { connectionString: hub.connectionString },
      ordersHub: 'orders',
      databaseUrl: database.appUrl,
      http: { host: '127.0.0.1', port: 0 },
    },
    createLogger('producer', 'silent'),
  );
  t.after(() => producer.stop());
  const url = `http://127.0.0.1:${producer.port}`;
  await until('the order API is ready', async () => (await fetch(`${url}/readyz`)).ok);
  const folder = tempFolder(t);

  const quiet = quietContext(folder);
  const context = { ...quiet, settings: { ...quiet.settings, eventHub: hub.connectionString } };
  const options = {
    url,
    databaseUrl: database.appUrl,
    rate: 200,
    durationMs: 1_000,
    orders: undefined,
    seed: 7,
    zipf: 1,
  };
  const rest = { arrivals: 'poisson' as const, from: undefined, speed: undefined, drainTimeoutMs: 30_000 };
  const { counts } = await simulate({ ...options, ...rest }, context);
  assert.ok(counts.asked > 100);
  assert.deepEqual(
    [counts.issued, counts.accepted, counts.stored, counts.lost, counts.failed, counts.unknown],
    [counts.asked, counts.asked, counts.asked, 0, 0, 0],
  );

  const result = await verify(
    {
      run: undefined,
      manifest: undefined,
      all: false,
      lateMs: 60_000,
      hubEvents: 100_000,
      waitMs: 30_000,
      databaseUrl: database.appUrl,
      hubUrl: `http://127.0.0.1:${hub.httpPort}`,
    },
    context,
  );
  // There is no provider here whose book could be compared.
  assert.deepEqual(
    result.checks.filter((check) => check.result !== 'ok').map(({ name, result }) => [name, result]),
    [['M6', 'skipped']],
  );
});
