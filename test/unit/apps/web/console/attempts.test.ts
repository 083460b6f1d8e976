import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attempts } from '../../../../../apps/web/console/attempts.ts';
import { passwordIn } from '../../../../../apps/web/console/staff-gate.ts';

test('attempts run out, by address, and come back with time; a right password costs none', () => {
  let now = 0;
  const attempts = new Attempts({ perMinute: 2, now: () => now });
  assert.deepEqual(
    [attempts.take('a'), attempts.take('a'), attempts.take('a'), attempts.take('b')],
    [undefined, undefined, 30, undefined],
  );
  now = 15_000;
  assert.equal(attempts.take('a'), 15);
  now = 30_000;
  assert.deepEqual([attempts.take('a'), attempts.take('a')], [undefined, 30]);
  attempts.giveBack('a');
  assert.equal(attempts.take('a'), undefined);
});

test('the address that was quiet for longest is forgotten first', () => {
  const attempts = new Attempts({ perMinute: 1, addresses: 2, now: () => 0 });
  for (const address of ['a', 'b', 'c']) attempts.take(address);
  assert.deepEqual([attempts.take('b'), attempts.take('c'), attempts.take('a')], [60, 60, undefined]);
});

test('the password of HTTP Basic, whatever the name; colons are part of it', () => {
  const said = (pair: string) => passwordIn(`Basic ${Buffer.from(pair).toString('base64')}`);
  assert.deepEqual([said('ann:a:b'), said(':x'), said('ann:ü'), said('ann:')], ['a:b', 'x', 'ü', '']);
  for (const none of [undefined, '', 'Basic', 'Basic {}', 'Bearer x']) assert.equal(passwordIn(none), undefined);
});
