import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import { orderEvent } from '../../../lib/domain/order-events.ts';
import { OmsError } from '../../../src/errors.ts';
import { listLetters } from '../../../src/stages/dlq/letters.ts';
import { dropLetters, retryLetters } from '../../../src/stages/dlq/resolve.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { startPipeline } from '../../helpers/pipeline.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { until } from '../../helpers/until.ts';

const placed = placedEvent({ key: 'k1' });
const { order_id, total_minor: amount_minor, currency } = placed.data;

const origin = (n: number, source: string) => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  source,
  time: new Date().toISOString(),
});

/** An authorisation that fits its schema and not its column. */
const guilty = orderEvent(
  'oms.payment.authorized.v1',
  {
    ...{ order_id, attempt: 1, op_key: `${order_id}:authorize:1` },
    ...{ provider: 'sandbox', provider_ref: 'reference', amount_minor, currency },
  },
  origin(1, '/psp/sandbox'),
);
const cancelled = orderEvent('oms.order.cancel_requested.v1', { order_id }, origin(2, '/shop/web'));

/** A running consumer with one dead letter, and a wish to cancel that waits behind it. */
async function startBlocked(t: TestContext) {
  const pipeline = await startPipeline(t);
  const { database, hub, count } = pipeline;
  const send = (...events: CloudEventEnvelope[]) => pipeline.send(events as never);
  const query = async (sql: string) => {
    const connection = await connect(database.url);
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    await connection.end();
    return rows;
  };
  await query('ALTER TABLE payments MODIFY COLUMN provider_ref VARCHAR(1) NULL');
  await pipeline.startConsumer();
  await send(placed);
  await until('the order is stored', async () => (await count('SELECT COUNT(*) FROM orders')) === 1);
  await send(guilty, cancelled);
  await until('an event waits', async () => (await count('SELECT COUNT(*) FROM parked_events')) === 1);
  const quiet = quietContext('/nowhere');
  const context = { ...quiet, settings: { ...quiet.settings, eventHub: hub.connectionString } };
  const [letter] = await query('SELECT dead_letter_id AS id FROM dead_letters');
  const env = { OMS_DATABASE_URL: database.appUrl, OMS_EVENTHUB_CONNECTION_STRING: hub.connectionString };
  return { ...{ context, count, env, query }, id: letter!.id as number, flags: { databaseUrl: database.appUrl } };
}

suite('oms dlq', () => {
  test('a letter is shown with what waits behind it, retried in vain, and retried with success', async (t) => {
    const { id, env, query, count } = await startBlocked(t);
    const shown = await runCli(['dlq', 'show', String(id)], { env });
    assert.match(shown.stdout, new RegExp(`^Dead letter ${id}  open\nhandler_error: `));
    assert.match(shown.stdout, new RegExp(`\norder ${order_id}, 1 later event waits behind it\n`));
    assert.match(shown.stdout, /\n {4}"provider_ref": "reference",\n/);

    const inVain = await runCli(['dlq', 'retry', String(id)], { env });
    assert.equal(inVain.code, 1, inVain.stderr);
    assert.match(inVain.stdout, new RegExp(`^dead letter ${id}: failed again, handler_error: `));

    await query('ALTER TABLE payments MODIFY COLUMN provider_ref VARCHAR(64) NULL');
    const { code, stdout } = await runCli(['dlq', 'retry', '--all', '--json'], { env });
    assert.equal(code, 0, stdout);
    assert.deepEqual(JSON.parse(stdout).result, {
      letters: [{ id, outcome: 'retried', detail: null }],
      released: 0,
    });
    await until('nothing waits', async () => (await count('SELECT COUNT(*) FROM parked_events')) === 0);
    assert.deepEqual(await query('SELECT status, reason_code AS reason FROM orders'), [
      { status: 'closing', reason: 'customer' },
    ]);
    const list = await runCli(['dlq', 'list'], { env });
    assert.equal(list.stdout, 'no dead letter is open\n');
  });

  test('dropped, a letter stays as a record and what waited behind it goes on', async (t) => {
    const { id, context, flags, count, query } = await startBlocked(t);
    const dropped = await dropLetters({ ids: [id], yes: false, ...flags }, context);
    assert.deepEqual(dropped, { letters: [{ id, outcome: 'dropped', detail: null }], released: 1 });
    await until('nothing waits', async () => (await count('SELECT COUNT(*) FROM parked_events')) === 0);
    assert.deepEqual(await query('SELECT status FROM orders'), [{ status: 'closing' }]);
    const { letters, open } = await listLetters({ state: 'all', reason: undefined, limit: 5, ...flags }, context);
    assert.deepEqual([open, letters[0]!.state, letters[0]!.event_type], [0, 'dropped', 'oms.payment.authorized.v1']);
    const again = await dropLetters({ ids: [id], yes: false, ...flags }, context);
    assert.deepEqual(again.letters, [{ id, outcome: 'not_open', detail: 'it is dropped' }]);
  });

  test('nothing is given up without a yes, and nothing that is not there', async (t) => {
    const { id, context, flags, count } = await startBlocked(t);
    const refused = (code: string) => (error: OmsError) => error instanceof OmsError && error.code === code;
    await assert.rejects(dropLetters({ ids: [], yes: false, ...flags }, context), refused('refused'));
    await assert.rejects(dropLetters({ ids: [id, 999], yes: false, ...flags }, context), refused('not_found'));
    const nowhere = { ...context, settings: { ...context.settings, eventHub: undefined } };
    await assert.rejects(retryLetters({ ids: [id], waitMs: 0, ...flags }, nowhere), refused('hub_unreachable'));
    assert.equal(await count("SELECT COUNT(*) FROM dead_letters WHERE state = 'open'"), 1);
    const all = await dropLetters({ ids: [], yes: true, ...flags }, context);
    assert.equal(all.released, 1);
  });
});
