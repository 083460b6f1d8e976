import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectVelocity, VelocityCounts } from '../../../../apps/consumer/velocity.ts';
import type { RowDataPacket } from '../../../../lib/database/connect.ts';
import { placedEvent } from '../../../helpers/orders.ts';

const data = placedEvent({ key: 'k1', data: { risk_signals: { ip_hash: 'abcdef12' } } }).data;

test('orders of the batch count like those that are stored; what an order does not tell counts 0', () => {
  const counts = new VelocityCounts([
    { trait: 'ip', value: 'abcdef12', n: 3 },
    { trait: 'customer', value: 'somebody else', n: 9 },
  ] as RowDataPacket[]);
  assert.deepEqual(counts.next(data), { customer: 0, ip: 3, device: 0, address: 0 });
  assert.deepEqual(counts.next(data), { customer: 1, ip: 4, device: 0, address: 0 });
});

test('only circumstances that some order tells of are asked for', () => {
  const sql = selectVelocity([data], Date.UTC(2026, 0, 1, 1));
  assert.match(sql, /ip_hash IN \('abcdef12'\) AND at > '2026-01-01 00:00:00\.000'/);
  assert.doesNotMatch(sql, /device|address/);
});
