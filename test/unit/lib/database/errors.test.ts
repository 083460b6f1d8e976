import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPassing } from '../../../../lib/database/errors.ts';

const failure = (details: object): Error => Object.assign(new Error('it failed'), details);

test('what the server or the connection does may pass, what the rows or the code are wrong about does not', () => {
  const passing = [{ code: 'ECONNREFUSED' }, { code: 'ER_LOCK_DEADLOCK', errno: 1213 }, { fatal: true }];
  const lasting = [
    {},
    { code: 'ER_DUP_ENTRY', errno: 1062 },
    { code: 'ER_NET_PACKET_TOO_LARGE', errno: 1153, fatal: true },
  ];
  for (const details of passing) assert.equal(isPassing(failure(details)), true, JSON.stringify(details));
  for (const details of lasting) assert.equal(isPassing(failure(details)), false, JSON.stringify(details));
});
