import { test } from 'node:test';
import { earliestEventPosition } from '@azure/event-hubs';
import { InMemoryCheckpointStore } from '../../../helpers/checkpoint-store.ts';
import { startTestHub } from '../../../helpers/hub.ts';
import { consumer, producer, quick } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('two consumers share the partitions; when one leaves, the other takes all; nothing is missed', async (t) => {
  const hub = await startTestHub(t);
  const store = new InMemoryCheckpointStore();
  const client = producer(t, hub);
  const seen = new Map<unknown, number>();
  const owned: Array<Set<string>> = [new Set(), new Set()];
  const join = (who: 0 | 1) =>
    consumer(t, hub, { store, loadBalancingOptions: quick }).subscribe(
      {
        processInitialize: async ({ partitionId }) => {
          owned[who]!.add(partitionId);
        },
        processClose: async (_reason, { partitionId }) => {
          owned[who]!.delete(partitionId);
        },
        processEvents: async (events, context) => {
          for (const { body } of events) seen.set(body, (seen.get(body) ?? 0) + 1);
          if (events.length > 0) await context.updateCheckpoint(events.at(-1)!);
        },
        processError: async () => {},
      },
      { startPosition: earliestEventPosition, maxBatchSize: 10, maxWaitTimeInSeconds: 1 },
    );
  const first = join(0);
  t.after(() => first.close());
  await until('partitions shared', () => owned[0]!.size === 4);
  const second = join(1);
  t.after(() => second.close());
  await until('partitions shared', () => owned[0]!.size === 2 && owned[1]!.size === 2);
  for (let i = 0; i < 40; i++) await client.sendBatch([{ body: i }], { partitionId: String(i % 4) });
  await until('events received', () => seen.size === 40);
  await second.close();
  await until('partitions shared', () => owned[0]!.size === 4);
  for (let i = 40; i < 60; i++) await client.sendBatch([{ body: i }], { partitionId: String(i % 4) });
  await until('events received', () => seen.size === 60);
});
