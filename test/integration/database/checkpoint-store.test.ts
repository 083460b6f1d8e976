import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { PartitionOwnership } from '@azure/event-hubs';
import { MySqlCheckpointStore } from '../../../lib/database/checkpoint-store.ts';
import { openPool } from '../../../lib/database/connect.ts';
import { startTestDatabase } from '../../helpers/database.ts';

const GROUP = ['localhost', 'orders', 'oms-core'] as const;
const MADE = new Date('2026-01-01T00:00:00Z');

const wish = (partitionId: string, ownerId: string, etag?: string): PartitionOwnership => ({
  fullyQualifiedNamespace: GROUP[0],
  eventHubName: GROUP[1],
  consumerGroup: GROUP[2],
  partitionId,
  ownerId,
  ...(etag !== undefined && { etag }),
});

async function openStores(t: TestContext) {
  const database = await startTestDatabase(t);
  const pool = openPool(database.appUrl);
  t.after(() => pool.end());
  const storeOf = (owner: string, made = MADE) => new MySqlCheckpointStore(pool, async () => made, owner);
  const owners = async (store: MySqlCheckpointStore) =>
    (await store.listOwnership(...GROUP)).map(({ partitionId, ownerId }) => `${partitionId}:${ownerId}`);
  return { pool, storeOf, owners };
}

suite('checkpoint store', () => {
  test('of two that claim a free partition one wins, the other is told by its absence', async (t) => {
    const { storeOf, owners } = await openStores(t);
    const store = storeOf('c');
    const claims = await Promise.all([store.claimOwnership([wish('0', 'a')]), store.claimOwnership([wish('0', 'b')])]);
    assert.equal(claims.flat().length, 1);
    assert.deepEqual(await owners(store), [`0:${claims.flat()[0]?.ownerId}`]);
  });

  test('renewing needs the latest etag, and gives a new one with the time of the server', async (t) => {
    const { storeOf } = await openStores(t);
    const store = storeOf('a');
    const [first] = await store.claimOwnership([wish('0', 'a')]);
    const [second] = await store.claimOwnership([wish('0', 'b', first!.etag)]);
    assert.notEqual(second!.etag, first!.etag);
    assert.ok(Math.abs(second!.lastModifiedTimeInMs! - Date.now()) < 60_000);
    assert.deepEqual(await store.claimOwnership([wish('0', 'a', first!.etag)]), []);
  });

  test('what a dead process of the same name owned is free at once, what others own is not', async (t) => {
    const { storeOf, owners } = await openStores(t);
    const dead = storeOf('a');
    await dead.claimOwnership([wish('0', 'a'), wish('1', 'b')]);
    const reborn = storeOf('a');
    assert.deepEqual(await owners(reborn), ['0:', '1:b']);
    const [row] = await reborn.listOwnership(...GROUP);
    await reborn.claimOwnership([wish('0', 'a', row!.etag)]);
    assert.deepEqual(await owners(reborn), ['0:a', '1:b']);
  });

  test('positions count for the hub they were taken from, and only once there is one', async (t) => {
    const { pool, storeOf } = await openStores(t);
    const insert = (partition: number, sequence: number) =>
      pool.query(`INSERT INTO consumer_checkpoints VALUES (?, ?, ?, ?, ?, 1, ?, '77', 0, UTC_TIMESTAMP(6))`, [
        ...GROUP,
        partition,
        MADE,
        sequence,
      ]);
    await insert(0, 41);
    await insert(1, -1);
    const checkpoints = await storeOf('a').listCheckpoints(...GROUP);
    assert.deepEqual(
      checkpoints.map(({ partitionId, sequenceNumber, offset }) => ({ partitionId, sequenceNumber, offset })),
      [{ partitionId: '0', sequenceNumber: 41, offset: '77' }],
    );
    assert.deepEqual(await storeOf('a', new Date('2026-02-02T00:00:00Z')).listCheckpoints(...GROUP), []);
  });
});
