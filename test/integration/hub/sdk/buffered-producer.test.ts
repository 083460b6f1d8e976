import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventHubBufferedProducerClient, earliestEventPosition } from '@azure/event-hubs';
import type { FaultRule } from '../../../../apps/hub/faults/fault-rules.ts';
import { startTestHub } from '../../../helpers/hub.ts';
import { bodies, collect, consumer, HUB, producer, retryOptions } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('the buffered producer puts keys where the direct one puts them', async (t) => {
  const hub = await startTestHub(t);
  const failures: unknown[] = [];
  const buffered = new EventHubBufferedProducerClient(hub.connectionString, HUB, {
    maxWaitTimeInMs: 20,
    onSendEventsErrorHandler: async ({ error }) => {
      failures.push(error);
    },
  });
  const keys = Array.from({ length: 20 }, (_, i) => `customer-${i}`);
  for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key });
  await buffered.close({ flush: true });
  const client = producer(t, hub);
  for (const key of keys) await client.sendBatch([{ body: key }], { partitionKey: key });
  const seen = collect(t, consumer(t, hub));
  await until('events received', () => seen.events.length === 40);
  const places = Map.groupBy(seen.events, ({ body }) => body as string);
  for (const [key, events] of places) assert.equal(new Set(events.map(({ partitionId }) => partitionId)).size, 1, key);
  assert.deepEqual(failures, []);
});

test('a buffered producer that numbers its batches stores each once, though answers come too late', async (t) => {
  const faults = {
    seed: 2,
    rules: [{ fault: 'delay', rate: 0.3, side: 'send', delayMs: 1500, times: 3 }] as FaultRule[],
  };
  const hub = await startTestHub(t, { faults });
  const client = new EventHubBufferedProducerClient(hub.connectionString, HUB, {
    // More than there are faults: on a busy machine an answer may come too late by itself.
    retryOptions: { ...retryOptions, maxRetries: 10, timeoutInMs: 500 },
    maxEventBufferLengthPerPartition: 1,
    maxWaitTimeInMs: 10,
    enableIdempotentRetries: true,
    onSendEventsErrorHandler: async () => {},
  });
  const sent = Array.from({ length: 40 }, (_, i) => i);
  for (const body of sent) await client.enqueueEvent({ body }, { partitionId: '1' });
  await client.close({ flush: true });
  const seen = collect(t, consumer(t, hub), earliestEventPosition, '1');
  await until('events received', () => new Set(bodies(seen)).size === sent.length);
  assert.deepEqual(bodies(seen), sent);
});
