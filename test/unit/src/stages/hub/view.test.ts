import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubStatus } from '../../../../../src/stages/hub/hub-status.ts';
import {
  renderFaults,
  renderHub,
  renderHubs,
  renderPartitions,
  renderReady,
} from '../../../../../src/stages/hub/view.ts';

const reader = { group: 'oms-core', name: 'one', ownerLevel: 0, lag: 3 };
const partition = {
  id: '0',
  firstSequence: 5,
  lastSequence: 1_204,
  lastEnqueuedAt: '2026-03-01T08:00:00.000Z',
  inPerSecond: 12.34,
  outPerSecond: 0,
  readers: 2,
  links: [reader, { ...reader, group: '$default', lag: 1_200 }],
};
const empty = { ...partition, id: '1', firstSequence: -1, lastSequence: -1, readers: 0, links: [], inPerSecond: 0 };
const hub: HubStatus = {
  name: 'orders',
  createdAt: '2026-03-01T08:00:00.000Z',
  consumerGroups: ['$default', 'oms-core'],
  partitions: [partition, empty],
};
const screen = { width: 120 };

test('each partition: sequence numbers, rates, readers, and the reader that is furthest behind', () => {
  assert.deepEqual(renderPartitions([hub], screen).split('\n'), [
    'hub     partition  first  last  in/s  out/s  readers    lag',
    '──────  ─────────  ─────  ────  ────  ─────  ───────  ─────',
    'orders          0      5  1204  12.3    0.0        2  1,200',
    'orders          1      -     -   0.0    0.0        0      -',
  ]);
});

test('hubs: events, rates and readers of all their partitions together', () => {
  assert.deepEqual(renderHubs([hub], screen).split('\n').slice(2), [
    'orders           2   1,200  12.3    0.0        2  $default, oms-core',
  ]);
  assert.match(renderHubs([], screen), /oms hub create/);
  assert.match(
    renderHub(hub, screen),
    /^orders, since 2026-03-01T08:00:00.000Z; consumer groups: \$default, oms-core\n/,
  );
  const head = (retention: NonNullable<HubStatus['retention']>) =>
    renderHub({ ...hub, retention }, screen).split('\n')[0]!;
  assert.match(head({}), /oms-core; events kept for ever$/);
  assert.match(head({ seconds: 86_400, bytes: 1_073_741_824 }), /events kept for 24 h 0 m, up to 1.0 GiB a partition$/);
});

test('what somebody needs who wants to connect', () => {
  const ready = {
    connectionString: 'Endpoint=sb://localhost:5672',
    tlsConnectionString: 'Endpoint=sb://localhost:5671',
    hubs: ['events'],
    host: '127.0.0.1',
    port: 5672,
    tlsPort: 5671,
    httpUrl: 'http://127.0.0.1:5300',
    data: '.oms/hub',
    auth: true,
  };
  const page = renderReady(ready);
  for (const part of ['Endpoint=sb://localhost:5672', 'over TLS', '/health', '.oms/hub'])
    assert.ok(page.includes(part));
  assert.doesNotMatch(renderReady({ ...ready, tlsConnectionString: null, tlsPort: null }), /TLS/);
});

test('faults in words', () => {
  assert.equal(renderFaults({ rules: [] }), 'Nothing goes wrong on purpose.');
  const rules = [
    { fault: 'delay', rate: 0.1, side: 'send', delayMs: 200, hub: 'orders' },
    { fault: 'drop', rate: 0.01, partition: '2', times: 3 },
  ];
  assert.deepEqual(renderFaults({ seed: 7, rules }).split('\n'), [
    'send: delay, rate 0.1, 200 ms, hub orders',
    'send and receive: drop, rate 0.01, partition 2, 3 times',
    'seed 7',
  ]);
});
