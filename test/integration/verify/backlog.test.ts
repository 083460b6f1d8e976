import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { openPool } from '../../../lib/database/connect.ts';
import { waitForRest } from '../../../src/stages/verify/backlog.ts';
import { startTestDatabase } from '../../helpers/database.ts';

const CREATED = '2026-11-21T10:00:00.000Z';
const never = new AbortController().signal;

/** A hub's operations port whose partitions 0 and 1 end at 7 and at nothing; `onLook` runs before each answer. */
async function startHubPort(t: TestContext, onLook: (looks: number) => Promise<unknown> | undefined = () => undefined) {
  let looks = 0;
  const hubs = [
    {
      name: 'orders',
      createdAt: CREATED,
      partitions: [
        { id: '0', firstSequence: 0, lastSequence: 7 },
        { id: '1', firstSequence: -1, lastSequence: -1 },
      ],
    },
  ];
  const server = createServer(async (_request, response) => {
    await onLook(++looks);
    response.end(JSON.stringify(hubs));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startDatabase(t: TestContext) {
  const database = await startTestDatabase();
  const pool = openPool(database.url, { connectionLimit: 2 });
  t.after(() => pool.end());
  const moveTo = (sequence: number, hubCreatedAt = CREATED) =>
    pool.query('INSERT INTO consumer_checkpoints VALUES ?', [
      [['localhost', 'orders', 'oms-core', 0, new Date(hubCreatedAt), 1, sequence, '', 0, new Date()]],
    ]);
  return { pool, moveTo };
}

test('a database that is at the end of every partition is at rest', async (t) => {
  const { pool, moveTo } = await startDatabase(t);
  await moveTo(7);
  const check = await waitForRest(pool, await startHubPort(t), 0, never);
  assert.deepEqual([check.result, check.detail], ['ok', '2 partitions']);
});

test('it is waited for, as long as told', async (t) => {
  const { pool, moveTo } = await startDatabase(t);
  const hub = await startHubPort(t, (looks) => (looks === 3 ? moveTo(7) : undefined));
  assert.equal((await waitForRest(pool, hub, 30_000, never)).result, 'ok');
});

test('a partition that is behind is named with its distance', async (t) => {
  const { pool, moveTo } = await startDatabase(t);
  await moveTo(2);
  const check = await waitForRest(pool, await startHubPort(t), 0, never);
  assert.equal(check.result, 'violated');
  assert.equal(check.detail, 'partition 0 of orders: 5 events are not in the database yet');
});

test('positions of a hub that was made anew since do not count, and one ahead of the hub is wrong', async (t) => {
  const { pool, moveTo } = await startDatabase(t);
  const hub = await startHubPort(t);
  await moveTo(7, '2025-01-01T00:00:00Z');
  assert.match((await waitForRest(pool, hub, 0, never)).detail, /8 events are not in the database yet/);
  await pool.query('DELETE FROM consumer_checkpoints');
  await moveTo(9);
  assert.match((await waitForRest(pool, hub, 0, never)).detail, /the database is at 9, the hub ends at 7/);
});

test('without a hub to ask the positions are skipped, and say so', async (t) => {
  const { pool } = await startDatabase(t);
  assert.equal((await waitForRest(pool, undefined, 0, never)).result, 'skipped');
  const check = await waitForRest(pool, 'http://127.0.0.1:1', 0, never);
  assert.deepEqual([check.result, check.detail], ['skipped', 'the hub at http://127.0.0.1:1 does not answer']);
});
