import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaultRule, parseHubName, parseNamedPartitions } from '../../../../src/config/hub-flags.ts';

const rules: Array<[string, unknown]> = [
  ['throttle=0.05', { fault: 'throttle', rate: 0.05 }],
  ['receive:drop=1', { fault: 'drop', rate: 1, side: 'receive' }],
  ['send:delay=0.1,200ms', { fault: 'delay', rate: 0.1, side: 'send', delayMs: 200 }],
  ['delay=0,2s', { fault: 'delay', rate: 0, delayMs: 2_000 }],
];
for (const [text, rule] of rules) test(`--set ${text}`, () => assert.deepEqual(parseFaultRule(text), rule));

for (const text of ['fire=0.1', 'drop', 'drop=2', 'drop=-1', 'drop=0.1,200ms', 'up:drop=1', 'delay=0.1,0ms', '']) {
  test(`--set "${text}" is refused with an example`, () => {
    assert.throws(() => parseFaultRule(text), /for example --set/);
  });
}

test('names of hubs, and their partitions', () => {
  assert.equal(parseHubName('Orders.v2_a-b'), 'Orders.v2_a-b');
  assert.equal(parseNamedPartitions('orders=1024'), 'orders=1024');
  for (const text of ['', '../x', '-x', 'a b', 'x'.repeat(256)]) assert.throws(() => parseHubName(text), /for example/);
  for (const text of ['orders', 'orders=0', 'orders=1025', 'a/b=1']) {
    assert.throws(() => parseNamedPartitions(text), /for example --hub orders=4/);
  }
});
