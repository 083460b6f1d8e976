import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Open } from '../../../../../apps/hub/amqp/performatives.ts';
import { AMQP_HEADER } from '../../../../../apps/hub/protocol/handshake.ts';
import { KeepAlive } from '../../../../../apps/hub/protocol/keep-alive.ts';
import { AmqpClient, within } from '../../../../helpers/amqp-client.ts';
import { startTestHub } from '../../../../helpers/hub.ts';
import { until } from '../../../../helpers/until.ts';

test('a heartbeat is due after half of what the client allows, at the latest after 30 s', () => {
  for (const [idleTimeOut, silence] of [
    [60_000, 30_000],
    [10_000, 5_000],
    [600_000, 30_000],
    [null, 30_000],
    [0, 30_000],
  ] as const) {
    const keepAlive = new KeepAlive(0);
    keepAlive.opened(idleTimeOut);
    assert.equal(keepAlive.heartbeatDue(silence - 1), false);
    assert.equal(keepAlive.heartbeatDue(silence), true);
    keepAlive.wrote(silence);
    assert.equal(keepAlive.heartbeatDue(silence + 1), false);
  }
});

test('a client is dead when it was silent for two minutes, or has not opened within 30 s', () => {
  const opened = new KeepAlive(0);
  opened.opened(60_000);
  assert.equal(opened.dead(120_000), null);
  assert.equal(opened.dead(120_001)?.condition, 'amqp:resource-limit-exceeded');
  opened.read(50_000);
  assert.equal(opened.dead(120_001), null);
  assert.equal(new KeepAlive(0).dead(30_000), null);
  assert.equal(new KeepAlive(0).dead(30_001)?.condition, 'amqp:connection:forced');
});

test('on the wire: heartbeats in a quiet time, a farewell for the dead', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const hub = await startTestHub(t, { accessKey: null });
  const client = await AmqpClient.ready(t, hub.port);
  assert.equal(client.heartbeats, 0);
  t.mock.timers.setTime(1_000_000 + 31_000);
  await until('both heard', () => client.heartbeats === 1);
  const late = await AmqpClient.connect(t, hub.port);
  late.write(AMQP_HEADER);
  await until('it is let in', () => late.greeted);
  t.mock.timers.setTime(1_000_000 + 130_000);
  assert.equal((await client.closeError())?.[0], 'amqp:resource-limit-exceeded');
  await within(late.closed, 'close');
  assert.equal(late.take(Open).length, 1, 'opened only to be told why it is closed');
});
