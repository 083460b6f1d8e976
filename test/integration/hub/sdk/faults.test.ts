import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import type { FaultRule } from '../../../../apps/hub/faults/fault-rules.ts';
import { startTestHub } from '../../../helpers/hub.ts';
import { bodies, collect, HUB } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

const LOUD = { maxRetries: 20, retryDelayInMs: 20, timeoutInMs: 2000 };

/** Sends one batch after the other and reads them back; duplicates count once. */
async function throughFaults(t: TestContext, rule: FaultRule): Promise<{ bodies: Set<unknown>; received: number }> {
  const hub = await startTestHub(t, { hubs: [{ name: HUB, partitions: 1 }], faults: { seed: 5, rules: [rule] } });
  const client = new EventHubProducerClient(hub.connectionString, HUB, { retryOptions: LOUD });
  t.after(() => client.close());
  for (let body = 0; body < BATCHES; body++) await client.sendBatch([{ body }]);
  const reader = new EventHubConsumerClient('$default', hub.connectionString, HUB, { retryOptions: LOUD });
  t.after(() => reader.close());
  const seen = collect(t, reader, earliestEventPosition, '0', { maxBatchSize: 5 });
  await until('every event', () => new Set(bodies(seen)).size === BATCHES, 30_000);
  return { bodies: new Set(bodies(seen)), received: seen.events.length };
}

const BATCHES = 30;

const rules: FaultRule[] = [
  { fault: 'throttle', rate: 0.2, side: 'send' },
  { fault: 'delay', rate: 0.2, delayMs: 30 },
  { fault: 'drop', rate: 0.2, side: 'receive' },
];

for (const rule of rules) {
  test(`${rule.fault} at ${rule.rate}: the SDK tries again, and nothing that it sent is missing`, async (t) => {
    assert.equal((await throughFaults(t, rule)).bodies.size, BATCHES);
  });
}

test('duplicate at 0.5: events come twice, as a consumer has to expect', async (t) => {
  assert.ok((await throughFaults(t, { fault: 'duplicate', rate: 0.5 })).received > BATCHES);
});
