import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { countWaiting, findOrdersHub } from '../../../../../src/stages/local/backlog.ts';
import { judge, type ProcessHealth } from '../../../../../src/stages/local/health.ts';
import { renderStatus } from '../../../../../src/stages/local/status-view.ts';

const up = (name: string, change: Partial<ProcessHealth> = {}): ProcessHealth => ({
  name,
  status: 'ready',
  since: '2026-03-01T08:00:00.000Z',
  pid: 100,
  port: 2000,
  uptimeMs: 65_000,
  restarts: 0,
  memoryBytes: 50 * 1_024 ** 2,
  lastError: null,
  problem: null,
  ...change,
});
const backlog = { events: 1_234, deadLetters: 0 };
const look = (processes: ProcessHealth[], more: object = {}) =>
  judge({ processes, supervised: true, backlog, diskFreeBytes: 3 * 1_024 ** 3, ...more });

suite('the sentence for the operator', () => {
  test('healthy: how many, since when, what waits, how much disk', () => {
    assert.deepEqual(look([up('hub'), up('consumer', { uptimeMs: 2_500 })]), {
      health: 'healthy',
      sentence: 'Healthy: 2 processes up for 2.5 s, 1,234 events waiting, 3.0 GiB disk free.',
    });
  });

  test('events that could not be used are named', () => {
    const { sentence } = look([up('hub')], { backlog: { events: 0, deadLetters: 3 } });
    assert.match(sentence, /3 events could not be used/);
  });

  test('degraded: since when, who, why, and where to look', () => {
    const problem = 'ended (exit code 1), is being started again: no disk';
    const since = '2026-03-01T12:03:04.000Z';
    assert.deepEqual(look([up('hub'), up('consumer', { status: 'restarting', pid: null, since, problem })]), {
      health: 'degraded',
      sentence: `Degraded since 12:03:04 UTC: consumer ${problem}. Next: oms logs consumer`,
    });
  });

  test('what runs and does not answer has no time, its last change of state was another one', () => {
    const { sentence } = look([up('hub', { problem: 'does not answer within 180 ms' })]);
    assert.equal(sentence, 'Degraded: hub does not answer within 180 ms. Next: oms logs hub');
  });

  test('without its supervisor a stack that works is degraded', () => {
    assert.deepEqual(look([up('hub')], { supervised: false }), {
      health: 'degraded',
      sentence: 'Degraded: the supervisor is gone, so nothing that ends is started again. Next: oms up',
    });
  });

  test('down: never started, stopped, or all dead', () => {
    const dead = (status: string) => [up('hub', { status, pid: null, problem: 'x' })];
    assert.equal(look([]).sentence, 'Down: the local stack has not been started. Next: oms up');
    assert.equal(look(dead('stopped')).sentence, 'Down since 08:00:00 UTC: the local stack was stopped. Next: oms up');
    assert.equal(look(dead('gone')).sentence, 'Down: nothing runs, though nobody stopped it. Next: oms up');
    assert.equal(look(dead('gone')).health, 'down');
  });
});

suite('the backlog', () => {
  const partition = (id: string, firstSequence: number, lastSequence: number) => ({ id, firstSequence, lastSequence });
  const hub = (...partitions: ReturnType<typeof partition>[]) => ({
    name: 'orders',
    createdAt: '2026-03-01',
    partitions,
  });

  test('what lies after each checkpoint; without one, all that is kept', () => {
    const checkpoints = [{ partition: '0', sequence: 7 }];
    assert.equal(countWaiting(hub(partition('0', 0, 9), partition('1', 5, 6)), checkpoints), 4);
  });

  test('an empty partition, one read to its end, and a checkpoint of -1', () => {
    const checkpoints = [
      { partition: '0', sequence: -1 },
      { partition: '1', sequence: 9 },
      { partition: '2', sequence: -1 },
    ];
    assert.equal(countWaiting(hub(partition('0', -1, -1), partition('1', 0, 9), partition('2', 0, 2)), checkpoints), 3);
  });

  test("of what the hub tells, the orders' hub; of anything else, nothing", () => {
    const orders = hub(partition('0', 0, 1));
    assert.deepEqual(findOrdersHub([{ ...orders, name: 'other' }, orders]), orders);
    for (const answer of [undefined, [], {}, [{ name: 'orders' }]]) assert.equal(findOrdersHub(answer), undefined);
  });
});

test('the status page: sentence, then a table that fits the terminal', () => {
  const found = { ...look([up('hub'), up('consumer', { pid: null, memoryBytes: null, uptimeMs: null })]) };
  const status = { ...found, processes: [up('hub')], supervisorPid: 1, backlog, hubs: null, diskFreeBytes: 1 };
  const page = renderStatus(status, { style: (_, text) => text, width: 40 });
  const [first, blank, ...table] = page.split('\n');
  assert.equal(first, found.sentence);
  assert.equal(blank, '');
  assert.equal(table.length, 3);
  assert.ok(table.every((line) => [...line].length <= 40));
});
