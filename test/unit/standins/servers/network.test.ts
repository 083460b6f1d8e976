import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeNetwork, hardwareAddress } from '../../../standins/servers/network.ts';

test('takes the first network that nothing of this machine is in', () => {
  assert.equal(freeNetwork(['127.0.0.1', '192.0.2.2', '::1']), '10.226.0');
  assert.equal(freeNetwork(['10.226.0.7', '10.226.1.1']), '10.226.2');
  const all = Array.from({ length: 16 }, (_, index) => `10.226.${index}.1`);
  assert.throws(() => freeNetwork(all), /all of 10\.226\.0\.0 to 10\.226\.15\.0 are in use/);
});

test('a server has the same network card whenever it is started', () => {
  assert.equal(hardwareAddress('10.226.0.3'), '02:00:0a:e2:00:03');
});
